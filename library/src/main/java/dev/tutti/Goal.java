package dev.tutti;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import java.util.List;
import java.util.Map;

/// What is asked: a workflow of a team, with its inputs.
///
/// @param standIns outputs that stand in for the work of tasks
/// @param budget what the run may take, no more than the workflow allows
public record Goal(
        Team team, String workflow, Value.Struct inputs, List<StandIn> standIns, Budget budget) {
    public Goal {
        standIns = List.copyOf(standIns);
    }

    /// With every task done.
    public Goal(Team team, String workflow, Value.Struct inputs) {
        this(team, workflow, inputs, List.of(), Budget.NONE);
    }

    /// The same, with only so much to take.
    public Goal within(Budget limits) {
        return new Goal(team, workflow, inputs, standIns, limits);
    }

    /// A goal from plain data.
    ///
    /// @param inputs plain data, see [Value#from]
    public static Goal of(Team team, String workflow, Map<String, ?> inputs) {
        return new Goal(team, workflow, (Value.Struct) Value.from(inputs));
    }
}
