package dev.tutti;

import dev.tutti.core.event.Value;
import java.util.Map;

/// What is asked: a workflow of a team, with its inputs.
public record Goal(Team team, String workflow, Value.Struct inputs) {

    /// A goal from plain data.
    ///
    /// @param inputs plain data, see [Value#from]
    public static Goal of(Team team, String workflow, Map<String, ?> inputs) {
        return new Goal(team, workflow, (Value.Struct) Value.from(inputs));
    }
}
