package dev.tutti.teamfile;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the types of skills and inputs: the shorthand `{ text: string, tags: [string] }`, or JSON
/// Schema where an object has `$schema`, `$ref`, or `type: object` with `properties`.
///
/// In the shorthand an object with `type` and nothing but `default`, `description` and `format:
/// path` beside it is a field with these; a field that is itself called `type` needs JSON Schema or
/// a second field.
final class TypeReader {
    static final Map<String, Type> WORDS = words();

    /// What `format` may say: the string is a path, which whoever starts the run makes absolute.
    private static final Value PATH = Value.text("path");

    private static final Set<String> FIELD_KEYS =
            Set.of("type", "default", "description", "format");
    private static final int DEEPEST = 32;

    private final Report report;

    TypeReader(Report report) {
        this.report = report;
    }

    private static Map<String, Type> words() {
        var words = new LinkedHashMap<String, Type>();
        words.put("string", Type.Scalar.STRING);
        words.put("int", Type.Scalar.INT);
        words.put("number", Type.Scalar.NUMBER);
        words.put("bool", Type.Scalar.BOOL);
        words.put("object", Type.Struct.OPEN);
        words.put("list", new Type.ListOf(Type.Any.ANY));
        words.put("any", Type.Any.ANY);
        return words;
    }

    /// The type of an object, as inputs and outputs are; open to anything when it is not given or
    /// cannot be read.
    Type struct(Value value, List<String> at) {
        var type = read(value, at, 0);
        if (type instanceof Type.Struct || type instanceof Type.Any) {
            return type;
        }
        report.add(
                "E-SCHEMA-02",
                "the type of `" + at.getLast() + "` is an object",
                at,
                "not an object",
                "write `{ name: string }`");
        return Type.Struct.OPEN;
    }

    Type read(Value value, List<String> at) {
        return read(value, at, 0);
    }

    private Type read(Value value, List<String> at, int depth) {
        if (depth > DEEPEST) {
            report.add("E-SCHEMA-02", "this type is nested too deeply", at, "too deep", null);
            return Type.Any.ANY;
        }
        return switch (value) {
            case Value.Text(var word) -> word(word, at);
            case Value.Array(var items) -> {
                if (items.size() == 1) {
                    yield new Type.ListOf(read(items.getFirst(), Report.below(at, "0"), depth + 1));
                }
                report.add(
                        "E-SCHEMA-02",
                        "a list has one type for all its items",
                        at,
                        items.isEmpty() ? "none" : items.size() + " types",
                        "write `[any]`, or the type of one item");
                yield new Type.ListOf(Type.Any.ANY);
            }
            case Value.Struct struct -> object(struct, at, depth);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> {
                report.add(
                        "E-SCHEMA-02",
                        "a type is a word such as `string`, a list or an object",
                        at,
                        Section.aShape(value),
                        null);
                yield Type.Any.ANY;
            }
        };
    }

    private Type word(String word, List<String> at) {
        var type = WORDS.get(word);
        if (type != null) {
            return type;
        }
        var meant =
                switch (word) {
                    case "str", "text" -> "string";
                    case "integer", "long" -> "int";
                    case "boolean" -> "bool";
                    case "float", "double", "real" -> "number";
                    case "map", "dict", "struct" -> "object";
                    case "array" -> "list";
                    default -> Similar.to(word, WORDS.keySet()).orElse("");
                };
        report.add(
                "E-SCHEMA-02",
                "`"
                        + DisplayWidth.shown(word)
                        + "` is not a type (there are: "
                        + String.join(", ", WORDS.keySet())
                        + ")",
                at,
                "unknown type",
                meant.isEmpty() ? null : "write `" + meant + "`");
        return Type.Any.ANY;
    }

    private Type object(Value.Struct struct, List<String> at, int depth) {
        if (isSchema(struct)) {
            return new JsonSchema(struct, report).type(struct, at);
        }
        if (isField(struct)) {
            return field(struct, at, depth).type();
        }
        var fields = new LinkedHashMap<String, Type.Field>();
        struct.fields()
                .forEach((name, value) ->
                        fields.put(name, field(value, Report.below(at, name), depth)));
        return new Type.Struct(fields, false);
    }

    private Type.Field field(Value value, List<String> at, int depth) {
        if (!(value instanceof Value.Struct struct) || isSchema(struct) || !isField(struct)) {
            return Type.Field.required(read(value, at, depth + 1));
        }
        var written = struct.get("type");
        var type =
                read(written == null ? Value.NULL : written, Report.below(at, "type"), depth + 1);
        var byDefault = struct.get("default");
        if (byDefault == null) {
            return Type.Field.required(type);
        }
        type.check(byDefault, Report.below(at, "default")).forEach(report::add);
        return new Type.Field(type, false, byDefault);
    }

    static boolean isSchema(Value.Struct struct) {
        return struct.get("$schema") != null
                || struct.get("$ref") != null
                || (Value.text("object").equals(struct.get("type"))
                        && struct.get("properties") instanceof Value.Struct);
    }

    private static boolean isField(Value.Struct struct) {
        var format = struct.get("format");
        return struct.get("type") != null
                && FIELD_KEYS.containsAll(struct.fields().keySet())
                && (format == null || format.equals(PATH));
    }
}
