package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Role;
import dev.tutti.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who may ask for what: every route of the router's own table, by everyone.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RightsTest {
    private static Issuer issuer;
    private static Served served;
    private static HttpClient http;
    private static final Map<String, String> TOKENS = new LinkedHashMap<>();

    @BeforeAll
    static void serve() throws Exception {
        issuer = new Issuer();
        served = Served.inMemory(Served.options().trusting(issuer.settings(Value.Struct.EMPTY)));
        http = client();
        TOKENS.put("nobody", "");
        TOKENS.put("a stranger", "tutti_key_0000000000000000000000000000000");
        TOKENS.put("an expired key", served.key("admin", null, "2020-01-01T00:00:00Z"));
        TOKENS.put("another tenant", served.key("admin", "acme", null));
        for (var role : Role.values()) {
            TOKENS.put(role.word(), served.key(role.word(), null, null));
        }
        TOKENS.put("the operator", Served.TOKEN);
        TOKENS.put("vouched for, a viewer", issuer.token("guest"));
        TOKENS.put("vouched for, an operator", issuer.token("crew"));
        TOKENS.put("vouched for, an approver", issuer.token("judge"));
        TOKENS.put("vouched for, an admin", issuer.token("boss"));
        TOKENS.put("vouched for, no role", issuer.token("nobody"));
        TOKENS.put("vouched for, another tenant", issuer.token("boss", c -> c.claim("org", "x")));
        TOKENS.put("for another audience", issuer.token("boss", c -> c.audience("others")));
        TOKENS.put("forged", issuer.forged("boss"));
        TOKENS.put("signed by nobody", issuer.plain("boss"));
        TOKENS.put("signed with a public key", issuer.confused("boss"));
        TOKENS.put(
                "expired long ago",
                issuer.token("boss", c -> c.expirationTime(Date.from(Instant.EPOCH))));
        TOKENS.put(
                "a worker",
                served.admin
                        .post(
                                "/api/v1/workers",
                                Value.struct(
                                        "name",
                                        Value.text("w"),
                                        "skills",
                                        Value.from(List.of("dig"))))
                        .body()
                        .text("token"));
    }

    @AfterAll
    static void close() {
        http.shutdownNow();
        served.close();
        issuer.close();
    }

    private record Seen(int status, String type) {}

    private static Seen ask(String method, String path, String token) throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + served.server.port() + path))
                        .method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString("{}"))
                        .header("content-type", "application/json");
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        var answer = send(request.build());
        // Live routes would tell for ever.
        answer.body().close();
        return new Seen(
                answer.statusCode(), answer.headers().firstValue("content-type").orElse(""));
    }

    /// The server closes a connection on which it was asked what is no request; the next one may
    /// find that out only when it is sent. A client of its own has no such connection.
    private static HttpResponse<InputStream> send(HttpRequest request) throws Exception {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException _) {
            http.shutdownNow();
            http = client();
            return http.send(request, BodyHandlers.ofInputStream());
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /// A path with something in it that is not there.
    private static String filled(Route route) {
        return route.path()
                        .replace("{file}", "app.js")
                        .replaceAll("[{<]\\w+[}>]", "01ZZZZZZZZZZZZZZZZZZZZZZZZ")
                + (route.path().endsWith("/leases") ? "?wait=0" : "");
    }

    /// What one must be told, where the route itself is not reached.
    private static Optional<Integer> refused(Route route, String who) {
        if (route.right() == Right.PUBLIC) {
            return Optional.empty();
        }
        return switch (who) {
            case "nobody", "a stranger", "an expired key" -> Optional.of(401);
            case "for another audience",
                    "forged",
                    "signed by nobody",
                    "signed with a public key",
                    "expired long ago" ->
                    Optional.of(401);
            case "another tenant", "vouched for, another tenant" -> Optional.of(404);
            case "vouched for, no role" -> Optional.of(403);
            case "vouched for, a viewer" -> byRole(Role.VIEWER, route);
            case "vouched for, an operator" -> byRole(Role.OPERATOR, route);
            case "vouched for, an approver" -> byRole(Role.APPROVER, route);
            case "vouched for, an admin" -> byRole(Role.ADMIN, route);
            case "a worker" -> route.right() == Right.WORK ? Optional.empty() : Optional.of(403);
            case "the operator" -> byRole(Role.ADMIN, route);
            default -> byRole(Role.of(who).orElseThrow(), route);
        };
    }

    private static Optional<Integer> byRole(Role role, Route route) {
        return role.may(route.right()) ? Optional.empty() : Optional.of(403);
    }

    @Test
    void every_route_is_open_to_those_who_have_its_right_and_to_nobody_else() throws Exception {
        var wrong = new ArrayList<String>();
        int cells = 0;
        for (var route : served.server.routes()) {
            for (var token : TOKENS.entrySet()) {
                // It would end the session or the worker that the next cell needs.
                if (route.path().endsWith("/leave") && token.getKey().equals("a worker")) {
                    continue;
                }
                var seen = ask(route.method().name(), filled(route), token.getValue());
                var expected = refused(route, token.getKey());
                boolean right =
                        expected.isPresent()
                                ? seen.status == expected.get()
                                : seen.status != 401 && seen.status != 403 && seen.status < 500;
                if (!right) {
                    wrong.add(
                            route.method()
                                    + " "
                                    + route.path()
                                    + " by "
                                    + token.getKey()
                                    + ": "
                                    + seen.status);
                }
                cells++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cells).isGreaterThan(400);
        System.out.printf(
                "%d cells: %d routes, %d callers%n",
                cells, served.server.routes().size(), TOKENS.size());
    }

    @Test
    void a_path_that_is_written_in_another_way_is_none_of_the_routes() throws Exception {
        var wrong = new ArrayList<String>();
        int cells = 0;
        for (var route : served.server.routes()) {
            if (route.right() == Right.PUBLIC) {
                continue;
            }
            var path = filled(route).replaceFirst("\\?.*", "");
            var odd =
                    List.of(
                            path + "/",
                            "/" + path,
                            path + ";x",
                            path + "%2e",
                            path + ".",
                            path + "%00",
                            path + "/..",
                            path.toUpperCase(Locale.ROOT),
                            path.replaceFirst("/api", "/api/."),
                            path.replaceFirst("/v1", "/v1/../v1"),
                            path.replaceFirst("/api/v1", "/%61pi/v1"));
            for (var written : odd) {
                for (var who : List.of("nobody", "viewer")) {
                    // A name with something after it is another name, and there is nothing of it.
                    if (written.equals(path)
                            || (who.equals("viewer")
                                    && route.path().endsWith("}")
                                    && written.startsWith(path))) {
                        continue;
                    }
                    var seen =
                            ask(
                                    route.method().name(),
                                    written,
                                    Objects.requireNonNull(TOKENS.get(who)));
                    cells++;
                    if (seen.status < 400) {
                        wrong.add(
                                route.method() + " " + written + " by " + who + ": " + seen.status);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        System.out.printf("%d odd cells%n", cells);
    }

    @Test
    void what_is_open_says_nothing_of_runs() throws Exception {
        for (var route : served.server.routes()) {
            if (route.right() == Right.PUBLIC && !route.path().equals("/health")) {
                assertThat(ask("GET", filled(route), "").type).doesNotContain("application/json");
            }
        }
    }
}
