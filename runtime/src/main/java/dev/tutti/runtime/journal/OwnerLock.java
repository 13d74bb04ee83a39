package dev.tutti.runtime.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The operating system's lock on a store: whoever holds it owns the store. The system frees it
/// when the process ends, however it ends.
public final class OwnerLock implements AutoCloseable {
    private final FileChannel channel;

    private OwnerLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock, or empty when another process (or another part of this one) holds it.
    ///
    /// @throws JournalException when the lock file cannot be made
    public static Optional<OwnerLock> take(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(channel)) {
                return Optional.of(new OwnerLock(channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new JournalException("io", "could not lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalException(
                    "io", "could not free the lock of the store: " + e.getMessage(), e);
        }
    }
}
