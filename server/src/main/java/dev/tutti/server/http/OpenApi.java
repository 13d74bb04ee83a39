package dev.tutti.server.http;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The description of the routes for programs, OpenAPI 3.1, made from the table that the router
/// serves: nothing can be served that it does not say, nor the other way round.
public final class OpenApi {
    private static final Value STRING = Value.struct("type", Value.text("string"));

    private static final String PROBLEM = "Problem";

    /// What a status of a problem says, whatever its route.
    private static final Map<Integer, String> PROBLEMS =
            new TreeMap<>(
                    Map.of(
                            400, "What was sent makes no sense; `errors` says where.",
                            401, "Nobody, or nobody that is known here, asks.",
                            403, "Whoever asks does not have the right to it.",
                            404, "There is no such thing here.",
                            409, "It cannot be done as things stand, or they have moved on.",
                            413, "The body is too long.",
                            415, "The body is of a type that is not taken here.",
                            422, "What was sent does not fit; `errors` says where and why.",
                            429, "Too much is asked; `retry-after` says when to ask again.",
                            503, "Not at this moment; `retry-after` says when to ask again."));

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
                    properties.put(field.getKey(), Shapes.named(field.getValue().replace("?", "")));
                    if (!field.getValue().endsWith("?")) {
                        required.add(Value.text(field.getKey()));
                    }
                });
        var schema =
                Value.struct(
                        "type", Value.text("object"), "properties", new Value.Struct(properties));
        return required.isEmpty() ? schema : schema.with("required", new Value.Array(required));
    }

    private static Value responses(Route route) {
        var responses = new LinkedHashMap<String, Value>();
        route.answers()
                .forEach((status, types) ->
                        responses.put(
                                String.valueOf(status),
                                status == 204 ? described("Done.") : good(types)));
        for (var status : route.problems()) {
            responses.put(String.valueOf(status), reference("responses", problem(status)));
        }
        responses.put("default", reference("responses", PROBLEM));
        return new Value.Struct(responses);
    }

    private static Value good(Map<String, String> types) {
        var content = new LinkedHashMap<String, Value>();
        types.forEach((type, shape) -> content.put(type, media(type, shape)));
        return described("Done.").with("content", new Value.Struct(content));
    }

    /// Bytes have no schema; of a stream of events it is that of its text.
    private static Value.Struct media(String type, String shape) {
        if (!shape.isEmpty()) {
            return Value.struct("schema", Shapes.named(shape));
        }
        if (type.equals("application/json")) {
            return Value.struct("schema", Value.struct("type", Value.text("object")));
        }
        return type.startsWith("text/") ? Value.struct("schema", STRING) : Value.Struct.EMPTY;
    }

    private static Value.Struct described(String what) {
        return Value.struct("description", Value.text(what));
    }

    private static Value.Struct reference(String where, String name) {
        return Value.struct("$ref", Value.text("#/components/" + where + "/" + name));
    }

    private static String problem(int status) {
        return PROBLEM + status;
    }

    private static Value components() {
        var responses = new LinkedHashMap<String, Value>();
        PROBLEMS.forEach((status, what) -> responses.put(problem(status), refusal(status, what)));
        responses.put(PROBLEM, refusal(0, "It was not done, and why (RFC 9457)."));
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
                Shapes.all(),
                "responses",
                new Value.Struct(responses));
    }

    private static Value refusal(int status, String what) {
        var response =
                described(what)
                        .with(
                                "content",
                                Value.struct(
                                        "application/problem+json",
                                        Value.struct("schema", reference("schemas", PROBLEM))));
        return switch (status) {
            case 401 -> response.with("headers", header("www-authenticate"));
            case 429, 503 -> response.with("headers", header("retry-after"));
            default -> response;
        };
    }

    private static Value header(String name) {
        return Value.struct(name, Value.struct("schema", STRING));
    }
}
