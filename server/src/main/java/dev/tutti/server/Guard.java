package dev.tutti.server;

import dev.tutti.server.workers.Worker;
import dev.tutti.server.workers.Workforce;
import io.javalin.http.Context;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stands before every route: who asks, under which name of this server, and from which page.
final class Guard {
    /// The one path that everybody may ask for, letter for letter.
    static final String HEALTH = "/health";

    private static final String WHO = "who";

    private final OperatorToken operator;
    private final Workforce workforce;
    private final Set<String> hosts;

    private record Who(@Nullable Worker worker) {}

    /// @param host the address that is listened at
    /// @param names further names that clients may know this server by
    Guard(OperatorToken operator, Workforce workforce, String host, List<String> names) {
        this.operator = operator;
        this.workforce = workforce;
        hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        hosts.add(host.toLowerCase(Locale.ROOT));
        names.forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
    }

    /// @throws Problem when the request goes no further
    void check(Context request) {
        checkHost(request);
        if (request.req().getRequestURI().equals(HEALTH)) {
            return;
        }
        var shown = request.header("authorization");
        if (shown == null || !shown.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new Problem(
                    401, "no_token", "show a token: `Authorization: Bearer …`; see `tutti serve`");
        }
        var token = shown.substring(7).strip();
        if (operator.is(token)) {
            request.attribute(WHO, new Who(null));
            return;
        }
        var worker = workforce.worker(token);
        if (worker.isEmpty()) {
            throw new Problem(
                    401,
                    "unknown_token",
                    "this token is not known here; a worker registers again after the server was started anew");
        }
        request.attribute(WHO, new Who(worker.get()));
    }

    /// A page that a browser has loaded from elsewhere may know this server by a name that its
    /// owner made up (DNS rebinding), or post here from its own.
    private void checkHost(Context request) {
        var host = request.header("host");
        if (host == null || !hosts.contains(withoutPort(host))) {
            throw new Problem(
                    403,
                    "wrong_host",
                    "this server is not known by that name; `tutti serve --name` gives it more");
        }
        var origin = request.header("origin");
        if (origin != null && !isOurs(origin, host)) {
            throw new Problem(403, "wrong_origin", "pages of other sites may not ask this server");
        }
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isOurs(String origin, String host) {
        try {
            return host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// @throws Problem when it is a worker that asks
    static void requireOperator(Context request) {
        if (!(request.attribute(WHO) instanceof Who(var worker)) || worker != null) {
            throw new Problem(403, "not_the_operator", "this is for the token of the server");
        }
    }

    /// The worker that asks.
    ///
    /// @throws Problem when it is somebody else
    static Worker requireWorker(Context request) {
        if (request.attribute(WHO) instanceof Who(var worker) && worker != null) {
            return worker;
        }
        throw new Problem(
                403, "not_a_worker", "this is for the token that a worker got when it registered");
    }
}
