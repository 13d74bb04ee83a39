package dev.tutti;

import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import java.util.List;
import java.util.Map;

/// What is asked: a workflow of a team, with its inputs.
///
/// @param standIns outputs that stand in for the work of tasks
public record Goal(Team team, String workflow, Value.Struct inputs, List<StandIn> standIns) {
    public Goal {
        standIns = List.copyOf(standIns);
    }

    /// With every task done.
    public Goal(Team team, String workflow, Value.Struct inputs) {
        this(team, workflow, inputs, List.of());
    }

    /// A goal from plain data.
    ///
    /// @param inputs plain data, see [Value#from]
    public static Goal of(Team team, String workflow, Map<String, ?> inputs) {
        return new Goal(team, workflow, (Value.Struct) Value.from(inputs));
    }
}
