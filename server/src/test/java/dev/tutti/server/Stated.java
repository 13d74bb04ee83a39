package dev.tutti.server;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.OpenApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// What the description for programs says of answers, to hold real ones against. It is stricter
/// than the description: a field that an answer has and the description does not name is a fault.
final class Stated {
    /// Any server may say these of anything.
    private static final Set<Integer> EVERYWHERE = Set.of(405, 431, 500);

    private static final String JSON = "application/json";
    private static final Value.Struct DOCUMENT = document();
    private static final List<Operation> OPERATIONS = operations();
    private static final Map<Value.Struct, Schema> SCHEMAS = new ConcurrentHashMap<>();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /// Methods and paths of good answers that were held against it.
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private Stated() {}

    /// @param pattern of its paths
    private record Operation(String method, String path, Pattern pattern, Value.Struct responses) {
        static Operation of(String method, String path, Value.Struct operation) {
            var pattern =
                    Pattern.compile(
                            path.replaceAll("\\{(rest|id)}", ".+")
                                    .replaceAll("\\{\\w+}", "[^/]+")
                                    .replace(".csv", "\\.csv"));
            return new Operation(
                    method.toUpperCase(Locale.ROOT),
                    path,
                    pattern,
                    (Value.Struct) operation.fields().getOrDefault("responses", Value.NULL));
        }
    }

    private static Value.Struct document() {
        var options =
                new Server.Options("127.0.0.1", 0, List.of(), java.time.Duration.ofSeconds(5));
        try (var tutti = Tutti.inMemory();
                var server =
                        Server.start(tutti, OperatorToken.of("nobody-asks-this-one"), options)) {
            return OpenApi.of(server.routes(), "0");
        }
    }

    private static List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        struct(DOCUMENT, "paths")
                .fields()
                .forEach((path, methods) ->
                        ((Value.Struct) methods)
                                .fields()
                                .forEach((method, operation) ->
                                        operations.add(
                                                Operation.of(
                                                        method, path, (Value.Struct) operation))));
        // Of two that fit, the one with fewer parameters is meant.
        operations.sort(Comparator.comparingInt(one -> one.path.split("\\{", -1).length));
        return operations;
    }

    private static Value.Struct struct(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    /// Which operations had a good answer that was as stated: `GET /api/v1/runs`.
    static Set<String> seen() {
        return Set.copyOf(SEEN);
    }

    /// What is not as stated of an answer.
    static List<String> complaints(
            String method, String path, int status, String type, byte[] body) {
        var found =
                OPERATIONS.stream()
                        .filter(one -> one.method.equals(method))
                        .filter(one -> one.pattern.matcher(path).matches())
                        .findFirst();
        return found.map(one -> complaints(one, status, type, body)).orElse(List.of());
    }

    private static List<String> complaints(
            Operation operation, int status, String type, byte[] body) {
        if (EVERYWHERE.contains(status)) {
            return List.of();
        }
        if (status >= 400 && type.startsWith("application/problem")) {
            return problem(operation, status, body);
        }
        var response = struct(operation.responses, String.valueOf(status));
        var media = type.split(";", 2)[0].strip();
        if (response.fields().isEmpty()) {
            return List.of("no answer " + status + " is stated");
        }
        if (body.length == 0 && response.get("content") == null) {
            SEEN.add(operation.method + " " + operation.path);
            return List.of();
        }
        var content = struct(response, "content");
        if (!(content.get(media) instanceof Value.Struct stated)) {
            return List.of(media + " is not stated for " + status);
        }
        var wrong =
                media.equals(JSON) && body.length > 0
                        ? complaints(struct(stated, "schema"), body)
                        : List.<String>of();
        if (wrong.isEmpty()) {
            SEEN.add(operation.method + " " + operation.path);
        }
        return wrong;
    }

    private static List<String> problem(Operation operation, int status, byte[] body) {
        var wrong = new ArrayList<String>();
        if (operation.responses.get(String.valueOf(status)) == null) {
            wrong.add("no problem " + status + " is stated");
        }
        if (body.length > 0) {
            var problem = Value.struct("$ref", Value.text("#/components/schemas/Problem"));
            wrong.addAll(complaints(problem, body));
        }
        return wrong;
    }

    private static List<String> complaints(Value.Struct schema, byte[] body) {
        return SCHEMAS
                .computeIfAbsent(schema, Stated::compiled)
                .validate(new String(body, StandardCharsets.UTF_8), InputFormat.JSON)
                .stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList();
    }

    private static Schema compiled(Value.Struct schema) {
        var whole =
                ((Value.Struct) sealed(schema))
                        .with("$defs", sealed(struct(struct(DOCUMENT, "components"), "schemas")));
        return REGISTRY.getSchema(
                Json.text(whole).replace("#/components/schemas/", "#/$defs/"), InputFormat.JSON);
    }

    /// The same, with no fields but those that are named.
    private static Value sealed(Value schema) {
        return switch (schema) {
            case Value.Struct(var fields) -> {
                var all = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> all.put(name, sealed(field)));
                if (fields.get("type") instanceof Value.Text(var type)
                        && type.equals("object")
                        && fields.containsKey("properties")) {
                    all.putIfAbsent("additionalProperties", Value.of(false));
                }
                yield new Value.Struct(all);
            }
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(Stated::sealed).toList());
            default -> schema;
        };
    }

    /// What the meta-schema of JSON Schema has against the schemas of the description.
    static List<String> faults() {
        var meta =
                REGISTRY.getSchema(
                        com.networknt.schema.SchemaLocation.of(
                                "https://json-schema.org/draft/2020-12/schema"));
        var wrong = new ArrayList<String>();
        struct(struct(DOCUMENT, "components"), "schemas")
                .fields()
                .forEach((name, schema) ->
                        meta.validate(Json.text(schema), InputFormat.JSON)
                                .forEach(error -> wrong.add(name + ": " + error.getMessage())));
        return wrong;
    }

    /// The path of the operation that an address is one of.
    static Optional<String> operation(String method, String path) {
        return OPERATIONS.stream()
                .filter(one -> one.method.equals(method) && one.pattern.matcher(path).matches())
                .map(one -> one.method + " " + one.path)
                .findFirst();
    }
}
