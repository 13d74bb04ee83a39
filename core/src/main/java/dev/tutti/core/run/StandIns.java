package dev.tutti.core.run;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.Intervened;
import dev.tutti.core.event.Event.OutputGiven;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Decision.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Outputs that stand in for the work of tasks, from the moment that a run begins. Each is what a
/// person does who gives a task its output, and where it is from is on record with it.
final class StandIns {
    private StandIns() {}

    /// A plan first, since it may have the tasks that others stand in for.
    static void give(Draft draft, List<StandIn> standIns) {
        for (var one : standIns) {
            if (one.plan() != null) {
                plan(draft, one, one.plan());
            }
        }
        var others = standIns.stream().filter(one -> one.plan() == null).toList();
        check(draft, others);
        for (var one : others) {
            mark(draft, one);
            Interventions.give(draft, TaskId.of(one.task()), one.output());
        }
    }

    private static void plan(Draft draft, StandIn one, Amendment plan) {
        var state = draft.state();
        var node = state.graph().find(one.task());
        var planner = state.asked().planner();
        if (planner == null || node == null || !node.task().plans()) {
            throw new Refusal("`" + one.task() + "` plans nothing here");
        }
        if (planner.approval() != null) {
            throw new Refusal(
                    "what `"
                            + one.task()
                            + "` gives needs the leave of `"
                            + planner.approval()
                            + "`: nothing can stand in for it");
        }
        var amendment = plan.at(state.graph().version());
        var faults = Replanning.faults(draft, TaskId.of(one.task()), amendment);
        if (!faults.isEmpty()) {
            throw new Refusal("the plan would not hold: " + String.join("; ", faults));
        }
        mark(draft, one);
        draft.emit(new OutputGiven(TaskId.of(one.task()), one.output()));
        Replanning.apply(draft, amendment);
    }

    private static void check(Draft draft, List<StandIn> standIns) {
        var wrong = new ArrayList<String>();
        var seen = new LinkedHashSet<String>();
        for (var one : standIns) {
            var node = draft.state().graph().find(one.task());
            if (node == null) {
                wrong.add("the plan has no task `" + one.task() + "`");
            } else if (node.task().plans()) {
                wrong.add("`" + one.task() + "` plans: take what it planned from a run");
            } else if (!seen.add(one.task())) {
                wrong.add("`" + one.task() + "` is given two outputs");
            }
        }
        if (!wrong.isEmpty()) {
            var all = String.join(", ", draft.state().graph().order());
            throw new Refusal(String.join("; ", wrong) + "; the plan has " + all);
        }
    }

    private static void mark(Draft draft, StandIn one) {
        var from = one.from();
        draft.emit(
                new Intervened(
                        StandIn.VERB,
                        List.of(one.task()),
                        from == null ? "given as the run began" : "what it gave in run " + from,
                        from == null ? Value.NULL : Value.struct("run", Value.text(from.value())),
                        one.output()));
    }

    /// Whether the second event belongs to what a run was begun with, which is not taken over by
    /// halves.
    static boolean belongs(Event first, Event second) {
        return isStandIn(second)
                || (isStandIn(first) && second instanceof OutputGiven)
                || (first instanceof OutputGiven && second instanceof Event.PlanAmended);
    }

    private static boolean isStandIn(Event event) {
        return event instanceof Intervened e && e.verb().equals(StandIn.VERB);
    }
}
