package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.server.http.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Browsers and keys.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SessionsTest {
    private static Served served;
    private static HttpClient http;

    @BeforeAll
    static void serve() {
        served = Served.inMemory();
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void close() {
        http.shutdownNow();
        served.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.server.port() + path))
                .header("content-type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder post(String path) {
        return request(path).POST(BodyPublishers.ofString("{}"));
    }

    private static String cookie(String token) throws Exception {
        var begun = send(post("/api/v1/session").header("authorization", "Bearer " + token));
        assertThat(begun.statusCode()).isEqualTo(200);
        var cookie = begun.headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    @Test
    void a_browser_needs_the_token_once() throws Exception {
        var cookie = cookie(Served.TOKEN);
        var who = send(request("/api/v1/session").header("cookie", cookie));
        assertThat(who.body()).contains("\"role\":\"admin\"");
        assertThat(send(request("/api/v1/runs").header("cookie", cookie)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void searches_are_kept_for_whoever_keeps_them_and_for_nobody_else() throws Exception {
        var filters = "/api/v1/filters";
        var one = Value.struct("name", Value.text("late"), "q", Value.text("state:waiting"));
        var wanted = Value.struct("filters", Value.array(one));
        try (var viewer = served.with("viewer")) {
            assertThat(viewer.get(filters).body())
                    .isEqualTo(Value.struct("filters", Value.array()));
            assertThat(viewer.post(filters, wanted).status()).isEqualTo(200);
            assertThat(viewer.get(filters).body()).isEqualTo(wanted);
            assertThat(served.admin.get(filters).body().get("filters")).isEqualTo(Value.array());
            for (var wrong :
                    List.of(
                            Value.struct("filters", Value.text("x")),
                            Value.struct("filters", Value.array(one.with("q", Value.text("")))),
                            Value.struct(
                                    "filters",
                                    Value.array(one.with("name", Value.text("x".repeat(81))))))) {
                assertThat(viewer.post(filters, wrong).problem()).isEqualTo("400 bad_request");
            }
        }
    }

    @Test
    void what_changes_something_needs_more_than_the_cookie() throws Exception {
        var cookie = cookie(Served.TOKEN);
        var forged = send(post("/api/v1/runs").header("cookie", cookie));
        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(forged.body()).contains("no_header");
        var ours = send(post("/api/v1/runs").header("cookie", cookie).header("X-Tutti", "1"));
        assertThat(ours.statusCode()).isEqualTo(400);
        var other =
                send(
                        post("/api/v1/runs")
                                .header("cookie", cookie)
                                .header("X-Tutti", "1")
                                .header("origin", "https://elsewhere.example"));
        assertThat(other.body()).contains("wrong_origin");
    }

    @Test
    void a_cookie_that_was_changed_is_none() throws Exception {
        var viewer = cookie(served.key("viewer", null, null));
        var admin = viewer.replace(".viewer.", ".admin.");
        assertThat(admin).isNotEqualTo(viewer);
        assertThat(send(request("/api/v1/runs").header("cookie", viewer)).statusCode())
                .isEqualTo(200);
        assertThat(send(request("/api/v1/runs").header("cookie", admin)).statusCode())
                .isEqualTo(401);
        assertThat(
                        send(request("/api/v1/runs").header("cookie", "tutti_session=a.b.c.d"))
                                .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_session_ends_with_the_key_that_it_was_begun_with() throws Exception {
        var made =
                served.admin
                        .post(
                                "/api/v1/keys",
                                Value.struct(
                                        "name", Value.text("eve"), "role", Value.text("viewer")))
                        .body();
        var cookie = cookie(made.text("key"));
        var withdrawn =
                served.admin.send(
                        served.admin.request("/api/v1/keys/" + made.text("id")).DELETE().build());
        assertThat(withdrawn.status()).isEqualTo(204);
        assertThat(send(request("/api/v1/runs").header("cookie", cookie)).statusCode())
                .isEqualTo(401);
        assertThat(
                        send(request("/api/v1/runs")
                                        .header("authorization", "Bearer " + made.text("key")))
                                .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_session_outlives_the_process_and_not_its_time(@TempDir Path folder) {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var cookie =
                new Sessions(folder, Clock.fixed(now, ZoneOffset.UTC))
                        .begin("k", Role.VIEWER, Sessions.LASTS);
        var later = new Sessions(folder, Clock.fixed(now.plusSeconds(60), ZoneOffset.UTC));
        assertThat(later.find(cookie)).isPresent();
        var late =
                new Sessions(
                        folder,
                        Clock.fixed(
                                now.plus(Sessions.LASTS).plus(Duration.ofSeconds(1)),
                                ZoneOffset.UTC));
        assertThat(late.find(cookie)).isEmpty();
    }

    @Test
    void of_a_key_only_its_hash_is_kept(@TempDir Path folder) throws IOException {
        var made = new Keys(folder, Clock.systemUTC()).make("ci", Role.OPERATOR, Keys.TENANT, null);
        var file = folder.resolve("server.keys");
        assertThat(Files.readString(file)).doesNotContain(made.secret());
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(new Keys(folder, Clock.systemUTC()).find(made.secret())).contains(made.key());
    }

    @Test
    void a_name_that_somebody_else_made_up_for_this_server_is_refused() throws Exception {
        for (var host : new String[] {"evil.example", "127.0.0.1.evil.example", ""}) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), served.server.port())) {
                var asked =
                        "GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
                var answer =
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).matches("(?s)HTTP/1.1 40[03] .*");
            }
        }
    }

    @Test
    void every_answer_tells_browsers_to_run_nothing_of_others() throws Exception {
        for (var path : new String[] {"/", "/health", "/api/v1/runs", "/nothing"}) {
            var headers = send(request(path)).headers();
            assertThat(headers.firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
        }
    }
}
