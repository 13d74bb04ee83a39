package dev.tutti.server.view;

import dev.tutti.runtime.journal.JournalReader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/// Readers of the journal that are used again, a few at once: opening one costs more than most of
/// what it is asked.
final class Readers implements AutoCloseable {
    /// As many as there is any use for.
    private static final int MOST = 4;

    private final Supplier<JournalReader> make;
    private final BlockingQueue<JournalReader> idle = new ArrayBlockingQueue<>(MOST);
    private final java.util.concurrent.Semaphore places = new java.util.concurrent.Semaphore(MOST);
    private final ScopedValue<JournalReader> inUse = ScopedValue.newInstance();

    Readers(Supplier<JournalReader> make) {
        this.make = make;
    }

    /// Looks with a reader. Who looks while it looks is given the same one.
    <T> T use(Function<JournalReader, T> look) {
        if (inUse.isBound()) {
            return look.apply(inUse.get());
        }
        places.acquireUninterruptibly();
        try {
            var free = idle.poll();
            var reader = free == null ? make.get() : free;
            try {
                var result = ScopedValue.where(inUse, reader).call(() -> look.apply(reader));
                idle.add(reader);
                return result;
            } catch (RuntimeException e) {
                // What went wrong may be its own fault: the next one is another.
                reader.close();
                throw e;
            }
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        for (var reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close();
        }
    }
}
