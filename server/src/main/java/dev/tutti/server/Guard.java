package dev.tutti.server;

import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Role;
import dev.tutti.server.identity.Identity;
import dev.tutti.server.workers.Worker;
import dev.tutti.server.workers.Workforce;
import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stands before every route: who asks, under which name of this server, and from which page.
final class Guard {
    private static final String WORKER = "worker";

    /// A page of another site cannot send it without being asked whether it may.
    private static final String HEADER = "x-tutti";

    /// In whose name the operator's token acts.
    private static final String OPERATOR = "operator";

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final OperatorToken operator;
    private final Keys keys;
    private final Sessions sessions;
    private final Workforce workforce;
    private final @Nullable Identity identity;
    private final Set<String> hosts;

    /// @param identity who else may say who somebody is, or null for nobody
    /// @param host the address that is listened at
    /// @param names further names that clients may know this server by
    Guard(
            OperatorToken operator,
            Keys keys,
            Sessions sessions,
            Workforce workforce,
            @Nullable Identity identity,
            String host,
            List<String> names) {
        this.operator = operator;
        this.keys = keys;
        this.sessions = sessions;
        this.workforce = workforce;
        this.identity = identity;
        hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        hosts.add(host.toLowerCase(Locale.ROOT));
        names.forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
    }

    /// @throws Problem when the request goes no further
    void check(Context request) {
        checkHost(request);
        if (Pages.isOpen(request)) {
            return;
        }
        var shown = request.header("authorization");
        var caller = shown == null ? byCookie(request) : byToken(request, shown);
        caller.attach(request);
    }

    private Caller byToken(Context request, String shown) {
        if (!shown.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new Problem(
                    401, "no_token", "show a token: `Authorization: Bearer …`; see `tutti serve`");
        }
        var token = shown.substring(7).strip();
        if (operator.is(token)) {
            return new Caller(OPERATOR, Role.ADMIN);
        }
        var key = keys.find(token);
        if (key.isPresent()) {
            return byKey(key.get());
        }
        if (identity != null && Identity.mayBe(token)) {
            return vouched(identity.vouched(token));
        }
        var worker =
                workforce
                        .worker(token)
                        .orElseThrow(() ->
                                new Problem(
                                        401,
                                        "unknown_token",
                                        "this token is not known here; a worker registers again after the server was"
                                                + " started anew"));
        request.attribute(WORKER, worker);
        return new Caller(worker.name(), null);
    }

    private Caller byKey(Keys.Key key) {
        if (keys.isExpired(key)) {
            throw new Problem(401, "expired", "this key has expired; an admin makes another");
        }
        checkTenant(key.tenant());
        return new Caller(key.name(), key.role());
    }

    private static Caller vouched(Identity.Vouched somebody) {
        checkTenant(somebody.tenant());
        return new Caller(somebody.name(), somebody.role());
    }

    private static void checkTenant(String tenant) {
        if (!tenant.equals(Keys.TENANT)) {
            // As if there were nothing here: which runs others have is none of its business.
            throw new Problem(404, "no_route", "there is nothing at this path");
        }
    }

    private Caller byCookie(Context request) {
        var cookie = request.cookie(Sessions.COOKIE);
        var session =
                cookie == null
                        ? java.util.Optional.<Sessions.Session>empty()
                        : sessions.find(cookie);
        if (session.isEmpty()) {
            throw new Problem(
                    401, "no_token", "show a token: `Authorization: Bearer …`; see `tutti serve`");
        }
        if (!READING.contains(request.method().name()) && request.header(HEADER) == null) {
            throw new Problem(
                    403,
                    "no_header",
                    "a request that changes something needs the header `X-Tutti: 1`");
        }
        var by = session.get().by();
        if (identity != null && by.startsWith(vouchedBy(identity))) {
            return new Caller(nameIn(by), session.get().role());
        }
        if (operator.began(by)) {
            return new Caller(OPERATOR, Role.ADMIN);
        }
        return byKey(
                keys.byId(by)
                        .orElseThrow(() ->
                                new Problem(
                                        401,
                                        "unknown_token",
                                        "what this session was begun with is void now")));
    }

    /// What a session is begun with.
    ///
    /// @param by what it is void with
    /// @param until when that is void by itself, or null for never
    record Begun(String by, @Nullable Instant until) {}

    /// How sessions are known that were begun with a token of this issuer. They say in whose name
    /// they are, since nothing is kept of such tokens.
    private static String vouchedBy(Identity identity) {
        return "jwt-" + identity.mark() + "-";
    }

    private static String nameIn(String by) {
        return new String(
                Base64.getUrlDecoder().decode(by.split("-", 3)[2]), StandardCharsets.UTF_8);
    }

    private Begun vouchedFor(Identity who, String token) {
        var somebody = who.vouched(token);
        var name =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(somebody.name().getBytes(StandardCharsets.UTF_8));
        return new Begun(vouchedBy(who) + name, somebody.until());
    }

    /// What a session is begun with, by the token that is shown now.
    ///
    /// @throws Problem when it is shown otherwise
    Begun sessionFor(Context request) {
        var shown = request.header("authorization");
        if (shown == null) {
            throw new Problem(401, "no_token", "a session is begun with a token");
        }
        var token = shown.substring(Math.min(7, shown.length())).strip();
        if (operator.is(token)) {
            return new Begun(operator.mark(), null);
        }
        var key = keys.find(token);
        if (key.isPresent()) {
            return new Begun(key.get().id(), key.get().expires());
        }
        if (identity != null && Identity.mayBe(token)) {
            return vouchedFor(identity, token);
        }
        throw new Problem(403, "no_right", "workers have no sessions");
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

    /// The worker that asks.
    ///
    /// @throws Problem when it is somebody else
    static Worker requireWorker(Context request) {
        if (request.attribute(WORKER) instanceof Worker worker) {
            return worker;
        }
        throw new Problem(
                403, "not_a_worker", "this is for the token that a worker got when it registered");
    }
}
