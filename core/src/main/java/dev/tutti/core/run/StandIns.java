package dev.tutti.core.run;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.Intervened;
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

    static void give(Draft draft, List<StandIn> standIns) {
        var wrong = new ArrayList<String>();
        var seen = new LinkedHashSet<String>();
        for (var one : standIns) {
            if (draft.state().graph().find(one.task()) == null) {
                wrong.add("the plan has no task `" + one.task() + "`");
            } else if (!seen.add(one.task())) {
                wrong.add("`" + one.task() + "` is given two outputs");
            }
        }
        if (!wrong.isEmpty()) {
            var all = String.join(", ", draft.state().graph().order());
            throw new Refusal(String.join("; ", wrong) + "; the plan has " + all);
        }
        for (var one : standIns) {
            var from = one.from();
            draft.emit(
                    new Intervened(
                            StandIn.VERB,
                            List.of(one.task()),
                            from == null ? "given as the run began" : "what it gave in run " + from,
                            from == null
                                    ? Value.NULL
                                    : Value.struct("run", Value.text(from.value())),
                            one.output()));
            Interventions.give(draft, TaskId.of(one.task()), one.output());
        }
    }

    /// Whether the second event belongs to what a run was begun with, which is not taken over by
    /// halves.
    static boolean belongs(Event first, Event second) {
        return isStandIn(second) || (isStandIn(first) && second instanceof Event.OutputGiven);
    }

    private static boolean isStandIn(Event event) {
        return event instanceof Intervened e && e.verb().equals(StandIn.VERB);
    }
}
