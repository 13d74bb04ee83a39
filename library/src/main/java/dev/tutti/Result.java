package dev.tutti;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// How a run ended.
///
/// @param output what it gives; null (the value) when it did not succeed
/// @param reason why it did not succeed, or null when it did
/// @param usage what all its attempts used up
public record Result(
        Status status,
        Value output,
        @Nullable String reason,
        @Nullable Failure failure,
        Usage usage) {

    public boolean succeeded() {
        return status == Status.SUCCEEDED;
    }
}
