package dev.tutti.runtime.artifact;

import java.util.Optional;

/// Keeps content under its SHA-256. What [#put] returned for is on disk.
public interface ArtifactStore {

    /// Keeps `content` and returns its hash in hexadecimal. Keeping the same content again costs
    /// nothing.
    ///
    /// @throws ArtifactException when it could not be written
    String put(byte[] content);

    /// The content under `hash`, checked against it; empty when there is none.
    ///
    /// @throws ArtifactException when what is stored is not what was put, or cannot be read
    Optional<byte[]> get(String hash);
}
