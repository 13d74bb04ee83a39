package dev.tutti.runtime.quota;

import dev.tutti.core.goal.Terms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// So many in a time, wherever that time begins: a token bucket that holds a small part of them and
/// is filled evenly with the rest.
///
/// The part that it holds, what is filled in within the time, and what a little jitter on the way
/// adds come to the limit and no more, so that whoever counts at the other end in windows of that
/// length never counts too many. It begins empty, since nobody knows what an earlier process took.
final class Bucket {
    /// A twentieth may be taken at once.
    private static final double AT_ONCE = 20;

    /// A hundredth is never taken: those who are late meet those who come after them.
    private static final double SPARE = 100;

    private final double most;
    private final double perNano;
    private double level;
    private @Nullable Instant filled;

    Bucket(Terms.Rate rate) {
        long count = rate.count();
        most = Math.max(1, Math.floor(count / AT_ONCE));
        perNano = (count - most + 1 - count / SPARE) / rate.per().toNanos();
    }

    /// Whether one can be taken now. Clocks that go back fill nothing.
    boolean lets(Instant now) {
        fill(now);
        return level >= 1;
    }

    /// Takes some, below nothing where it must.
    void take(double some) {
        level -= some;
    }

    /// Gives back what was taken and not used.
    void giveBack(double some) {
        level = Math.min(most, level + some);
    }

    /// When the next can be taken.
    Instant next(Instant now) {
        fill(now);
        double missing = 1 - level;
        return missing <= 0 ? now : now.plus(Duration.ofNanos((long) Math.ceil(missing / perNano)));
    }

    /// How many can be taken at once now, in parts of one.
    double level(Instant now) {
        fill(now);
        return level;
    }

    private void fill(Instant now) {
        if (filled == null) {
            filled = now;
        }
        if (now.isAfter(filled)) {
            var passed = Duration.between(filled, now);
            double nanos = passed.compareTo(Duration.ofDays(1)) > 0 ? 8.64e13 : passed.toNanos();
            level = Math.min(most, level + nanos * perNano);
            filled = now;
        }
    }
}
