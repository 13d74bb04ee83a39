package dev.tutti.runtime.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Artifacts as files, `ab/abcdef…`: written beside their place, synced, then renamed, so that a
/// file with its final name is whole.
public final class FileArtifacts implements ArtifactStore {
    private final Path folder;

    public FileArtifacts(Path folder) {
        this.folder = folder;
    }

    @Override
    public String put(byte[] content) {
        var hash = Sha256.hex(content);
        var shelf = shelf(hash);
        var file = shelf.resolve(hash);
        try {
            if (Files.exists(file)) {
                return hash;
            }
            Files.createDirectories(shelf);
            var draft = Files.createTempFile(shelf, hash.substring(0, 8), ".draft");
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            sync(shelf);
            sync(folder);
            return hash;
        } catch (IOException e) {
            throw new ArtifactException(
                    "could not keep an artifact in " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<byte[]> get(String hash) {
        if (!Sha256.isHash(hash)) {
            return Optional.empty();
        }
        try {
            var content = Files.readAllBytes(file(hash));
            if (!Sha256.hex(content).equals(hash)) {
                throw new ArtifactException(
                        "the artifact " + hash + " is not what was stored under that hash", null);
            }
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ArtifactException(
                    "could not read the artifact " + hash + ": " + e.getMessage(), e);
        }
    }

    private Path file(String hash) {
        return shelf(hash).resolve(hash);
    }

    private Path shelf(String hash) {
        return folder.resolve(hash.substring(0, 2));
    }

    /// A rename is durable only once its folder is.
    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
