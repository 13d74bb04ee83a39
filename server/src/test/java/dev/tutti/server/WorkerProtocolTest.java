package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.server.http.Body;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What workers and the server say to one another.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
@Isolated
class WorkerProtocolTest {
    private static final String TOKEN = "a-token-for-tests-only";
    private static final Duration LEASE = Duration.ofMillis(1_500);

    private final Tutti tutti = Tutti.inMemory();
    private final Server server =
            Server.start(
                    tutti,
                    OperatorToken.of(TOKEN),
                    new Server.Options("127.0.0.1", 0, List.of(), LEASE));
    private final Client operator = new Client(server.port(), TOKEN);
    private final List<Client> clients = new ArrayList<>();

    @AfterEach
    void close() {
        server.close();
        tutti.close();
        operator.close();
        clients.forEach(Client::close);
    }

    private Client worker(String... skills) throws Exception {
        var answer =
                operator.post(
                        "/api/v1/workers",
                        Value.struct(
                                "name", Value.text("w"), "skills", Value.from(List.of(skills))));
        assertThat(answer.status()).isEqualTo(201);
        var client = new Client(server.port(), answer.body().text("token"));
        clients.add(client);
        return client;
    }

    private static Team team(Map<String, ?> keys) {
        return Team.define()
                .agent("shouter", List.of("shout"), "worker", Map.of("volume", "high"))
                .workflow(
                        "greet",
                        workflow ->
                                workflow.input(Map.of("name", "string"))
                                        .task(
                                                "shout",
                                                "shout",
                                                Map.of("text", "${input.name}"),
                                                keys)
                                        .output("${shout.text}"));
    }

    private Run begin() throws Exception {
        return begin(Map.of());
    }

    private Run begin(Map<String, ?> keys) throws Exception {
        return tutti.submit(team(keys).goal("greet", Map.of("name", "ada")));
    }

    private static Value.Struct lease(Client worker) throws Exception {
        var answer = worker.post("/api/v1/workers/leases?wait=20");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private static String path(Value.Struct lease, String verb) {
        return "/api/v1/workers/leases/" + lease.text("lease") + "/" + verb;
    }

    private static Client.Answer complete(Client worker, Value.Struct lease) throws Exception {
        return worker.post(
                path(lease, "complete"),
                Value.struct("output", Value.struct("text", Value.text("ADA"))));
    }

    @Test
    void a_worker_asks_for_work_and_gives_its_result() throws Exception {
        var worker = worker("shout");
        var run = begin();
        var lease = lease(worker);
        assertThat(lease.get("input")).isEqualTo(Value.struct("text", Value.text("ada")));
        assertThat(lease.get("settings")).isEqualTo(Value.struct("volume", Value.text("high")));
        assertThat(lease.text("skill")).isEqualTo("shout");
        assertThat(lease.text("key")).isEqualTo(run.id() + "/shout");
        assertThat(lease.text("traceparent")).startsWith("00-");
        assertThat(complete(worker, lease).body())
                .isEqualTo(Value.struct("accepted", Value.of(true)));
        assertThat(run.await().output()).isEqualTo(Value.text("ADA"));
    }

    @Test
    void work_waits_for_a_worker_that_can_do_it() throws Exception {
        var run = begin();
        assertThat(worker("whisper").post("/api/v1/workers/leases?wait=0").status()).isEqualTo(204);
        assertThat(tutti.progress(run).values()).contains("waits for a worker");
        var worker = worker("whisper", "shout");
        complete(worker, lease(worker));
        assertThat(run.await().succeeded()).isTrue();
    }

    @Test
    void a_worker_that_shows_life_keeps_its_work_and_is_heard() throws Exception {
        var worker = worker("shout");
        var run = begin();
        var lease = lease(worker);
        for (int i = 0; i < 5; i++) {
            TimeUnit.MILLISECONDS.sleep(LEASE.toMillis() / 3);
            var beat =
                    Value.struct(
                            "progress",
                            new Value.Real((i + 1) / 10.0),
                            "message",
                            Value.text("page " + i));
            assertThat(worker.post(path(lease, "heartbeat"), beat).status()).isEqualTo(200);
            assertThat(tutti.progress(run).values())
                    .containsExactly((i + 1) * 10 + " %: page " + i);
        }
        assertThat(complete(worker, lease).status()).isEqualTo(200);
        assertThat(run.await().succeeded()).isTrue();
    }

    @Test
    void a_worker_that_is_silent_loses_its_work_to_another_and_is_told_when_it_comes_late()
            throws Exception {
        var silent = worker("shout");
        var run = begin();
        var lost = lease(silent);
        var other = worker("shout");
        var lease = lease(other);
        assertThat(lease.get("attempt")).isEqualTo(Value.of(2));
        assertThat(silent.post(path(lost, "heartbeat")).problem()).isEqualTo("409 lease_expired");
        assertThat(complete(silent, lost).problem()).isEqualTo("409 lease_expired");
        assertThat(complete(other, lease).status()).isEqualTo(200);
        assertThat(complete(other, lease).problem()).isEqualTo("409 already_reported");
        assertThat(other.post(path(lease, "fail")).problem()).isEqualTo("409 already_reported");
        assertThat(complete(silent, lease).problem()).isEqualTo("404 unknown_lease");
        assertThat(complete(other, Value.struct("lease", Value.text("l_1"))).problem())
                .isEqualTo("404 unknown_lease");
        assertThat(run.await().succeeded()).isTrue();
    }

    @Test
    void a_task_that_three_workers_die_of_is_given_to_no_fourth() throws Exception {
        var run = begin(Map.of("retry", Map.of("attempts", 9, "backoff", "1ms..1ms")));
        for (int i = 0; i < 3; i++) {
            var worker = worker("shout");
            lease(worker);
            worker.post("/api/v1/workers/leave");
        }
        awaitStatus(run, Status.WAITING);
        assertThat(tutti.questions()).hasSize(1);
        assertThat(worker("shout").post("/api/v1/workers/leases?wait=0").status()).isEqualTo(204);
    }

    @Test
    void what_must_be_done_once_is_not_given_to_another() throws Exception {
        var run = begin(Map.of("effects", "at_most_once"));
        var worker = worker("shout");
        lease(worker);
        worker.post("/api/v1/workers/leave");
        awaitStatus(run, Status.WAITING);
        assertThat(worker("shout").post("/api/v1/workers/leases?wait=0").status()).isEqualTo(204);
    }

    private static void awaitStatus(Run run, Status status) throws InterruptedException {
        while (run.load().state().status() != status) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void a_run_that_no_longer_wants_a_result_says_so() throws Exception {
        var worker = worker("shout");
        var run = begin();
        var lease = lease(worker);
        run.cancel("changed my mind");
        run.await();
        assertThat(worker.post(path(lease, "heartbeat")).problem()).isEqualTo("409 attempt_over");
        assertThat(complete(worker, lease).problem()).isEqualTo("409 attempt_over");
    }

    @Test
    void a_worker_says_whether_to_try_again() throws Exception {
        var worker = worker("shout");
        var run = begin();
        var first = lease(worker);
        worker.post(path(first, "fail"), Value.struct("message", Value.text("tired")));
        var second = lease(worker);
        assertThat(second.get("attempt")).isEqualTo(Value.of(2));
        var forGood =
                Value.struct(
                        "code",
                        Value.text("hoarse"),
                        "message",
                        Value.text("no voice"),
                        "retry",
                        Value.of(false));
        assertThat(worker.post(path(second, "fail"), forGood).status()).isEqualTo(200);
        assertThat(run.await().toString()).contains("hoarse");
    }

    @Test
    void files_go_with_the_work() throws Exception {
        var worker = worker("shout");
        begin();
        var lease = lease(worker);
        var stored =
                worker.send(
                        worker.request(path(lease, "artifacts?name=..%2F..%2Fetc%2Fpasswd"))
                                .POST(BodyPublishers.ofByteArray(new byte[] {1, 2, 3}))
                                .build());
        assertThat(stored.status()).isEqualTo(201);
        var hash = stored.body().text("artifact");
        // What the task was not given, it is not shown.
        assertThat(worker.get(path(lease, "artifacts/" + hash)).problem())
                .isEqualTo("404 no_artifact");
        complete(worker, lease);
        tutti.submit(team(Map.of()).goal("greet", Map.of("name", hash)));
        var next = lease(worker);
        assertThat(worker.get(path(next, "artifacts/" + hash)).bytes()).containsExactly(1, 2, 3);
        complete(worker, next);
    }

    /// More than a request may have that is read as a whole.
    @Test
    void a_long_file_goes_a_part_at_a_time() throws Exception {
        var worker = worker("shout");
        begin();
        var lease = lease(worker);
        var content = new byte[40 << 20];
        new java.util.Random(7).nextBytes(content);
        var stored =
                worker.send(
                        worker.request(path(lease, "artifacts?name=long"))
                                .POST(BodyPublishers.ofByteArray(content))
                                .build());
        assertThat(stored.status()).isEqualTo(201);
        assertThat(stored.body().get("bytes")).isEqualTo(Value.of(content.length));
        var hash = stored.body().text("artifact");
        complete(worker, lease);
        tutti.submit(team(Map.of()).goal("greet", Map.of("name", hash)));
        var next = lease(worker);
        assertThat(worker.get(path(next, "artifacts/" + hash)).bytes()).isEqualTo(content);
        complete(worker, next);
    }

    private static final List<String> PATHS =
            List.of(
                    "/api/v1/workers",
                    "/api/v1/workers/",
                    "/api/v1/workers/leases",
                    "/api/v1/workers/leases/x/complete",
                    "/api/v1/workers/leases/x/fail",
                    "/api/v1/workers/leases/x/heartbeat",
                    "/api/v1/workers/leases/x/artifacts",
                    "/api/v1/workers/leave",
                    "/health/",
                    "/health;x",
                    "//health",
                    "/Health",
                    "/healt%68",
                    "/health/../api/v1/workers",
                    "/health%2f..%2fapi",
                    "/nothing");

    @Test
    void nobody_gets_in_without_a_token() throws Exception {
        for (var token : List.of("", "wrong", TOKEN + "x", TOKEN.substring(1))) {
            try (var stranger = new Client(server.port(), token)) {
                for (var path : PATHS) {
                    for (var answer : List.of(stranger.post(path), stranger.get(path))) {
                        // Jetty itself refuses paths that are ambiguous.
                        assertThat(answer.status()).as(path).isIn(401, 400);
                    }
                }
            }
        }
    }

    @Test
    void everybody_may_know_that_it_is_there() throws Exception {
        try (var stranger = new Client(server.port(), "")) {
            assertThat(stranger.get("/health").body())
                    .isEqualTo(Value.struct("status", Value.text("ok")));
        }
    }

    @Test
    void each_token_is_for_its_own_routes() throws Exception {
        var worker = worker("shout");
        assertThat(worker.get("/api/v1/workers").problem()).isEqualTo("403 no_right");
        assertThat(worker.post("/api/v1/workers").problem()).isEqualTo("403 no_right");
        assertThat(operator.post("/api/v1/workers/leases?wait=0").problem())
                .isEqualTo("403 no_right");
        assertThat(operator.get("/api/v1/workers").body().get("workers"))
                .isInstanceOf(Value.Array.class);
        assertThat(operator.get("/nothing").problem()).isEqualTo("404 no_route");
        worker.post("/api/v1/workers/leave");
        assertThat(worker.post("/api/v1/workers/leases").problem()).isEqualTo("401 unknown_token");
    }

    @Test
    void bad_requests_are_told_what_is_wrong() throws Exception {
        var worker = worker("shout");
        begin();
        var lease = lease(worker);
        for (var wrong :
                List.of(
                        Value.struct(),
                        Value.struct("name", Value.text("w")),
                        Value.struct("name", Value.text(""), "skills", Value.from(List.of("a"))),
                        Value.struct("name", Value.text("w"), "skills", Value.text("a")),
                        Value.struct(
                                "name", Value.text("w"), "skills", Value.from(List.of("A b"))))) {
            var answer = operator.post("/api/v1/workers", wrong);
            assertThat(answer.problem()).isEqualTo("400 bad_request");
            assertThat(answer.type()).isEqualTo("application/problem+json");
        }
        assertThat(worker.post("/api/v1/workers/leases?wait=forever").problem())
                .isEqualTo("400 bad_request");
        assertThat(worker.post(path(lease, "complete")).problem()).isEqualTo("400 bad_request");
        assertThat(send(worker, lease, "{\"output\": 1, \"output\": 2}"))
                .isEqualTo("400 bad_request");
        assertThat(send(worker, lease, "[".repeat(100_000))).isEqualTo("400 bad_request");
        assertThat(send(worker, lease, "{}{}")).isEqualTo("400 bad_request");
        assertThat(send(worker, lease, "\"" + "x".repeat(Body.MOST) + "\""))
                .isEqualTo("413 too_long");
        assertThat(complete(worker, lease).status()).isEqualTo(200);
    }

    private static String send(Client worker, Value.Struct lease, String body) throws Exception {
        return worker.send(
                        worker.request(path(lease, "complete"))
                                .POST(BodyPublishers.ofString(body))
                                .build())
                .problem();
    }

    @Test
    void what_is_not_said_to_be_json_is_not_read() throws Exception {
        var answer =
                operator.send(
                        operator.request("/api/v1/workers")
                                .setHeader("content-type", "text/plain")
                                .POST(BodyPublishers.ofString("{}"))
                                .build());
        assertThat(answer.problem()).isEqualTo("415 wrong_type");
    }

    @Test
    void names_and_pages_of_others_are_turned_away() throws Exception {
        var authorization = "Authorization: Bearer " + TOKEN + "\r\n";
        assertThat(raw("Host: evil.example\r\n" + authorization)).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: 127.0.0.1.evil.example\r\n" + authorization))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nOrigin: null\r\n" + authorization))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nOrigin: http://evil.example\r\n" + authorization))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nOrigin: http://localhost\r\n" + authorization))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("Host: localhost\r\nX: " + "x".repeat(20_000) + "\r\n" + authorization))
                .startsWith("HTTP/1.1 431");
    }

    private String raw(String headers) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/workers HTTP/1.1\r\nConnection: close\r\n"
                                            + headers
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_thousand_workers_that_wait_take_no_thread() throws Exception {
        var worker = worker("shout");
        worker.post("/api/v1/workers/leases?wait=0");
        int before = Thread.getAllStackTraces().size();
        int few = 0;
        var waiting = new ArrayList<Socket>();
        var request =
                "POST /api/v1/workers/leases?wait=60 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: "
                        + worker.request("/")
                                .build()
                                .headers()
                                .firstValue("authorization")
                                .orElseThrow()
                        + "\r\n\r\n";
        try {
            for (int i = 0; i < 1_000; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                waiting.add(socket);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                while (i == 0 && server.figures().polls() < 1) {
                    // The one that waits longest is served first, and that is to be this one.
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                if (i == 99) {
                    few = Thread.getAllStackTraces().size();
                }
            }
            while (server.figures().polls() < 1_000) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            int during = Thread.getAllStackTraces().size();
            System.out.printf(
                    "idle long polls: %d threads at 0, %d at 100, %d at 1,000%n",
                    before, few, during);
            // What connecting took at once may still be there, and that is bounded.
            assertThat(during).isLessThanOrEqualTo(Math.max(few, before + 32));
            var run = begin();
            var first = waiting.getFirst();
            first.setSoTimeout(10_000);
            assertThat(new String(first.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            run.cancel("done");
        } finally {
            for (var socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void a_server_that_ends_waits_for_what_is_held_and_hands_out_nothing() throws Exception {
        var worker = worker("shout");
        var run = begin();
        var lease = lease(worker);
        var drained =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                server.drain(Duration.ofSeconds(20));
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Client.Answer answer;
        do {
            answer = worker.post("/api/v1/workers/leases?wait=0");
        } while (answer.status() == 204);
        assertThat(answer.problem()).isEqualTo("503 draining");
        assertThat(drained.join(Duration.ofMillis(200))).isFalse();
        complete(worker, lease);
        assertThat(drained.join(Duration.ofSeconds(10))).isTrue();
        assertThat(run.await().succeeded()).isTrue();
    }

    @Test
    void the_token_is_shown_once_and_kept_as_a_hash(@TempDir Path store) throws Exception {
        var first = OperatorToken.of(store, Map.of(), false);
        var token = first.made().orElseThrow();
        var again = OperatorToken.of(store, Map.of(), false);
        assertThat(again.made()).isEmpty();
        assertThat(again.is(token)).isTrue();
        assertThat(again.is(token + "x")).isFalse();
        var file = store.resolve("server.token");
        assertThat(Files.readString(file)).doesNotContain(token);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        var anew = OperatorToken.of(store, Map.of(), true);
        assertThat(anew.made()).isPresent();
        assertThat(anew.is(token)).isFalse();
        var given = OperatorToken.of(store, Map.of("TUTTI_TOKEN", "sixteen letters."), false);
        assertThat(given.is("sixteen letters.")).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> OperatorToken.of(store, Map.of("TUTTI_TOKEN", "short"), false))
                .hasMessageContaining("TUTTI_TOKEN");
    }
}
