package dev.tutti.core.event;

import java.time.Duration;

/// What an agent asks and promises for one task.
///
/// @param price what it asks
/// @param time until there is a result, as it says, what it is busy with included
/// @param confidence how likely the result is accepted, as it says; above 0, at most 1
public record Bid(Money price, Duration time, double confidence) {
    public Bid {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time " + time);
        }
        if (!(confidence > 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence " + confidence);
        }
    }
}
