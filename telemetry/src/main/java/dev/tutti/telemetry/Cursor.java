package dev.tutti.telemetry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far the journal is exported: a number in a small file beside it. May be lost or old; then
/// spans are sent again, under the same ids.
final class Cursor {
    private static final Logger LOG = LoggerFactory.getLogger(Cursor.class);
    private static final String FILE = "telemetry.position";

    private final @Nullable Path file;
    private long kept = -1;

    /// @param folder of the store, or null when there is none
    Cursor(@Nullable Path folder) {
        file = folder == null ? null : folder.resolve(FILE);
    }

    /// Where to begin. On disk when this returns, so that what is written from now on is exported
    /// whatever becomes of this process.
    ///
    /// @param now the position of the last entry: without a file, only what comes is exported
    long start(long now) {
        long start = Math.min(read(now), now);
        keep(start);
        return start;
    }

    /// What cannot be read says that something was exported once: then all of it is, again.
    private long read(long otherwise) {
        if (file == null || !Files.exists(file)) {
            return otherwise;
        }
        try {
            return Math.max(0, Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            LOG.warn("{} cannot be read, everything is exported again: {}", file, e.toString());
            return 0;
        }
    }

    /// Everything up to `position` is exported, or counted as dropped.
    void keep(long position) {
        if (file == null || position == kept) {
            return;
        }
        try {
            var next = file.resolveSibling(FILE + ".new");
            Files.write(next, (position + "\n").getBytes(StandardCharsets.US_ASCII));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            kept = position;
        } catch (IOException e) {
            LOG.warn("how far telemetry is could not be kept: {}", e.toString());
        }
    }
}
