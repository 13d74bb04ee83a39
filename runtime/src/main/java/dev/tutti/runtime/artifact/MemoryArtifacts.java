package dev.tutti.runtime.artifact;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Artifacts that are gone with the process: for tests and trials.
public final class MemoryArtifacts implements ArtifactStore {
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

    @Override
    public String put(byte[] content) {
        var hash = Sha256.hex(content);
        contents.putIfAbsent(hash, content.clone());
        return hash;
    }

    @Override
    public Optional<byte[]> get(String hash) {
        return Optional.ofNullable(contents.get(hash)).map(byte[]::clone);
    }
}
