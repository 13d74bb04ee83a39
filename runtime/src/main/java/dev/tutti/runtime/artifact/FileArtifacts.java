package dev.tutti.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;

/// Artifacts as files, `ab/abcdef…`: written beside their place, synced, then renamed, so that a
/// file with its final name is whole.
public final class FileArtifacts implements ArtifactStore {
    /// A file and its folders take this much more than their content.
    private static final int HEADROOM = 64 * 1024;

    /// So much of a stream is in memory.
    private static final int PART = 64 * 1024;

    private final Path folder;

    public FileArtifacts(Path folder) {
        this.folder = folder;
    }

    @Override
    public String put(byte[] content) {
        var hash = Sha256.hex(content);
        try {
            if (!Files.exists(file(hash))) {
                var draft = draft();
                try {
                    write(content, draft);
                    return shelve(draft, hash);
                } finally {
                    Files.deleteIfExists(draft);
                }
            }
            // Whoever renamed it may not have come this far.
            sync(shelf(hash));
            sync(folder);
            return hash;
        } catch (IOException e) {
            throw notKept(e, content.length);
        }
    }

    @Override
    public Kept keep(InputStream content) throws IOException {
        long bytes = 0;
        try {
            var draft = draft();
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var digest = Sha256.digest();
                var part = new byte[PART];
                for (int count = read(content, part); count >= 0; count = read(content, part)) {
                    digest.update(part, 0, count);
                    writeAll(channel, ByteBuffer.wrap(part, 0, count));
                    bytes += count;
                }
                channel.force(true);
                var hash = HexFormat.of().formatHex(digest.digest());
                return new Kept(shelve(draft, hash), bytes);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (Unread e) {
            throw e.why;
        } catch (IOException e) {
            throw notKept(e, bytes);
        }
    }

    /// What was to be kept could not be read, which is nothing that is wrong here.
    private static final class Unread extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient IOException why;

        private Unread(IOException why) {
            super(why);
            this.why = why;
        }
    }

    private static int read(InputStream content, byte[] part) throws Unread {
        try {
            return content.read(part);
        } catch (IOException e) {
            throw new Unread(e);
        }
    }

    private ArtifactException notKept(IOException e, long bytes) {
        return new ArtifactException(
                "could not keep an artifact in " + folder + ": " + e.getMessage(),
                e,
                lacksSpace(bytes));
    }

    private Path draft() throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            sync(folder.resolve(".."));
        }
        return Files.createTempFile(folder, "artifact", ".draft");
    }

    private static void write(byte[] content, Path draft) throws IOException {
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Gives a draft that is on disk its name.
    private String shelve(Path draft, String hash) throws IOException {
        var shelf = shelf(hash);
        if (!Files.exists(shelf)) {
            Files.createDirectories(shelf);
        }
        if (!Files.exists(file(hash))) {
            Files.move(draft, file(hash), StandardCopyOption.ATOMIC_MOVE);
        }
        sync(shelf);
        sync(folder);
        return hash;
    }

    /// Java tells a full disk from other faults in words only, so the disk itself is asked: where
    /// the folder is, or would be.
    private boolean lacksSpace(long bytes) {
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

    @Override
    public Optional<Opened> open(String hash) {
        if (!Sha256.isHash(hash)) {
            return Optional.empty();
        }
        try {
            var content = Files.newInputStream(file(hash));
            return Optional.of(new Opened(new Checked(content, hash), Files.size(file(hash))));
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
