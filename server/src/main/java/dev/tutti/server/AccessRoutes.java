package dev.tutti.server;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.core.event.Value;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Role;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sessions of browsers, and keys.
final class AccessRoutes {
    private static final String SESSION = "/api/v1/session";
    private static final String KEYS = "/api/v1/keys";
    private static final int LONGEST_NAME = 80;

    private final Guard guard;
    private final Keys keys;
    private final Sessions sessions;

    AccessRoutes(Guard guard, Keys keys, Sessions sessions) {
        this.guard = guard;
        this.keys = keys;
        this.sessions = sessions;
    }

    void add(Routes routes) {
        routes.add(
                Route.get(SESSION, Right.VIEW, AccessRoutes::who, "Who asks, and what they may.")
                        .shows("Session"),
                Route.post(SESSION, Right.VIEW, this::begin, "Begins a session of a browser.")
                        .shows("Session"),
                Route.delete(SESSION, Right.VIEW, AccessRoutes::end, "Ends a session."),
                Route.get(KEYS, Right.ADMINISTER, this::list, "The keys, without what they are.")
                        .shows("Keys"),
                Route.post(KEYS, Right.ADMINISTER, this::make, "Makes a key, shown once.")
                        .takes(
                                Map.of(
                                        "name", "string",
                                        "role", "string",
                                        "tenant", "string?",
                                        "expires_at", "string?"))
                        .gives(201, "application/json")
                        .shows("MadeKey"),
                Route.delete(
                        KEYS + "/{key}", Right.ADMINISTER, this::withdraw, "Makes a key void."));
    }

    private static void who(Context request) {
        answer(request, 200, document(Caller.of(request)));
    }

    private static Value.Struct document(Caller caller) {
        var role = caller.role();
        return Value.struct(
                "who",
                Value.text(caller.name()),
                "role",
                role == null ? Value.NULL : Value.text(role.word()),
                "rights",
                Value.from(
                        Arrays.stream(Right.values())
                                .filter(right -> right != Right.PUBLIC && caller.may(right))
                                .map(Right::word)
                                .toList()));
    }

    private void begin(Context request) {
        var caller = Caller.of(request);
        var role = caller.role();
        if (role == null) {
            throw new Problem(403, "no_right", "workers have no sessions");
        }
        var begun = guard.sessionFor(request);
        var lasts = sessions.lasts(begun.until());
        cookie(request, sessions.begin(begun.by(), role, lasts), lasts.toSeconds());
        answer(request, 200, document(caller));
    }

    private static void end(Context request) {
        cookie(request, "", 0);
        request.status(204);
    }

    private static void cookie(Context request, String value, long seconds) {
        request.header(
                "set-cookie",
                Sessions.COOKIE
                        + "="
                        + value
                        + "; HttpOnly; SameSite=Strict; Path=/; Max-Age="
                        + seconds);
    }

    private void list(Context request) {
        answer(
                request,
                200,
                Value.struct(
                        "keys",
                        new Value.Array(
                                keys.all().stream().<Value>map(Keys.Key::document).toList())));
    }

    private void make(Context request) {
        var body = Body.of(request);
        var name = body.text("name", "").replaceAll("\\p{C}", "").strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Problem.field(
                    "/name", "`name` is who has the key, " + LONGEST_NAME + " characters at most");
        }
        var role =
                Role.of(body.text("role", ""))
                        .orElseThrow(() ->
                                Problem.field(
                                        "/role", "`role` is viewer, operator, approver or admin"));
        var made = keys.make(name, role, body.text("tenant", Keys.TENANT), expires(body));
        answer(request, 201, made.key().document().with("key", Value.text(made.secret())));
    }

    private static @Nullable Instant expires(Body body) {
        var text = body.text("expires_at", "");
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException _) {
            throw Problem.field("/expires_at", "a time is written 2027-01-31T12:00:00Z");
        }
    }

    private void withdraw(Context request) {
        if (!keys.withdraw(request.pathParam("key"))) {
            throw new Problem(404, "no_key", "there is no such key");
        }
        request.status(204);
    }
}
