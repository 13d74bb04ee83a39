package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Timer;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// I39: a run begins no attempt and no run within once its time is over, but for what it takes
/// back; and a run within one that has a deadline has one too, at its start no later than that.
final class DeadlinesCheck extends Check {
    private final Map<StreamId, Node> nodes = new HashMap<>();

    /// What is known of a run.
    private static final class Node {
        private @Nullable Instant due;

        /// When the run above must be over, until this one has said when it must; or null.
        private @Nullable Instant above;

        private boolean closing;
    }

    @Override
    void see(Step step) {
        if (step.event() instanceof Event.RunStarted start) {
            begins(step, start);
            return;
        }
        var node = nodes.get(step.entry().stream());
        if (node == null) {
            return;
        }
        var above = node.above;
        node.above = null;
        if (step.event() instanceof Event.TimerSet(var timer, var due)
                && timer instanceof Timer.BudgetDue) {
            node.due = due;
            if (above != null && due.isAfter(above)) {
                report(
                        "I39",
                        step,
                        "it must be over at " + due + ", and the run above at " + above);
            }
            return;
        }
        if (above != null) {
            report("I39", step, "it has no deadline, and the run above must be over at " + above);
        }
        switch (step.event()) {
            case Event.Resumed e -> node.due = node.due == null ? null : node.due.plus(e.paused());
            case Event.Closing _, Event.Ended _ -> node.closing = true;
            case Event.Assigned e -> begun(step, node, "attempt " + e.token());
            case Event.ChildStarted e -> begun(step, node, "run " + e.child());
            default -> {}
        }
    }

    private void begins(Step step, Event.RunStarted start) {
        var node = new Node();
        if (start.origin() instanceof Origin.Child child) {
            var above = nodes.get(StreamId.run(step.entry().stream().tenant(), child.parent()));
            node.above = above == null ? null : above.due;
        }
        nodes.put(step.entry().stream(), node);
    }

    /// The journal keeps times to the microsecond, so that is how they are compared.
    private void begun(Step step, Node node, String what) {
        var due = node.due;
        if (due != null
                && !step.copied()
                && !node.closing
                && !step.at().isBefore(due.truncatedTo(ChronoUnit.MICROS))) {
            report("I39", step, what + " begins at " + step.at() + ", and time was over at " + due);
        }
    }
}
