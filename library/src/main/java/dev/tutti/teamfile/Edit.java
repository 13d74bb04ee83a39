package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Collection;
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

    /// The object at the end of the path has these keys in place of those that go.
    ///
    /// @param gone keys that it has, one at least
    /// @param keys with whatever values
    record Fill(List<String> at, List<String> gone, Value.Struct keys) implements Edit {
        public Fill {
            at = List.copyOf(at);
            gone = List.copyOf(gone);
        }

        private Value.Struct filled(Value.Struct object) {
            var changed = new LinkedHashMap<String, Value>();
            object.fields()
                    .forEach((name, field) -> {
                        if (!gone.contains(name)) {
                            changed.put(name, field);
                        } else if (name.equals(first(object.fields().keySet()))) {
                            changed.putAll(keys.fields());
                        }
                    });
            return new Value.Struct(changed);
        }

        private String first(Collection<String> names) {
            return names.stream().filter(gone::contains).findFirst().orElse("");
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
                    } else if (this instanceof Fill fill && field instanceof Value.Struct object) {
                        changed.put(name, fill.filled(object));
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
