package dev.tutti.agents.tools.http;

import dev.tutti.agents.tools.http.Parameter.In;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.tool.Tool;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The operations of an OpenAPI document, 3.0 or 3.1 (OpenAPI Specification, chapters "Paths
/// Object" and "Parameter Object"). What it refers to is looked up in the document itself and
/// nowhere else.
final class OpenApi {
    private static final Set<String> METHODS =
            Set.of("get", "head", "post", "put", "patch", "delete");

    /// Headers that are not an argument: OpenAPI leaves them to other parts of the document.
    private static final Set<String> NO_ARGUMENTS =
            Set.of(
                    "accept",
                    "content-type",
                    "authorization",
                    "host",
                    "content-length",
                    "traceparent");

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_TEXT = 4_000;

    private final String at;
    private final Value.Struct root;
    private final Schemas schemas;

    private OpenApi(String at, Value.Struct root) {
        this.at = at;
        this.root = root;
        this.schemas = new Schemas(root, version(at, root).startsWith("3.0"));
    }

    /// Reads a document, JSON or YAML.
    ///
    /// @param at where it is named, for messages
    /// @throws IllegalArgumentException when it is none
    static OpenApi read(String at, byte[] text) {
        return new OpenApi(at, Document.read(at, text));
    }

    private static String version(String at, Value.Struct root) {
        if (root.get("swagger") != null) {
            throw new IllegalArgumentException(
                    at + ": this is Swagger 2.0; convert it to OpenAPI 3 first");
        }
        if (root.get("openapi") instanceof Value.Text(var version)
                && (version.startsWith("3.0") || version.startsWith("3.1"))) {
            return version;
        }
        throw new IllegalArgumentException(
                at
                        + ": this is no OpenAPI document of version 3.0 or 3.1: `openapi` says so in one");
    }

    /// The first server that the document names.
    ///
    /// @param document where the document came from, or null for a file; the server is on its host
    URI server(@Nullable URI document) {
        var url =
                root.get("servers") instanceof Value.Array(var servers) && !servers.isEmpty()
                        ? address(struct(servers.getFirst()))
                        : "/";
        URI server;
        try {
            server = document == null ? URI.create(url) : document.resolve(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at + ": the server `" + url + "` is no address", e);
        }
        if (server.getHost() == null) {
            throw new IllegalArgumentException(
                    at + " does not say where its server is; write `url: https://…` beside it");
        }
        if (document != null && !document.getHost().equalsIgnoreCase(server.getHost())) {
            throw new IllegalArgumentException(
                    at
                            + " comes from "
                            + document.getHost()
                            + " and names a server at "
                            + server.getHost()
                            + "; write `url: "
                            + server
                            + "` if that is meant");
        }
        return server;
    }

    private static String address(Value.Struct server) {
        var url = text(server, "url").orElse("/");
        for (var variable : struct(server.get("variables")).fields().entrySet()) {
            var standard = text(struct(variable.getValue()), "default").orElse("");
            url = url.replace("{" + variable.getKey() + "}", standard);
        }
        return url;
    }

    /// The operations of these ids, or all.
    ///
    /// @throws IllegalArgumentException when there is no such operation, or it cannot be called
    List<Operation> operations(URI server, List<String> ids, Map<String, String> headers) {
        var found = new LinkedHashMap<String, Operation>();
        var left = new LinkedHashMap<String, String>();
        for (var path : struct(root.get("paths")).fields().entrySet()) {
            var item = schemas.resolved(struct(path.getValue()));
            for (var field : item.fields().entrySet()) {
                if (!METHODS.contains(field.getKey())) {
                    continue;
                }
                var operation = struct(field.getValue());
                var id = text(operation, "operationId").orElse(field.getKey() + path.getKey());
                if (!ids.isEmpty() && !ids.contains(id)) {
                    left.put(id, "");
                    continue;
                }
                try {
                    found.put(
                            id,
                            operation(
                                    id,
                                    field.getKey(),
                                    join(server, path.getKey()),
                                    item,
                                    operation,
                                    headers));
                } catch (Unsupported e) {
                    left.put(id, String.valueOf(e.getMessage()));
                }
            }
        }
        for (var id : ids) {
            if (!found.containsKey(id)) {
                var why = left.getOrDefault(id, "");
                throw new IllegalArgumentException(
                        at
                                + " has no operation `"
                                + id
                                + "`"
                                + (why.isEmpty()
                                        ? "; there are " + known(left.keySet(), found.keySet())
                                        : ": " + why));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(at + " has no operation that can be called");
        }
        return List.copyOf(found.values());
    }

    private static String known(Set<String> left, Set<String> found) {
        var all = new ArrayList<>(found);
        all.addAll(left);
        return all.size() <= 20
                ? all.toString()
                : all.subList(0, 20) + " and " + (all.size() - 20) + " more";
    }

    private static String join(URI server, String path) {
        var base = server.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }

    private Operation operation(
            String id,
            String method,
            String url,
            Value.Struct item,
            Value.Struct operation,
            Map<String, String> headers) {
        var parameters = new ArrayList<Parameter>();
        var properties = new LinkedHashMap<String, Value>();
        var required = new ArrayList<Value>();
        for (var one : declared(item, operation)) {
            read(one, properties.keySet())
                    .ifPresent(parameter -> {
                        parameters.add(parameter);
                        properties.put(parameter.argument(), described(one));
                        if (parameter.required()) {
                            required.add(Value.text(parameter.argument()));
                        }
                    });
        }
        var body =
                body(schemas.resolved(struct(operation.get("requestBody"))), properties, required);
        var schema =
                Value.struct(
                        "type", Value.text("object"),
                        "properties", new Value.Struct(properties),
                        "required", new Value.Array(required));
        var verb = method.toUpperCase(Locale.ROOT);
        var text =
                text(operation, "description")
                        .or(() -> text(operation, "summary"))
                        .or(() -> text(item, "summary"))
                        .orElse(verb + " " + url);
        var description =
                new Tool.Description(
                        name(id),
                        text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text,
                        schema,
                        Operation.isReadOnly(verb));
        return new Operation(description, verb, url, parameters, headers, body);
    }

    /// What a model may call it.
    private static String name(String id) {
        var name = id.replaceAll("[^A-Za-z0-9_-]+", "_");
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    }

    /// The parameters of the path and of the operation, which come first where both say something.
    private List<Value.Struct> declared(Value.Struct item, Value.Struct operation) {
        var declared = new LinkedHashMap<String, Value.Struct>();
        for (var from : List.of(item, operation)) {
            if (from.get("parameters") instanceof Value.Array(var all)) {
                for (var one : all) {
                    var parameter = schemas.resolved(struct(one));
                    declared.put(
                            text(parameter, "in").orElse("")
                                    + " "
                                    + text(parameter, "name").orElse(""),
                            parameter);
                }
            }
        }
        return List.copyOf(declared.values());
    }

    private Optional<Parameter> read(Value.Struct one, Set<String> taken) {
        var name = text(one, "name").orElse("");
        var in = text(one, "in").orElse("");
        boolean required = Value.of(true).equals(one.get("required"));
        var place =
                switch (in) {
                    case "path" -> In.PATH;
                    case "query" -> In.QUERY;
                    case "header" -> In.HEADER;
                    default -> null;
                };
        if (place == null || name.isEmpty()) {
            if (required) {
                throw new Unsupported("it needs a parameter in `" + in + "`, which is not known");
            }
            return Optional.empty();
        }
        if (place == In.HEADER && NO_ARGUMENTS.contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        var style = text(one, "style").orElse(place == In.QUERY ? "form" : "simple");
        boolean explode =
                one.get("explode") instanceof Value.Bool(var flag) ? flag : style.equals("form");
        boolean clash = taken.contains(name) || name.equals(Operation.BODY);
        return Optional.of(
                new Parameter(
                        clash ? in + "_" + name : name,
                        name,
                        place,
                        required || place == In.PATH,
                        explode,
                        style.equals("deepObject")));
    }

    private Value described(Value.Struct parameter) {
        var schema = schemas.expanded(schema(parameter));
        return text(parameter, "description")
                .filter(_ -> schema.get("description") == null)
                .map(text -> schema.with("description", Value.text(text)))
                .orElse(schema);
    }

    /// A parameter says what it is by `schema`, or by the only entry of `content`.
    private static Value.Struct schema(Value.Struct parameter) {
        if (parameter.get("schema") instanceof Value.Struct schema) {
            return schema;
        }
        return struct(parameter.get("content")).fields().values().stream()
                .findFirst()
                .map(one -> struct(struct(one).get("schema")))
                .orElse(Value.Struct.EMPTY);
    }

    private Operation.Body body(
            Value.Struct body, Map<String, Value> properties, List<Value> required) {
        var content = struct(body.get("content")).fields();
        if (content.isEmpty()) {
            return Operation.Body.NONE;
        }
        boolean needed = Value.of(true).equals(body.get("required"));
        for (var media : content.entrySet()) {
            var type = media.getKey().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            boolean json =
                    type.equals("application/json") || type.endsWith("+json") || type.equals("*/*");
            if (json || type.equals("application/x-www-form-urlencoded")) {
                properties.put(
                        Operation.BODY,
                        schemas.expanded(struct(struct(media.getValue()).get("schema"))));
                if (needed) {
                    required.add(Value.text(Operation.BODY));
                }
                return json ? Operation.Body.JSON : Operation.Body.FORM;
            }
        }
        if (needed) {
            throw new Unsupported(
                    "it needs a body of " + content.keySet() + ", which is not known");
        }
        return Operation.Body.NONE;
    }

    static Value.Struct struct(@Nullable Value value) {
        return value instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    static Optional<String> text(Value.Struct from, String name) {
        return from.get(name) instanceof Value.Text(var text) && !text.isBlank()
                ? Optional.of(text)
                : Optional.empty();
    }

    /// An operation that is in order, but that we cannot call.
    private static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String message) {
            super(message);
        }
    }
}
