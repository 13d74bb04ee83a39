package dev.tutti.agents.tools.http;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The schemas of an OpenAPI document as JSON Schema that stands alone: what they refer to is put
/// in its place, what refers to itself ends as anything, and what 3.0 says in its own way is said
/// as JSON Schema does.
final class Schemas {
    private static final int DEEPEST = 24;
    private static final int MOST_NODES = 20_000;
    private static final int MOST_HOPS = 20;

    /// What is not for whoever writes arguments.
    private static final Set<String> LEFT_OUT =
            Set.of("example", "examples", "xml", "discriminator", "externalDocs", "deprecated");

    private final Value.Struct root;
    private final boolean old;

    /// @param old whether the document is of version 3.0
    Schemas(Value.Struct root, boolean old) {
        this.root = root;
        this.old = old;
    }

    /// What an object stands for, where it is a reference.
    ///
    /// @throws IllegalArgumentException when there is no such thing in the document
    Value.Struct resolved(Value.Struct one) {
        var at = one;
        for (int i = 0; i < MOST_HOPS; i++) {
            if (!(at.get("$ref") instanceof Value.Text(var reference))) {
                return at;
            }
            at = target(reference);
        }
        throw new IllegalArgumentException("the document refers in circles: " + one.get("$ref"));
    }

    private Value.Struct target(String reference) {
        if (!reference.startsWith("#/")) {
            throw new IllegalArgumentException(
                    "the document refers to `"
                            + reference
                            + "`, outside of itself; bundle it into one document first");
        }
        Value at = root;
        for (var step : reference.substring(2).split("/", -1)) {
            var name = step.replace("~1", "/").replace("~0", "~");
            at = OpenApi.struct(at).get(name);
            if (at == null) {
                throw new IllegalArgumentException(
                        "the document refers to `" + reference + "`, which is not in it");
            }
        }
        return OpenApi.struct(at);
    }

    Value.Struct expanded(Value.Struct schema) {
        return OpenApi.struct(new Expansion().of(schema, 0, true));
    }

    /// One schema, put together within bounds.
    private final class Expansion {
        private final Set<String> open = new HashSet<>();
        private int nodes;

        /// @param isSchema whether this is a schema, and not names with schemas
        private Value of(Value value, int depth, boolean isSchema) {
            if (++nodes > MOST_NODES || depth > DEEPEST) {
                return Value.Struct.EMPTY;
            }
            return switch (value) {
                case Value.Struct struct
                        when struct.get("$ref") instanceof Value.Text(var reference) ->
                        reference(reference, struct, depth);
                case Value.Struct struct -> fields(struct, depth, isSchema);
                case Value.Array(var items) -> {
                    List<Value> all = new ArrayList<>();
                    items.forEach(item -> all.add(of(item, depth + 1, true)));
                    yield new Value.Array(all);
                }
                default -> value;
            };
        }

        private Value reference(String reference, Value.Struct struct, int depth) {
            if (!open.add(reference)) {
                return Value.Struct.EMPTY;
            }
            try {
                return of(resolved(struct), depth + 1, true);
            } finally {
                open.remove(reference);
            }
        }

        private Value fields(Value.Struct struct, int depth, boolean isSchema) {
            var fields = new LinkedHashMap<String, Value>();
            struct.fields()
                    .forEach((name, value) -> {
                        if (isSchema && (LEFT_OUT.contains(name) || name.startsWith("x-"))) {
                            return;
                        }
                        boolean names =
                                isSchema
                                        && (name.equals("properties")
                                                || name.equals("patternProperties")
                                                || name.equals("$defs"));
                        boolean plain =
                                isSchema
                                        && (name.equals("enum")
                                                || name.equals("const")
                                                || name.equals("default")
                                                || name.equals("required"));
                        fields.put(name, plain ? value : of(value, depth + 1, !names));
                    });
            var all = new Value.Struct(fields);
            return isSchema && old ? renewed(all) : all;
        }
    }

    /// What 3.0 says otherwise: `nullable`, and limits that are excluded by a flag.
    private static Value.Struct renewed(Value.Struct schema) {
        var fields = new LinkedHashMap<>(schema.fields());
        boolean nullable = Value.of(true).equals(fields.remove("nullable"));
        if (nullable && fields.get("type") instanceof Value.Text type) {
            fields.put("type", Value.array(type, Value.text("null")));
        }
        if (nullable
                && fields.get("enum") instanceof Value.Array(var items)
                && !items.contains(Value.NULL)) {
            var all = new ArrayList<>(items);
            all.add(Value.NULL);
            fields.put("enum", new Value.Array(all));
        }
        exclude(fields, "exclusiveMinimum", "minimum");
        exclude(fields, "exclusiveMaximum", "maximum");
        return new Value.Struct(fields);
    }

    private static void exclude(Map<String, Value> fields, String flag, String limit) {
        if (fields.get(flag) instanceof Value.Bool(var excluded)) {
            fields.remove(flag);
            var bound = fields.get(limit);
            if (excluded && bound != null) {
                fields.remove(limit);
                fields.put(flag, bound);
            }
        }
    }
}
