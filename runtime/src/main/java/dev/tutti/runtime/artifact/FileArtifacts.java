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
    /// A file and its folders take this much more than their content.
    private static final int HEADROOM = 64 * 1024;

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
            if (!Files.exists(shelf)) {
                Files.createDirectories(shelf);
                sync(folder.resolve(".."));
            }
            if (!Files.exists(file)) {
                write(content, shelf, file);
            }
            // Also for what is there already: whoever renamed it may not have come this far.
            sync(shelf);
            sync(folder);
            return hash;
        } catch (IOException e) {
            throw new ArtifactException(
                    "could not keep an artifact in " + folder + ": " + e.getMessage(),
                    e,
                    lacksSpace(content.length));
        }
    }

    private static void write(byte[] content, Path shelf, Path file) throws IOException {
        var draft =
                Files.createTempFile(
                        shelf, file.getFileName().toString().substring(0, 8), ".draft");
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /// Java tells a full disk from other faults in words only, so the disk itself is asked: where
    /// the folder is, or would be.
    private boolean lacksSpace(int bytes) {
        var place = folder.toAbsolutePath();
        while (place.getParent() != null && !Files.exists(place)) {
            place = place.getParent();
        }
        try {
            return Files.getFileStore(place).getUsableSpace() < bytes + HEADROOM;
        } catch (IOException _) {
            return false;
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
