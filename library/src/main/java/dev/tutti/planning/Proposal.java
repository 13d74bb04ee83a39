package dev.tutti.planning;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a planner wants the plan to be, in the form of the team file.
///
/// @param reason why, in the planner's words; may be empty
/// @param tasks what is to be added, by name, each as the team file has it
/// @param drop the tasks that are not wanted any more
/// @param output the template of the output, or null where nothing is said of it
/// @param complete whether the goal is reached when all of it is done; false when more is to come
/// @param ledger what the planner keeps for itself: facts, guesses, what is done, what stalls
public record Proposal(
        String reason,
        Value.Struct tasks,
        List<String> drop,
        @Nullable Value output,
        boolean complete,
        Value.Struct ledger) {

    public Proposal {
        drop = List.copyOf(drop);
    }

    /// The proposal with its fixed keys.
    public Value.Struct document() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("reason", Value.text(reason));
        fields.put("tasks", tasks);
        fields.put("drop", new Value.Array(drop.stream().<Value>map(Value::text).toList()));
        if (output != null) {
            fields.put("output", output);
        }
        fields.put("complete", Value.of(complete));
        fields.put("ledger", ledger);
        return new Value.Struct(fields);
    }

    /// [#document] as JSON, which is YAML as well.
    public String text() {
        return Json.pretty(document());
    }
}
