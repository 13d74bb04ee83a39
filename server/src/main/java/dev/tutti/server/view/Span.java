package dev.tutti.server.view;

import com.github.f4b6a3.ulid.Ulid;
import dev.tutti.core.event.RunId;
import dev.tutti.runtime.projection.RunSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A part of the time in which runs begin. A run within another is where the outermost is.
///
/// @param since the first moment of it, or null for ever since
/// @param until the first moment after it, or null for no end
public record Span(@Nullable Instant since, @Nullable Instant until) {
    static final Span ALL = new Span(null, null);

    boolean isAll() {
        return since == null && until == null;
    }

    /// When a run began, or the one that it is within.
    static Instant begun(RunSummary run) {
        var id = run.run().outermost().value();
        return Ulid.isValid(id) ? Instant.ofEpochMilli(Ulid.getTime(id)) : run.startedAt();
    }

    boolean takes(RunSummary run) {
        var begun = begun(run);
        return !isOver(run) && (until == null || begun.isBefore(until));
    }

    /// Whether a run, and with it all that are older, began before this.
    boolean isOver(RunSummary run) {
        return since != null && begun(run).isBefore(since);
    }

    /// Where the list is to be read from, so that nothing is read that began after this: what is
    /// before `before` and before this ends.
    ///
    /// @param before the run whose elders are wanted, or null
    @Nullable RunId from(@Nullable RunId before) {
        if (until == null || until.toEpochMilli() < 0) {
            return before;
        }
        var end = new RunId(Ulid.min(until.toEpochMilli()).toString());
        return before == null || end.value().compareTo(before.value()) < 0 ? end : before;
    }
}
