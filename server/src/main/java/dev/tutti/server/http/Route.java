package dev.tutti.server.http;

import dev.tutti.core.event.Value;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of the table of routes.
///
/// @param path as the router takes it, `/api/v1/runs/{run}`
/// @param right what one must be allowed
/// @param says what it does, one sentence
/// @param query names of parameters, and what they are
/// @param body names of the fields of the body, and their types in shorthand; null for no body
/// @param answers the statuses of a good answer, and what comes with it
public record Route(
        HandlerType method,
        String path,
        Right right,
        Handler handler,
        String says,
        Map<String, String> query,
        @Nullable Map<String, String> body,
        Map<Integer, String> answers) {

    private static final int OK = 200;

    public static Route get(String path, Right right, Handler handler, String says) {
        return of(HandlerType.GET, path, right, handler, says, OK);
    }

    public static Route post(String path, Right right, Handler handler, String says) {
        return of(HandlerType.POST, path, right, handler, says, OK).takes(Map.of());
    }

    public static Route delete(String path, Right right, Handler handler, String says) {
        return of(HandlerType.DELETE, path, right, handler, says, 204);
    }

    private static Route of(
            HandlerType method, String path, Right right, Handler handler, String says, int good) {
        return new Route(
                method,
                path,
                right,
                handler,
                says,
                Map.of(),
                null,
                Map.of(good, "application/json"));
    }

    /// With a parameter of the query.
    public Route query(String name, String meaning) {
        var more = new LinkedHashMap<>(query);
        more.put(name, meaning);
        return new Route(method, path, right, handler, says, more, body, answers);
    }

    /// With a body of these fields too; a type that ends with `?` may be left out.
    public Route takes(Map<String, String> fields) {
        var more = new LinkedHashMap<String, String>();
        if (body != null) {
            more.putAll(body);
        }
        more.putAll(fields);
        return new Route(method, path, right, handler, says, query, more, answers);
    }

    /// With this answer.
    public Route gives(int status, String type) {
        return new Route(method, path, right, handler, says, query, body, Map.of(status, type));
    }

    /// The parameters of its path.
    public List<String> parameters() {
        var names = new ArrayList<String>();
        var matcher = java.util.regex.Pattern.compile("[{<](\\w+)[}>]").matcher(path);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /// Answers, if one may.
    void handle(Context request) throws Exception {
        if (right != Right.PUBLIC && !Caller.of(request).may(right)) {
            throw new Problem(
                    403,
                    "no_right",
                    "this needs the right to " + right.word() + ", which this token does not have");
        }
        if (body != null && right != Right.WORK) {
            request.attribute(Body.FIELDS, body.keySet());
        }
        handler.handle(request);
    }

    /// A JSON answer.
    public static void answer(Context to, int status, Value body) {
        to.status(status)
                .contentType("application/json")
                .result(dev.tutti.runtime.json.Json.bytes(body));
    }
}
