package dev.tutti.view;

import dev.tutti.core.event.Failure;
import java.time.Instant;

/// What state a run is in and why, as one sentence.
public final class RunSentence {
    private static final int LONGEST = 500;

    private RunSentence() {}

    /// The sentence.
    ///
    /// @param now until when a run that goes on has taken
    public static String of(Overview overview, Instant now) {
        var state = overview.state();
        var took = Figures.took(overview.took(now));
        var tasks =
                Figures.count(overview.finished())
                        + " of "
                        + Figures.count(overview.total(), "task")
                        + " finished";
        return switch (overview.status()) {
            case RUNNING -> "running for " + took + ": " + tasks + underWay(overview);
            case WAITING -> "waiting: " + tasks;
            case PAUSED -> "paused: " + tasks;
            case CLOSING ->
                    "closing"
                            + reason(overview)
                            + "; waits for "
                            + Figures.count(state.open().size(), "attempt");
            case SUCCEEDED -> "succeeded in " + took + ": " + tasks;
            case FAILED -> "failed after " + took + reason(overview);
            case CANCELLED -> "cancelled after " + took + reason(overview);
        };
    }

    private static String underWay(Overview overview) {
        var state = overview.state();
        int retrying = overview.tasks().stream().mapToInt(TaskOverview::retrying).sum();
        return (state.open().isEmpty()
                        ? ""
                        : ", " + Figures.count(state.open().size()) + " running")
                + (state.ready() == 0 ? "" : ", " + Figures.count(state.ready()) + " ready")
                + (retrying == 0 ? "" : ", " + Figures.count(retrying) + " retrying");
    }

    /// Why it did not succeed, with the code, after a colon; empty where there is nothing to say.
    public static String reason(Overview overview) {
        var ending = overview.state().ending();
        if (ending == null || ending.reason().isEmpty()) {
            return "";
        }
        Failure failure = ending.failure();
        return ": "
                + Printable.line(ending.reason(), LONGEST)
                + (failure == null ? "" : " [" + failure.code() + "]");
    }
}
