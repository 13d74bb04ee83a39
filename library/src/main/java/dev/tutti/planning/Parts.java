package dev.tutti.planning;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parts of a proposal, under whichever of the usual words they stand.
///
/// @param at the keys from the root to the tasks
/// @param tasks an object of tasks by name, or a list of them
/// @param links dependencies that stand apart from the tasks
record Parts(
        List<String> at,
        Value tasks,
        Value.Array links,
        String reason,
        List<String> drop,
        @Nullable Value output,
        boolean complete,
        Value.Struct ledger) {

    private static final List<String> AROUND =
            List.of("proposal", "plan", "workflow", "amendment", "result");
    private static final List<String> TASKS =
            List.of("tasks", "task_nodes", "nodes", "steps", "subtasks", "plan");
    private static final List<String> LINKS =
            List.of("links", "task_links", "edges", "dependencies");
    private static final List<String> REASON =
            List.of("reason", "rationale", "thought", "explanation");

    /// The parts of a value, or null where it has no tasks.
    static @Nullable Parts of(Value value) {
        if (value instanceof Value.Array(var items)) {
            return items.isEmpty() || !items.stream().allMatch(Value.Struct.class::isInstance)
                    ? null
                    : parts(List.of(), value, Value.Struct.EMPTY);
        }
        return value instanceof Value.Struct struct ? of(struct, List.of()) : null;
    }

    private static @Nullable Parts of(Value.Struct struct, List<String> at) {
        for (var key : TASKS) {
            var tasks = struct.get(key);
            if (tasks instanceof Value.Array || (tasks instanceof Value.Struct && !around(key))) {
                return parts(below(at, key), tasks, struct);
            }
        }
        for (var key : AROUND) {
            if (at.isEmpty() && struct.get(key) instanceof Value.Struct inner) {
                return of(inner, List.of(key));
            }
        }
        return null;
    }

    private static boolean around(String key) {
        return AROUND.contains(key);
    }

    private static Parts parts(List<String> at, Value tasks, Value.Struct struct) {
        return new Parts(
                at,
                tasks,
                first(struct, LINKS) instanceof Value.Array links ? links : Value.Array.EMPTY,
                first(struct, REASON) instanceof Value.Text(var text) ? text : "",
                words(struct.get("drop")),
                struct.get("output") instanceof Value.Null ? null : struct.get("output"),
                !Value.of(false).equals(struct.get("complete")),
                struct.get("ledger") instanceof Value.Struct ledger ? ledger : Value.Struct.EMPTY);
    }

    static @Nullable Value first(Value.Struct struct, List<String> keys) {
        for (var key : keys) {
            var value = struct.get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static List<String> words(@Nullable Value value) {
        return switch (value) {
            case Value.Text(var word) -> List.of(word);
            case Value.Array(var items) ->
                    items.stream()
                            .filter(Value.Text.class::isInstance)
                            .map(item -> ((Value.Text) item).value())
                            .toList();
            case null, default -> List.of();
        };
    }

    static List<String> below(List<String> at, String key) {
        var path = new ArrayList<>(at);
        path.add(key);
        return List.copyOf(path);
    }
}
