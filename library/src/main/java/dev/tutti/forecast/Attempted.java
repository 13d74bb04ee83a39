package dev.tutti.forecast;

import dev.tutti.core.event.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one attempt of an agent went, or is drawn to go.
///
/// @param time from being given the task until it reported
/// @param usd what it cost, in dollars
/// @param failure why there was no result, or null
/// @param again whether the result was not the last of its loop
public record Attempted(Duration time, double usd, @Nullable Failure failure, boolean again) {

    public Attempted(Duration time, double usd, @Nullable Failure failure) {
        this(time, usd, failure, false);
    }

    /// Whether it was over its time: then nobody knows how long it would have taken.
    boolean timedOut() {
        return failure instanceof Failure.TimedOut;
    }
}
