package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model wrote as the arguments of a call, held to the outline of the tool's schema: what is
/// needed is there, and of the right kind. All else is the tool's to check.
record Arguments(Value.@Nullable Struct arguments, String fault) {

    static Arguments read(String written, Value.Struct schema) {
        Value.Struct arguments;
        try {
            var value = written.isBlank() ? Value.Struct.EMPTY : Json.parse(written);
            if (!(value instanceof Value.Struct struct)) {
                return wrong("the arguments are no JSON object.");
            }
            arguments = struct;
        } catch (JsonException e) {
            return wrong("the arguments are no JSON (" + e.getMessage() + ").");
        }
        if (schema.get("required") instanceof Value.Array(var needed)) {
            for (var name : needed) {
                if (name instanceof Value.Text(var key) && arguments.get(key) == null) {
                    return wrong("`" + key + "` is missing.");
                }
            }
        }
        if (schema.get("properties") instanceof Value.Struct known) {
            for (var argument : arguments.fields().entrySet()) {
                var fault = fault(argument.getKey(), argument.getValue(), known, schema);
                if (fault != null) {
                    return wrong(fault);
                }
            }
        }
        return new Arguments(arguments, "");
    }

    private static Arguments wrong(String fault) {
        return new Arguments(null, fault);
    }

    private static @Nullable String fault(
            String name, Value value, Value.Struct known, Value.Struct schema) {
        var property = known.get(name);
        if (property == null) {
            boolean closed =
                    schema.get("additionalProperties") instanceof Value.Bool(var open) && !open;
            return closed
                    ? "it has no argument `"
                            + name
                            + "`; it has "
                            + String.join(", ", known.fields().keySet())
                            + "."
                    : null;
        }
        if (property instanceof Value.Struct one
                && one.get("type") instanceof Value.Text(var type)
                && !fits(type, value)) {
            return "`" + name + "` is of type " + type + ", not " + Value.shape(value) + ".";
        }
        if (property instanceof Value.Struct one
                && one.get("enum") instanceof Value.Array(var words)
                && !words.contains(value)) {
            return "`" + name + "` is one of " + Json.text(new Value.Array(words)) + ".";
        }
        return null;
    }

    private static boolean fits(String type, Value value) {
        return switch (value) {
            case Value.Null _ -> type.equals("null");
            case Value.Bool _ -> type.equals("boolean");
            case Value.Int _ -> List.of("integer", "number").contains(type);
            case Value.Real(var number) ->
                    type.equals("number")
                            || (type.equals("integer") && number == Math.rint(number));
            case Value.Text _ -> type.equals("string");
            case Value.Array _ -> type.equals("array");
            case Value.Struct _ -> type.equals("object");
        };
    }
}
