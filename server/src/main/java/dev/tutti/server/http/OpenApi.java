package dev.tutti.server.http;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The description of the routes for programs, OpenAPI 3.1, made from the table that the router
/// serves: nothing can be served that it does not say, nor the other way round.
public final class OpenApi {
    private static final Value STRING = Value.struct("type", Value.text("string"));

    private OpenApi() {}

    /// The document.
    ///
    /// @param version of this Tutti
    public static Value.Struct of(List<Route> routes, String version) {
        var paths = new LinkedHashMap<String, Value>();
        for (var route : routes) {
            var path = route.path().replace('<', '{').replace('>', '}');
            var before = paths.get(path) instanceof Value.Struct there ? there : Value.Struct.EMPTY;
            paths.put(
                    path,
                    before.with(route.method().name().toLowerCase(Locale.ROOT), operation(route)));
        }
        return Value.struct(
                "openapi",
                Value.text("3.1.0"),
                "info",
                Value.struct(
                        "title",
                        Value.text("Tutti"),
                        "version",
                        Value.text(version),
                        "description",
                        Value.text(
                                "Looks at runs, begins them, changes their course. Every change is journaled"
                                        + " with who asked for it and why.")),
                "servers",
                Value.array(Value.struct("url", Value.text("/"))),
                "security",
                Value.array(
                        Value.struct("token", Value.Array.EMPTY),
                        Value.struct("session", Value.Array.EMPTY)),
                "paths",
                new Value.Struct(paths),
                "components",
                components());
    }

    private static Value.Struct operation(Route route) {
        var operation = new LinkedHashMap<String, Value>();
        operation.put("operationId", Value.text(name(route)));
        operation.put("summary", Value.text(route.says()));
        operation.put("x-right", Value.text(route.right().word()));
        if (route.right() == Right.PUBLIC) {
            operation.put("security", Value.Array.EMPTY);
        }
        var parameters = parameters(route);
        if (!parameters.isEmpty()) {
            operation.put("parameters", new Value.Array(parameters));
        }
        var body = route.body();
        if (body != null) {
            operation.put(
                    "requestBody",
                    Value.struct(
                            "content",
                            Value.struct("application/json", Value.struct("schema", object(body))),
                            "required",
                            Value.of(
                                    body.values().stream().anyMatch(type -> !type.endsWith("?")))));
        }
        operation.put("responses", responses(route));
        return new Value.Struct(operation);
    }

    /// `GET /api/v1/runs/{run}/why` is `getRunsRunWhy`.
    private static String name(Route route) {
        var name = new StringBuilder(route.method().name().toLowerCase(Locale.ROOT));
        if (!route.path().startsWith("/api/")) {
            name.append("Page");
        }
        for (var part : route.path().replace("/api/v1", "").split("[^A-Za-z0-9]+", -1)) {
            if (!part.isEmpty()) {
                name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
        }
        return name.toString();
    }

    private static List<Value> parameters(Route route) {
        var parameters = new ArrayList<Value>();
        for (var name : route.parameters()) {
            parameters.add(
                    Value.struct(
                            "name",
                            Value.text(name),
                            "in",
                            Value.text("path"),
                            "required",
                            Value.of(true),
                            "schema",
                            STRING));
        }
        route.query()
                .forEach((name, meaning) ->
                        parameters.add(
                                Value.struct(
                                        "name",
                                        Value.text(name),
                                        "in",
                                        Value.text("query"),
                                        "description",
                                        Value.text(meaning),
                                        "schema",
                                        STRING)));
        return parameters;
    }

    /// An object of fields with types in shorthand.
    private static Value.Struct object(Map<String, String> fields) {
        var properties = new LinkedHashMap<String, Value>();
        var required = new ArrayList<Value>();
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> {
                    properties.put(field.getKey(), type(field.getValue().replace("?", "")));
                    if (!field.getValue().endsWith("?")) {
                        required.add(Value.text(field.getKey()));
                    }
                });
        var schema =
                Value.struct(
                        "type", Value.text("object"), "properties", new Value.Struct(properties));
        return required.isEmpty() ? schema : schema.with("required", new Value.Array(required));
    }

    private static Value type(String shorthand) {
        return switch (shorthand) {
            case "any" -> Value.Struct.EMPTY;
            case "int" -> Value.struct("type", Value.text("integer"));
            case "bool" -> Value.struct("type", Value.text("boolean"));
            case "[string]" -> Value.struct("type", Value.text("array"), "items", STRING);
            default -> Value.struct("type", Value.text(shorthand));
        };
    }

    private static Value responses(Route route) {
        var responses = new LinkedHashMap<String, Value>();
        route.answers()
                .forEach((status, type) ->
                        responses.put(
                                String.valueOf(status),
                                status == 204
                                        ? Value.struct("description", Value.text("Done."))
                                        : Value.struct(
                                                "description",
                                                Value.text("Done."),
                                                "content",
                                                Value.struct(
                                                        type,
                                                        Value.struct(
                                                                "schema",
                                                                type.equals("application/json")
                                                                        ? Value.struct(
                                                                                "type",
                                                                                Value.text(
                                                                                        "object"))
                                                                        : STRING)))));
        responses.put(
                "default", Value.struct("$ref", Value.text("#/components/responses/Problem")));
        return new Value.Struct(responses);
    }

    private static Value components() {
        var problem =
                object(
                        Map.of(
                                "type", "string",
                                "title", "string",
                                "status", "int",
                                "code", "string",
                                "detail", "string"));
        return Value.struct(
                "securitySchemes",
                Value.struct(
                        "token",
                        Value.struct("type", Value.text("http"), "scheme", Value.text("bearer")),
                        "session",
                        Value.struct(
                                "type",
                                Value.text("apiKey"),
                                "in",
                                Value.text("cookie"),
                                "name",
                                Value.text("tutti_session"))),
                "schemas",
                Value.struct("Problem", problem),
                "responses",
                Value.struct(
                        "Problem",
                        Value.struct(
                                "description",
                                Value.text("It was not done, and why (RFC 9457)."),
                                "content",
                                Value.struct(
                                        "application/problem+json",
                                        Value.struct(
                                                "schema",
                                                Value.struct(
                                                        "$ref",
                                                        Value.text(
                                                                "#/components/schemas/Problem")))))));
    }
}
