package dev.tutti.server.http;

import dev.tutti.core.event.Value;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One line of the table of routes.
///
/// @param path as the router takes it, `/api/v1/runs/{run}`
/// @param right what one must be allowed
/// @param says what it does, one sentence
/// @param query names of parameters, and what they are
/// @param body names of the fields of the body, and their types in shorthand; null for no body
/// @param answers the statuses of a good answer, with the media types that it may be of and what is
///   in it: a shape of `answers.json`, several with `|` between them, or nothing to say
/// @param refusals statuses of problems, besides those of every route with this right
public record Route(
        HandlerType method,
        String path,
        Right right,
        Handler handler,
        String says,
        Map<String, String> query,
        @Nullable Map<String, String> body,
        Map<Integer, Map<String, String>> answers,
        Set<Integer> refusals) {

    private static final int OK = 200;
    private static final String JSON = "application/json";

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
                Map.of(good, Map.of(JSON, "")),
                Set.of());
    }

    /// With a parameter of the query.
    public Route query(String name, String meaning) {
        var more = new LinkedHashMap<>(query);
        more.put(name, meaning);
        return new Route(method, path, right, handler, says, more, body, answers, refusals);
    }

    /// With a body of these fields too; a type that ends with `?` may be left out.
    public Route takes(Map<String, String> fields) {
        var more = new LinkedHashMap<String, String>();
        if (body != null) {
            more.putAll(body);
        }
        more.putAll(fields);
        return new Route(method, path, right, handler, says, query, more, answers, refusals);
    }

    /// With this answer, of which there is no more to say.
    public Route gives(int status, String type) {
        return answering(Map.of(status, Map.of(type, "")));
    }

    /// With a good answer, in JSON, of this shape.
    public Route shows(String shape) {
        return also(answers.keySet().iterator().next(), JSON, shape);
    }

    /// With another good answer too.
    public Route also(int status, String type, String shape) {
        var types = new TreeMap<>(answers.getOrDefault(status, Map.of()));
        types.put(type, shape);
        var all = new TreeMap<>(answers);
        all.put(status, types);
        return answering(all);
    }

    private Route answering(Map<Integer, Map<String, String>> all) {
        return new Route(method, path, right, handler, says, query, body, all, refusals);
    }

    /// With these problems too.
    public Route refuses(Integer... statuses) {
        var more = new TreeSet<>(refusals);
        more.addAll(List.of(statuses));
        return new Route(method, path, right, handler, says, query, body, answers, more);
    }

    /// The statuses of its problems: those that all routes with its right have, and its own.
    Set<Integer> problems() {
        var all = new TreeSet<>(refusals);
        // A token that is shown must be known, and a page must be from here, wherever one asks.
        all.addAll(List.of(401, 403));
        if (right != Right.PUBLIC) {
            // Another tenant finds nothing; whoever vouches for a caller may not be there.
            all.addAll(List.of(404, 503));
        }
        if (!query.isEmpty() || path.contains("{") || path.contains("<")) {
            all.addAll(List.of(400, 404));
        }
        if (body != null) {
            all.addAll(List.of(400, 413, 415));
        }
        if (body != null && (right == Right.OPERATE || right == Right.APPROVE)) {
            all.addAll(List.of(409, 422, 429));
        }
        return all;
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
