package dev.tutti.runtime.dispatch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Keeps tasks away from an agent that fails again and again: after some failures in a row it opens
/// for a while, then lets one attempt through to see (Nygard, Release It!, "Circuit Breaker"). Each
/// time that one fails, the while doubles.
public final class Circuit {
    /// Failures in a row that open it.
    public static final int MOST_FAILURES = 5;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private int failures;
    private int openings;
    private @Nullable Instant openUntil;

    /// Whether an attempt may begin now, when `underWay` others have not ended.
    boolean lets(Instant now, int underWay) {
        return openUntil == null || (!now.isBefore(openUntil) && underWay == 0);
    }

    /// Until when it is open, or null.
    @Nullable Instant openUntil() {
        return openUntil;
    }

    void succeeded() {
        failures = 0;
        openings = 0;
        openUntil = null;
    }

    void failed(Instant now) {
        failures++;
        if (openUntil != null || failures >= MOST_FAILURES) {
            var pause = FIRST.multipliedBy(1L << Math.min(openings, 10));
            openUntil = now.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
            openings++;
        }
    }
}
