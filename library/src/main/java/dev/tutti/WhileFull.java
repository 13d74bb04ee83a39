package dev.tutti;

import dev.tutti.runtime.journal.JournalException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Asks again while the disk is full, always under the same id: what is refused for want of space
/// may have been taken all the same and be carried out once there is some, and an id is carried out
/// once.
final class WhileFull {
    /// How long whoever asks is kept waiting for space.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofMillis(250);

    private WhileFull() {}

    /// Asks once.
    interface Ask<T> {
        T ask() throws InterruptedException, ExecutionException;
    }

    /// Asks until there is an answer.
    ///
    /// @param id what the request is asked under
    /// @throws IllegalStateException when the owner cannot take it, or there is no space for so
    ///   long
    static <T> T ask(String id, Duration patience, Ask<T> ask) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            JournalException full;
            try {
                return ask.ask();
            } catch (JournalException e) {
                full = e;
                if (!isFull(e)) {
                    throw e;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof JournalException cause) || !isFull(cause)) {
                    throw new IllegalStateException(
                            "the store could not take the request: " + e.getMessage(), e);
                }
                full = cause;
            }
            if (System.nanoTime() >= end) {
                throw new IllegalStateException(
                        "there is no space for the request "
                                + id
                                + ", which may still be carried out once there is: "
                                + full.getMessage(),
                        full);
            }
            TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
        }
    }

    private static boolean isFull(JournalException e) {
        return e.code().equals("full");
    }
}
