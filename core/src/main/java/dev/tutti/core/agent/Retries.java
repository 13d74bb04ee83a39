package dev.tutti.core.agent;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task;
import java.time.Duration;
import java.util.Optional;

/// Whether a failed attempt is followed by another, and when.
public final class Retries {
    private static final int SPREAD = 4;

    /// After so many crashes a task is not tried again by itself: it may be what kills the process.
    public static final int MOST_CRASHES = 3;

    /// More attempts nobody may ask for.
    public static final int MOST_ATTEMPTS = 1_000;

    private Retries() {}

    /// The pause before the next attempt, or empty when there is none.
    ///
    /// The pause is up to a quarter longer than the policy's, by how `seed` falls, so that tasks
    /// that failed together do not all come back together.
    public static Optional<Duration> next(
            Task.Retry policy, int spent, Failure failure, long seed) {
        if (failure instanceof Failure.Interrupted) {
            return Optional.of(Duration.ZERO);
        }
        if (!failure.retryable() || spent >= policy.attempts()) {
            return Optional.empty();
        }
        var pause = policy.pauseAfter(spent);
        long spread = pause.toMillis() / SPREAD;
        return Optional.of(
                spread == 0 ? pause : pause.plusMillis(Long.remainderUnsigned(mix(seed), spread)));
    }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static long mix(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
