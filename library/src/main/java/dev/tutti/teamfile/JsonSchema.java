package dev.tutti.teamfile;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns JSON Schema into a [Type], as far as a type goes.
///
/// References stay within the schema (`#/…`): nothing is fetched from the network or read from a
/// file. A schema that contains itself is open where it begins again. Keywords that say more than a
/// type are warned of, as nothing checks them.
final class JsonSchema {
    private static final int DEEPEST = 64;
    private static final int MOST_NODES = 10_000;
    private static final Set<String> NOT_CHECKED =
            Set.of(
                    "pattern",
                    "format",
                    "enum",
                    "const",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "contains",
                    "minProperties",
                    "maxProperties",
                    "patternProperties",
                    "propertyNames",
                    "dependentRequired",
                    "dependentSchemas",
                    "if",
                    "not",
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "prefixItems");

    private final Value.Struct root;
    private final Report report;
    private final Set<String> warned = new HashSet<>();
    private int nodes;
    private boolean refused;

    JsonSchema(Value.Struct root, Report report) {
        this.root = root;
        this.report = report;
    }

    Type type(Value.Struct schema, List<String> at) {
        return type(schema, at, new ArrayList<>());
    }

    /// @param references those being followed, outermost first
    private Type type(Value schema, List<String> at, List<String> references) {
        if (at.size() > DEEPEST || references.size() > DEEPEST || ++nodes > MOST_NODES) {
            if (!refused) {
                report.add(
                        "E-SCHEMA-02",
                        "this schema is nested too deeply, or too large once written out",
                        at,
                        "too much",
                        null);
            }
            refused = true;
            return Type.Any.ANY;
        }
        if (schema instanceof Value.Bool) {
            return Type.Any.ANY;
        }
        if (!(schema instanceof Value.Struct struct)) {
            report.add(Section.shape(schema, at, "a JSON Schema"));
            return Type.Any.ANY;
        }
        if (struct.get("$ref") != null) {
            return referenced(struct, at, references);
        }
        for (var keyword : struct.fields().keySet()) {
            if (NOT_CHECKED.contains(keyword) && warned.add(keyword)) {
                report.add(
                        "W-SCHEMA-01",
                        "`" + keyword + "` is not checked; only types, properties and items are",
                        Report.below(at, keyword),
                        "not checked",
                        null);
            }
        }
        return switch (struct.get("type")) {
            case Value.Text(var name) -> named(name, struct, at, references);
            case null ->
                    struct.get("properties") == null
                            ? Type.Any.ANY
                            : object(struct, at, references);
            default -> Type.Any.ANY;
        };
    }

    private Type named(String name, Value.Struct schema, List<String> at, List<String> references) {
        return switch (name) {
            case "string" -> Type.Scalar.STRING;
            case "integer" -> Type.Scalar.INT;
            case "number" -> Type.Scalar.NUMBER;
            case "boolean" -> Type.Scalar.BOOL;
            case "null" -> Type.Any.ANY;
            case "array" -> {
                var items = schema.get("items");
                yield new Type.ListOf(
                        items == null
                                ? Type.Any.ANY
                                : type(items, Report.below(at, "items"), references));
            }
            case "object" -> object(schema, at, references);
            default -> {
                report.add(
                        "E-SCHEMA-02",
                        "`" + DisplayWidth.shown(name) + "` is not a type of JSON Schema",
                        Report.below(at, "type"),
                        "unknown type",
                        null);
                yield Type.Any.ANY;
            }
        };
    }

    private Type object(Value.Struct schema, List<String> at, List<String> references) {
        var fields = new LinkedHashMap<String, Type.Field>();
        var required = new HashSet<String>();
        if (schema.get("required") instanceof Value.Array(var names)) {
            for (var name : names) {
                if (name instanceof Value.Text(var text)) {
                    required.add(text);
                }
            }
        }
        if (schema.get("properties") instanceof Value.Struct(var properties)) {
            properties.forEach((name, property) -> {
                var here = Report.below(Report.below(at, "properties"), name);
                var type = type(property, here, references);
                var byDefault =
                        property instanceof Value.Struct struct ? struct.get("default") : null;
                fields.put(
                        name,
                        new Type.Field(
                                type, required.contains(name) && byDefault == null, byDefault));
            });
        }
        boolean open = !Value.of(false).equals(schema.get("additionalProperties"));
        return new Type.Struct(fields, open);
    }

    private Type referenced(Value.Struct schema, List<String> at, List<String> references) {
        var here = Report.below(at, "$ref");
        if (!(schema.get("$ref") instanceof Value.Text(var reference))) {
            report.add("E-SCHEMA-01", "`$ref` is a text", here, "not a text", null);
            return Type.Any.ANY;
        }
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            report.add(
                    "E-SCHEMA-01",
                    "`$ref` stays within the schema; nothing is fetched or read",
                    here,
                    "leads elsewhere",
                    "put the schema under `$defs` and write `#/$defs/…`");
            return Type.Any.ANY;
        }
        if (references.contains(reference)) {
            return Type.Any.ANY;
        }
        var target = find(reference);
        if (target == null) {
            report.add(
                    "E-SCHEMA-01",
                    "`" + DisplayWidth.shown(reference) + "` leads nowhere",
                    here,
                    "not found",
                    null);
            return Type.Any.ANY;
        }
        var followed = new ArrayList<>(references);
        followed.add(reference);
        return type(target, at, followed);
    }

    private @Nullable Value find(String reference) {
        Value at = root;
        if (reference.equals("#")) {
            return at;
        }
        for (var step : reference.substring(2).split("/", -1)) {
            var name = step.replace("~1", "/").replace("~0", "~");
            var next = at instanceof Value.Struct struct ? struct.get(name) : null;
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }
}
