package dev.tutti.runtime.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The operating system's lock on a store: whoever holds it owns the store. The system frees it
/// when the process ends, however it ends.
public final class OwnerLock implements AutoCloseable {
    /// What this process holds. POSIX frees a file's lock as soon as the process closes any
    /// descriptor of that file, so a file that is held here is not opened a second time.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private OwnerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock, or empty when another process (or another part of this one) holds it.
    ///
    /// @throws JournalException when the lock file cannot be made
    public static Optional<OwnerLock> take(Path file) {
        try {
            var folder = Files.createDirectories(file.toAbsolutePath().getParent()).toRealPath();
            var real = folder.resolve(file.getFileName());
            return HELD.add(real) ? lock(real) : Optional.empty();
        } catch (IOException e) {
            throw new JournalException("io", "could not lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<OwnerLock> lock(Path file) throws IOException {
        boolean taken = false;
        try {
            var channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            if (taken) {
                return Optional.of(new OwnerLock(file, channel));
            }
            channel.close();
            return Optional.empty();
        } finally {
            if (!taken) {
                HELD.remove(file);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            HELD.remove(file);
        } catch (IOException e) {
            throw new JournalException(
                    "io", "could not free the lock of the store: " + e.getMessage(), e);
        }
    }
}
