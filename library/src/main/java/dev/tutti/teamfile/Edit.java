package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A small change of a team file, for a proposal.
public sealed interface Edit {

    /// The keys from the root to what is changed.
    List<String> at();

    /// What stands under the key at the end of the path goes, with its key; of a list, the item.
    record Remove(List<String> at) implements Edit {
        public Remove {
            at = List.copyOf(at);
        }
    }

    /// The key at the end of the path is this one, with a word or a number as its value.
    record Replace(List<String> at, String key, Value value) implements Edit {
        public Replace {
            at = List.copyOf(at);
        }
    }

    /// The document with the change; as it was where the path leads nowhere.
    default Value.Struct in(Value.Struct document) {
        return (Value.Struct) in(document, 0);
    }

    private Value in(Value value, int depth) {
        boolean last = depth == at().size() - 1;
        var step = at().get(depth);
        return switch (value) {
            case Value.Struct(var fields) -> {
                var changed = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> {
                    if (!name.equals(step)) {
                        changed.put(name, field);
                    } else if (!last) {
                        changed.put(name, in(field, depth + 1));
                    } else if (this instanceof Replace(_, var key, var other)) {
                        changed.put(key, other);
                    }
                });
                yield new Value.Struct(changed);
            }
            case Value.Array(var items) when last ->
                    new Value.Array(
                            items.stream().filter(one -> !one.equals(Value.text(step))).toList());
            case Value.Array(var items) -> new Value.Array(new ArrayList<>(items));
            default -> value;
        };
    }
}
