package dev.tutti.agents.tools;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a tool takes, as team files write it: JSON Schema, or short for it each name with its type,
/// `{ id: string, limit: { type: integer, optional: true } }`.
public final class Inputs {
    private static final Set<String> TYPES =
            Set.of("string", "integer", "number", "boolean", "array", "object");

    private Inputs() {}

    /// The JSON Schema of an input.
    public static Value.Struct schema(With input) {
        if (input.fields().get("properties") instanceof Value.Struct) {
            return input.fields();
        }
        var properties = Value.Struct.EMPTY;
        var required = new ArrayList<Value>();
        for (var field : input.fields().fields().entrySet()) {
            var property = property(input, field.getKey(), field.getValue());
            if (!property.fields().containsKey("default")
                    && !Value.of(true).equals(property.get("optional"))) {
                required.add(Value.text(field.getKey()));
            }
            properties = properties.with(field.getKey(), without(property, "optional"));
        }
        return Value.struct(
                "type",
                Value.text("object"),
                "properties",
                properties,
                "required",
                new Value.Array(required),
                "additionalProperties",
                Value.of(false));
    }

    private static Value.Struct property(With input, String name, Value value) {
        return switch (value) {
            case Value.Text(var type) when TYPES.contains(type) -> Value.struct("type", value);
            case Value.Struct struct -> struct;
            default ->
                    throw input.wrong(
                            "`"
                                    + name
                                    + "` is a type (one of "
                                    + TYPES.stream().sorted().toList()
                                    + ") or a JSON Schema");
        };
    }

    private static Value.Struct without(Value.Struct struct, String name) {
        var left = Value.Struct.EMPTY;
        for (var field : struct.fields().entrySet()) {
            if (!field.getKey().equals(name)) {
                left = left.with(field.getKey(), field.getValue());
            }
        }
        return left;
    }

    /// The names of the properties of a schema.
    public static List<String> names(Value.Struct schema) {
        return schema.get("properties") instanceof Value.Struct properties
                ? List.copyOf(properties.fields().keySet())
                : List.of();
    }
}
