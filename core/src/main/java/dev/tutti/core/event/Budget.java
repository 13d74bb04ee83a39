package dev.tutti.core.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The most that a run, with all runs within it, may take; null for no limit.
///
/// @param usd money
/// @param tokens read and written by models
/// @param time from the start of the run
/// @param attempts made by the run itself
/// @param tasks of the run itself, items of fan-outs each
public record Budget(
        @Nullable Money usd,
        @Nullable Long tokens,
        @Nullable Duration time,
        @Nullable Integer attempts,
        @Nullable Integer tasks) {
    public static final Budget NONE = new Budget(null, null, null, null, null);

    public static Budget of(Money usd) {
        return new Budget(usd, null, null, null, null);
    }

    /// Whether what attempts cost is held against it.
    public boolean isOfSpending() {
        return usd != null || tokens != null;
    }
}
