package dev.tutti.agents.planner;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Types of JSON Schemas and of values, as far as a type goes. What a schema says beyond that, or
/// in another way, is any value: a planner does without what it cannot read.
final class Types {
    private static final int DEEPEST = 32;

    private Types() {}

    static Type ofSchema(@Nullable Value schema) {
        return ofSchema(schema, 0);
    }

    private static Type ofSchema(@Nullable Value schema, int depth) {
        if (!(schema instanceof Value.Struct struct) || depth > DEEPEST) {
            return Type.Any.ANY;
        }
        var word = struct.get("type") instanceof Value.Text(var text) ? text : "";
        return switch (word) {
            case "string" -> Type.Scalar.STRING;
            case "integer" -> Type.Scalar.INT;
            case "number" -> Type.Scalar.NUMBER;
            case "boolean" -> Type.Scalar.BOOL;
            case "array" -> new Type.ListOf(ofSchema(struct.get("items"), depth + 1));
            case "object" -> object(struct, depth);
            default -> struct.get("properties") == null ? Type.Any.ANY : object(struct, depth);
        };
    }

    private static Type object(Value.Struct schema, int depth) {
        var required = new LinkedHashSet<Value>();
        if (schema.get("required") instanceof Value.Array(var names)) {
            required.addAll(names);
        }
        var fields = new LinkedHashMap<String, Type.Field>();
        if (schema.get("properties") instanceof Value.Struct(var properties)) {
            properties.forEach((name, property) ->
                    fields.put(
                            name,
                            new Type.Field(
                                    ofSchema(property, depth + 1),
                                    required.contains(Value.text(name)),
                                    null)));
        }
        return new Type.Struct(fields, !Value.of(false).equals(schema.get("additionalProperties")));
    }

    static Type of(Value value) {
        return switch (value) {
            case Value.Null _ -> Type.Any.ANY;
            case Value.Bool _ -> Type.Scalar.BOOL;
            case Value.Int _ -> Type.Scalar.INT;
            case Value.Real _ -> Type.Scalar.NUMBER;
            case Value.Text _ -> Type.Scalar.STRING;
            case Value.Array(var items) -> {
                Set<Type> types = new LinkedHashSet<>();
                items.forEach(item -> types.add(of(item)));
                yield new Type.ListOf(types.size() == 1 ? types.iterator().next() : Type.Any.ANY);
            }
            case Value.Struct(var fields) -> {
                var types = new LinkedHashMap<String, Type.Field>();
                fields.forEach((name, field) -> types.put(name, Type.Field.required(of(field))));
                yield new Type.Struct(types, false);
            }
        };
    }
}
