package dev.tutti.runtime.driver;

import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.journal.StreamId;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where inputs wait for the engine's thread. Anyone may add; one thread takes.
///
/// Of an attempt's signs of life only the last one waits: nobody takes anything while the disk is
/// full, for however long that is.
///
/// The taker looks again and again for a moment before it goes to sleep: an attempt that answers at
/// once then costs no switch of threads on the way back, which is most of the latency of a chain of
/// quick tasks.
final class Mailbox {
    private static final long LOOK_AGAIN_NANOS = 50_000;

    private final Queue<Input> inputs = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<Beating, Input.Alive> beats = new ConcurrentHashMap<>();
    private volatile @Nullable Thread sleeper;

    private record Beating(StreamId run, long token) {}

    void add(Input input) {
        if (input instanceof Input.Alive alive) {
            beats.put(new Beating(alive.run(), alive.token()), alive);
        } else {
            inputs.add(input);
        }
        var sleeping = sleeper;
        if (sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    boolean isEmpty() {
        return inputs.isEmpty() && beats.isEmpty();
    }

    /// Waits for an input, `nanos` at most.
    ///
    /// @param soon whether one is likely to come at once
    void await(long nanos, boolean soon) {
        long start = System.nanoTime();
        if (soon) {
            long look = Math.min(nanos, LOOK_AGAIN_NANOS);
            while (isEmpty() && System.nanoTime() - start < look) {
                Thread.onSpinWait();
            }
        }
        long left = nanos - (System.nanoTime() - start);
        if (left > 0 && isEmpty()) {
            sleeper = Thread.currentThread();
            if (isEmpty()) {
                LockSupport.parkNanos(this, left);
            }
            sleeper = null;
        }
    }

    /// Moves everything that is there to `into`, in order; signs of life, whose order means
    /// nothing, first.
    void drainTo(List<Input> into) {
        beats.forEach((key, alive) -> {
            if (beats.remove(key, alive)) {
                into.add(alive);
            }
        });
        for (var input = inputs.poll(); input != null; input = inputs.poll()) {
            into.add(input);
        }
    }
}
