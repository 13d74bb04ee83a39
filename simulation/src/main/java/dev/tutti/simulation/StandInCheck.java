package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// I37: a task that an output stands in for has exactly that output, before anything is begun; and
/// nobody is asked for it, unless it is done again by hand.
final class StandInCheck extends Check {
    private final Map<String, Value> promised = new HashMap<>();
    private final Set<String> standing = new HashSet<>();
    private boolean begun;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.Intervened e when e.verb().equals(StandIn.VERB) -> {
                if (begun) {
                    report("I37", step, "something stands in for " + e.tasks() + " too late");
                }
                e.tasks().forEach(task -> promised.put(task, e.after()));
            }
            case Event.OutputGiven e -> given(step, e);
            case Event.TasksReset e -> standing.removeAll(e.tasks());
            case Event.TaskReady e -> begins(step, e.task());
            case Event.TaskHeld e -> begins(step, e.task());
            case Event.Assigned e -> begins(step, e.task());
            case Event.ChildStarted e -> begins(step, e.task());
            case Event.FannedOut e -> begins(step, TaskId.of(e.task()));
            default -> {}
        }
    }

    private void given(Step step, Event.OutputGiven e) {
        var output = promised.remove(e.task().name());
        if (output != null) {
            standing.add(e.task().name());
            if (!output.equals(e.output()) || e.task().item() != TaskId.WHOLE) {
                report("I37", step, e.task() + " is given another output than what stands in");
            }
        }
    }

    private void begins(Step step, TaskId task) {
        begun = true;
        if (standing.contains(task.name()) || promised.containsKey(task.name())) {
            report("I37", step, task + " is begun though an output stands in for it");
        }
    }
}
