package dev.tutti.agents.tools.http;

import dev.tutti.agents.tools.With;
import dev.tutti.agents.tools.http.Parameter.In;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One kind of request, and how arguments become one.
///
/// @param url with `{name}` where a parameter of the path goes
/// @param headers that every request has
/// @param body what becomes of the argument [#BODY], or of all arguments that have no other place
record Operation(
        Tool.Description description,
        String method,
        String url,
        List<Parameter> parameters,
        Map<String, String> headers,
        Body body) {
    static final String BODY = "body";

    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    /// How arguments become a body.
    enum Body {
        NONE,
        JSON,
        FORM,
        /// What has no other place is a field of a JSON object.
        REST_AS_JSON,
        /// What has no other place is a parameter of the query.
        REST_AS_QUERY
    }

    static boolean isReadOnly(String method) {
        return SAFE.contains(method);
    }

    /// The request that the arguments make.
    ///
    /// @throws IllegalArgumentException when they make none
    HttpRequest.Builder request(Value.Struct arguments) {
        var query = new ArrayList<String>();
        var path = url;
        var request = HttpRequest.newBuilder();
        headers.forEach(request::setHeader);
        for (var parameter : parameters) {
            var value = arguments.get(parameter.argument());
            if (value == null || value instanceof Value.Null) {
                if (parameter.required()) {
                    throw new IllegalArgumentException("`" + parameter.argument() + "` is needed");
                }
                continue;
            }
            switch (parameter.in()) {
                case PATH ->
                        path =
                                path.replace(
                                        "{" + parameter.name() + "}", segment(parameter, value));
                case QUERY -> add(query, parameter, value);
                case HEADER -> request.setHeader(parameter.name(), header(parameter, value));
            }
        }
        if (body == Body.REST_AS_QUERY) {
            rest(arguments)
                    .fields()
                    .forEach((name, value) ->
                            add(
                                    query,
                                    new Parameter(name, name, In.QUERY, false, true, false),
                                    value));
        }
        var address = path;
        if (!query.isEmpty()) {
            address += (path.contains("?") ? "&" : "?") + String.join("&", query);
        }
        return request.uri(URI.create(address)).method(method, publisher(request, arguments));
    }

    private BodyPublisher publisher(HttpRequest.Builder request, Value.Struct arguments) {
        var given = arguments.get(BODY);
        return switch (body) {
            case NONE, REST_AS_QUERY -> BodyPublishers.noBody();
            case JSON -> given == null ? BodyPublishers.noBody() : json(request, given);
            case REST_AS_JSON -> json(request, rest(arguments));
            case FORM -> {
                var fields = new ArrayList<String>();
                if (given instanceof Value.Struct struct) {
                    struct.fields()
                            .forEach((name, value) ->
                                    add(
                                            fields,
                                            new Parameter(name, name, In.QUERY, false, true, false),
                                            value));
                }
                request.setHeader("Content-Type", "application/x-www-form-urlencoded");
                yield BodyPublishers.ofString(String.join("&", fields));
            }
        };
    }

    private static BodyPublisher json(HttpRequest.Builder request, Value value) {
        request.setHeader("Content-Type", "application/json");
        return BodyPublishers.ofByteArray(Json.bytes(value));
    }

    /// Arguments that are no parameter.
    private Value.Struct rest(Value.Struct arguments) {
        var rest = Value.Struct.EMPTY;
        for (var field : arguments.fields().entrySet()) {
            if (parameters.stream().noneMatch(one -> one.argument().equals(field.getKey()))) {
                rest = rest.with(field.getKey(), field.getValue());
            }
        }
        return rest;
    }

    /// One segment of a path and no more, whatever it says.
    private static String segment(Parameter parameter, Value value) {
        var text =
                value instanceof Value.Array(var items)
                        ? String.join(
                                ",", items.stream().map(item -> encoded(plain(item))).toList())
                        : encoded(plain(value));
        if (text.isEmpty() || text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException(
                    "`"
                            + parameter.argument()
                            + "` is part of a path and cannot be `"
                            + text
                            + "`");
        }
        return text;
    }

    private static void add(List<String> query, Parameter parameter, Value value) {
        var name = encoded(parameter.name());
        switch (value) {
            case Value.Array(var items) when parameter.explode() ->
                    items.forEach(item -> query.add(name + "=" + encoded(plain(item))));
            case Value.Array(var items) ->
                    query.add(
                            name
                                    + "="
                                    + String.join(
                                            ",",
                                            items.stream()
                                                    .map(item -> encoded(plain(item)))
                                                    .toList()));
            case Value.Struct(var fields) when parameter.deep() ->
                    fields.forEach((field, item) ->
                            query.add(
                                    name
                                            + encoded("[" + field + "]")
                                            + "="
                                            + encoded(plain(item))));
            default -> query.add(name + "=" + encoded(plain(value)));
        }
    }

    private static String header(Parameter parameter, Value value) {
        var text = plain(value);
        if (!text.chars().allMatch(c -> c >= ' ' && c != 0x7F)) {
            throw new IllegalArgumentException(
                    "`" + parameter.argument() + "` goes into a header and is one line of text");
        }
        return text;
    }

    private static String plain(Value value) {
        return With.plain(value).orElseGet(() -> Json.text(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
