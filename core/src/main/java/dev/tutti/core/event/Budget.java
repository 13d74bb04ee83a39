package dev.tutti.core.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The most that a run, with all runs within it, may take; null for no limit.
///
/// @param usd money
/// @param tokens read and written by models
/// @param time from the start of the run
/// @param attempts made
/// @param tasks begun, items of fan-outs each
/// @param runs within it, at any depth
public record Budget(
        @Nullable Money usd,
        @Nullable Long tokens,
        @Nullable Duration time,
        @Nullable Integer attempts,
        @Nullable Integer tasks,
        @Nullable Integer runs) {
    public static final Budget NONE = new Budget(null, null, null, null, null, null);

    /// Where runs within are not counted.
    public Budget(
            @Nullable Money usd,
            @Nullable Long tokens,
            @Nullable Duration time,
            @Nullable Integer attempts,
            @Nullable Integer tasks) {
        this(usd, tokens, time, attempts, tasks, null);
    }

    public static Budget of(Money usd) {
        return new Budget(usd, null, null, null, null);
    }

    /// As many runs within, at any depth, and no other limit.
    public static Budget ofRuns(int runs) {
        return new Budget(null, null, null, null, null, runs);
    }

    /// Whether what attempts cost is held against it.
    public boolean isOfSpending() {
        return usd != null || tokens != null;
    }

    /// Whether attempts, tasks or runs are counted against it.
    public boolean isOfCounts() {
        return attempts != null || tasks != null || runs != null;
    }
}
