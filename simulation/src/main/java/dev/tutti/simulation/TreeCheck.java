package dev.tutti.simulation;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I34: at no place in the whole journal has a tree begun more runs, attempts or tasks than its top
/// may, whoever began them; and what a run says of itself at its end is what it and those within it
/// have counted, or more where one of them could not be asked. It counts the trees as wholes and
/// knows nothing of parts.
final class TreeCheck extends Check {
    private final Map<StreamId, Node> nodes = new HashMap<>();

    /// What is known of a run.
    private static final class Node {
        private final @Nullable Node above;
        private final Set<TaskId> tasks = new HashSet<>();
        private Budget cap = Budget.NONE;
        private int attempts;
        private Tally within = Tally.NONE;

        private Node(@Nullable Node above) {
            this.above = above;
        }

        private Tally all() {
            return new Tally(attempts, tasks.size(), 0).plus(within);
        }

        private void reset(List<String> names) {
            int before = tasks.size();
            tasks.removeIf(id -> names.contains(id.name()));
            var less = new Tally(0, before - tasks.size(), 0);
            for (var one = above; one != null; one = one.above) {
                one.within = one.within.minus(less);
            }
        }

        private void add(Tally more) {
            for (var one = above; one != null; one = one.above) {
                one.within = one.within.plus(more);
            }
        }
    }

    @Override
    void see(Step step) {
        if (step.event() instanceof Event.RunStarted start) {
            begins(step, start);
            return;
        }
        var node = nodes.get(step.entry().stream());
        if (node == null || step.copied()) {
            return;
        }
        switch (step.event()) {
            case Event.BudgetRaised e -> node.cap = e.budget();
            case Event.Assigned _, Event.ChildStarted _ -> {
                node.attempts++;
                node.add(new Tally(1, 0, 0));
            }
            case Event.TaskReady e -> begun(node, e.task());
            case Event.TaskHeld e -> begun(node, e.task());
            case Event.InputGiven e -> begun(node, e.task());
            case Event.Awaited e -> begun(node, e.task());
            case Event.TasksReset e -> node.reset(e.tasks());
            case Event.PartReturned e -> returned(step, e);
            default -> {
                return;
            }
        }
        bound(step, node);
    }

    private void begins(Step step, Event.RunStarted start) {
        var above =
                start.origin() instanceof Origin.Child child
                        ? nodes.get(stream(step, child.parent()))
                        : null;
        var node = new Node(above);
        node.cap = start.budget();
        nodes.put(step.entry().stream(), node);
        node.add(new Tally(0, 0, 1));
        bound(step, node);
    }

    private static StreamId stream(Step step, RunId run) {
        return StreamId.run(step.entry().stream().tenant(), run);
    }

    private static void begun(Node node, TaskId task) {
        if (!task.name().startsWith("undo:") && node.tasks.add(task)) {
            node.add(new Tally(0, 1, 0));
        }
    }

    private void returned(Step step, Event.PartReturned e) {
        var child = nodes.get(stream(step, step.entry().stream().run().child(e.token())));
        var node = nodes.get(step.entry().stream());
        if (child == null || node == null) {
            return;
        }
        var all = child.all();
        boolean less =
                (node.cap.attempts() != null && e.used().attempts() < all.attempts())
                        || (node.cap.tasks() != null && e.used().tasks() < all.tasks())
                        || (node.cap.runs() != null && e.used().runs() < all.runs());
        if (less) {
            report("I34", step, "a run within counted " + all + ", and says " + e.used());
        }
    }

    /// The limits of every run above hold as well.
    private void bound(Step step, Node node) {
        for (var one = node; one != null; one = one.above) {
            var all = one.all();
            within(step, "attempts", all.attempts(), one.cap.attempts());
            within(step, "tasks", all.tasks(), one.cap.tasks());
            within(step, "runs", all.runs(), one.cap.runs());
        }
    }

    private void within(Step step, String what, int count, @Nullable Integer most) {
        if (most != null && count > most) {
            report("I34", step, "the tree has " + count + " " + what + " and may have " + most);
        }
    }
}
