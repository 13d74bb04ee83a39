package dev.tutti.planning;

import dev.tutti.core.event.Names;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a task is given, where it is written as a list.
final class Arguments {

    /// Stands before what has no name yet; no field is called so.
    private static final String UNNAMED = "\0";

    private Arguments() {}

    /// Arguments as fields; those without a name get one in [#named].
    static Value fields(Value given, List<String> at, Proposals.Findings findings) {
        return switch (given) {
            case Value.Struct struct -> struct;
            case Value.Null _ -> {
                findings.repair(
                        Repair.Kind.EMPTY_ARGUMENT, at, "gives it nothing, as nothing is said");
                yield Value.Struct.EMPTY;
            }
            case Value.Array(var items) -> {
                var fields = new LinkedHashMap<String, Value>();
                for (var item : items) {
                    add(fields, item, at, findings);
                }
                yield new Value.Struct(fields);
            }
            case Value.Bool _, Value.Int _, Value.Real _, Value.Text _ ->
                    Value.struct(UNNAMED + 1, given);
        };
    }

    private static void add(
            SequencedMap<String, Value> fields,
            Value item,
            List<String> at,
            Proposals.Findings findings) {
        var unnamed = UNNAMED + (fields.size() + 1);
        switch (item) {
            case Value.Null _ ->
                    findings.repair(
                            Repair.Kind.EMPTY_ARGUMENT, at, "leaves out an argument that is null");
            case Value.Struct struct when struct.get("name") instanceof Value.Text(var name) -> {
                var value = struct.get("value");
                if (struct.fields().size() > (value == null ? 1 : 2)) {
                    fields.put(unnamed, item);
                } else if (value == null) {
                    fields.put(unnamed, Value.text(name));
                } else {
                    boolean word = Names.WORD.matcher(name).matches() && !fields.containsKey(name);
                    fields.put(word ? name : unnamed, value);
                }
            }
            default -> fields.put(unnamed, item);
        }
    }

    /// The input with names for what had none: those of the skill's fields that are free, in order,
    /// and then `arg_1` and so on.
    static Value.Struct named(Value.Struct input, Skill skill) {
        var free = new ArrayList<String>();
        if (skill.input() instanceof Type.Struct type) {
            free.addAll(type.fields().sequencedKeySet());
        }
        free.removeAll(input.fields().keySet());
        var fields = new LinkedHashMap<String, Value>();
        input.fields()
                .forEach((name, value) -> {
                    if (!name.startsWith(UNNAMED)) {
                        fields.put(name, value);
                    } else if (free.isEmpty()) {
                        fields.put("arg_" + name.substring(UNNAMED.length()), value);
                    } else {
                        fields.put(free.removeFirst(), value);
                    }
                });
        return new Value.Struct(fields);
    }
}
