package dev.tutti.server.http;

import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What answers look like: the shapes of `answers.json` as schemas of JSON Schema 2020-12.
///
/// A shape is an object of fields; the name of one that may be missing ends with `?`, and `*`
/// stands for fields of any other name. What a field is: a word (`string`, `int`, `number`, `bool`,
/// `time`, `object`, `any`, `null`), the name of another shape, a list `[…]` of such, several of
/// these with `|` between them, or a shape that has no name.
final class Shapes {
    private static final Value.Struct STRING = Value.struct("type", Value.text("string"));
    private static final Set<String> WORDS =
            Set.of("string", "int", "number", "bool", "time", "object", "any", "null");

    private Shapes() {}

    /// Every shape by its name, as a schema.
    static Value.Struct all() {
        var schemas = new LinkedHashMap<String, Value>();
        read().fields().forEach((name, shape) -> schemas.put(name, schema(shape)));
        schemas.put("Status", words(Arrays.stream(Status.values()).map(Status::word)));
        schemas.put("Right", words(Arrays.stream(Right.values()).map(Right::word)));
        schemas.put("Role", words(Arrays.stream(Role.values()).map(Role::word)));
        return new Value.Struct(schemas);
    }

    private static Value.Struct read() {
        try (var in = Shapes.class.getResourceAsStream("answers.json")) {
            if (in != null && Json.parse(in.readAllBytes()) instanceof Value.Struct shapes) {
                return shapes;
            }
            throw new IllegalStateException("answers.json is missing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Value.Struct words(Stream<String> words) {
        return STRING.with("enum", Value.from(words.toList()));
    }

    private static Value.Struct schema(Value shape) {
        return switch (shape) {
            case Value.Text(var text) -> named(text);
            case Value.Array(var items) -> list(schema(items.getFirst()));
            case Value.Struct(var fields) -> object(fields);
            default -> throw new IllegalStateException("no shape: " + shape);
        };
    }

    private static Value.Struct list(Value.Struct items) {
        return Value.struct("type", Value.text("array"), "items", items);
    }

    private static Value.Struct object(Map<String, Value> fields) {
        var properties = new LinkedHashMap<String, Value>();
        var required = new ArrayList<Value>();
        var schema = Value.struct("type", Value.text("object"));
        for (var field : fields.entrySet()) {
            var name = field.getKey();
            if (name.equals("*")) {
                schema = schema.with("additionalProperties", schema(field.getValue()));
            } else if (name.endsWith("?")) {
                properties.put(name.substring(0, name.length() - 1), schema(field.getValue()));
            } else {
                properties.put(name, schema(field.getValue()));
                required.add(Value.text(name));
            }
        }
        if (!properties.isEmpty()) {
            schema = schema.with("properties", new Value.Struct(properties));
        }
        return required.isEmpty() ? schema : schema.with("required", new Value.Array(required));
    }

    /// What words and names with `|` between them stand for.
    static Value.Struct named(String text) {
        var parts = List.of(text.split("\\|", -1));
        return parts.size() == 1
                ? one(text)
                : Value.struct(
                        "anyOf", new Value.Array(parts.stream().<Value>map(Shapes::one).toList()));
    }

    private static Value.Struct one(String name) {
        if (name.startsWith("[")) {
            return list(one(name.substring(1, name.length() - 1)));
        }
        if (!WORDS.contains(name)) {
            return Value.struct("$ref", Value.text("#/components/schemas/" + name));
        }
        return switch (name) {
            case "any" -> Value.Struct.EMPTY;
            case "int" -> Value.struct("type", Value.text("integer"));
            case "bool" -> Value.struct("type", Value.text("boolean"));
            case "time" -> STRING.with("format", Value.text("date-time"));
            default -> Value.struct("type", Value.text(name));
        };
    }
}
