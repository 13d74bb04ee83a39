package dev.tutti.agents.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.topic.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Services are sockets here, so that they can be as wrong as they like.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HttpAgentTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpAgent agent = new HttpAgent(new Breaker(Duration.ofMillis(300)));
    private ServerSocket socket = open();
    private volatile Service service = _ -> "";

    /// What is said to a request, byte for byte; null when it has said it already.
    private interface Service {
        String answer(Socket to) throws Exception;
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 300, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void listen() {
        Thread.ofVirtual()
                .start(() -> {
                    while (!socket.isClosed()) {
                        try {
                            var to = socket.accept();
                            Thread.ofVirtual().start(() -> serve(to));
                        } catch (IOException _) {
                            return;
                        }
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
        socket.close();
    }

    private void serve(Socket to) {
        try (to) {
            while (true) {
                var request = read(to.getInputStream());
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request);
                to.getOutputStream()
                        .write(service.answer(to).getBytes(StandardCharsets.ISO_8859_1));
                to.getOutputStream().flush();
            }
        } catch (Exception _) {
            // The other side has left.
        }
    }

    private static String read(InputStream from) throws IOException {
        var request = new StringBuilder();
        for (int c = from.read(); c >= 0; c = from.read()) {
            request.append((char) c);
            int end = request.indexOf("\r\n\r\n");
            if (end >= 0) {
                var length =
                        request.toString()
                                .lines()
                                .filter(line ->
                                        line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                                .findFirst()
                                .orElse(0);
                if (request.length() == end + 4 + length) {
                    return request.toString();
                }
            }
        }
        return "";
    }

    private static String json(int status, String headers, String body) {
        return "HTTP/1.1 "
                + status
                + " X\r\ncontent-type: application/json\r\n"
                + headers
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static String ok(String body) {
        return json(200, "", body);
    }

    private String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/do";
    }

    private record Given(Value.Struct settings, List<String> progress, AtomicInteger beats)
            implements Attempt {
        @Override
        public RunId run() {
            return new RunId("R1");
        }

        @Override
        public TaskId task() {
            return TaskId.of("t");
        }

        @Override
        public AgentId agent() {
            return new AgentId("service");
        }

        @Override
        public int number() {
            return 2;
        }

        @Override
        public long token() {
            return 7;
        }

        @Override
        public Value.Struct input() {
            return Value.struct("x", Value.of(3));
        }

        @Override
        public void progress(double fraction, String message) {
            progress.add(message);
        }

        @Override
        public void heartbeat() {
            beats.incrementAndGet();
        }

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public String store(byte[] content, String mediaType, String name) {
            throw new AssertionError("a service stores nothing");
        }
    }

    private Outcome perform(Object... settings) throws Exception {
        var given = Value.struct("url", Value.text(url())).with(Value.struct(settings));
        return agent.perform(new Given(given, new ArrayList<>(), new AtomicInteger()));
    }

    private Value output(Object... settings) throws Exception {
        return switch (perform(settings)) {
            case Outcome.Succeeded(var output, _) -> output;
            case Outcome other -> throw new AssertionError(other);
        };
    }

    private Failure failure(Object... settings) throws Exception {
        return switch (perform(settings)) {
            case Outcome.Failed(var failure, _) -> failure;
            case Outcome other -> throw new AssertionError(other);
        };
    }

    private static Value soon() {
        return Value.text("300ms");
    }

    @Test
    void a_call_that_is_signed_shows_who_it_comes_from_under_one_id_however_often_it_is_made()
            throws Exception {
        var busy = new AtomicInteger(1);
        service =
                _ ->
                        busy.getAndDecrement() > 0
                                ? json(503, "retry-after: 0\r\n", "{}")
                                : "HTTP/1.1 202 X\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nok";

        assertThat(output("sign", Value.text("whsec_c2VjcmV0"), "answer", Value.text("none")))
                .isEqualTo(Value.Struct.EMPTY);

        assertThat(requests).hasSize(2);
        for (var request : requests) {
            var body = request.substring(request.indexOf("\r\n\r\n") + 4);
            assertThat(
                            Signature.with("whsec_c2VjcmV0")
                                    .fault(
                                            header(request, Signature.ID),
                                            header(request, Signature.TIMESTAMP),
                                            header(request, Signature.SIGNATURE),
                                            body.getBytes(StandardCharsets.UTF_8),
                                            Instant.now()))
                    .isEmpty();
        }
        assertThat(requests.stream().map(one -> header(one, Signature.ID)).distinct()).hasSize(1);
        assertThat(failureOf("sign", Value.text(" "))).contains("`with.sign`");
        assertThat(failureOf("answer", Value.text("all"))).contains("`with.answer`");
    }

    private static String header(String request, String name) {
        return request.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private String failureOf(Object... settings) {
        return String.valueOf(catchThrowable(() -> perform(settings)).getMessage());
    }

    @Test
    void the_input_is_posted_and_the_answer_is_the_output() throws Exception {
        service = _ -> ok("{\"y\": 4}");
        assertThat(output("headers", Value.struct("authorization", Value.text("Bearer T"))))
                .isEqualTo(Value.struct("y", Value.of(4)));
        assertThat(requests.getFirst())
                .startsWith("POST /do HTTP/1.1\r\n")
                .containsIgnoringCase("content-type: application/json\r\n")
                .containsIgnoringCase("authorization: Bearer T\r\n")
                .containsPattern("(?i)traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01\r\n")
                .endsWith("\r\n\r\n{\"x\":3}");
    }

    @Test
    void every_attempt_at_a_task_has_the_same_key() throws Exception {
        service = _ -> ok("{}");
        output();
        output();
        var keys =
                requests.stream()
                        .flatMap(String::lines)
                        .filter(line ->
                                line.toLowerCase(Locale.ROOT)
                                        .startsWith(
                                                "idempotency-key: R1/t/".toLowerCase(Locale.ROOT)))
                        .toList();
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0)).isEqualTo(keys.get(1));
    }

    @Test
    void long_work_is_asked_after_where_the_service_says() throws Exception {
        var asked = new AtomicInteger();
        service =
                _ ->
                        switch (asked.incrementAndGet()) {
                            case 1 -> json(202, "location: /jobs/1\r\n", "");
                            case 2 -> json(202, "location: /jobs/1\r\nretry-after: 0\r\n", "");
                            case 3 -> json(303, "location: /results/1\r\n", "");
                            default -> ok("{\"done\": true}");
                        };
        assertThat(output()).isEqualTo(Value.struct("done", Value.of(true)));
        assertThat(requests.stream().map(one -> one.lines().findFirst().orElse("")))
                .containsExactly(
                        "POST /do HTTP/1.1",
                        "GET /jobs/1 HTTP/1.1",
                        "GET /jobs/1 HTTP/1.1",
                        "GET /results/1 HTTP/1.1");
    }

    @Test
    void nobody_else_is_asked_after_long_work() throws Exception {
        for (var where :
                List.of(
                        "http://127.0.0.1:1/steal",
                        "https://127.0.0.1/",
                        "//other/",
                        "file:///etc/passwd",
                        "::")) {
            service = _ -> json(202, "location: " + where + "\r\n", "");
            assertThat(failure()).isInstanceOf(Failure.Permanent.class);
            assertThat(failure().code()).as(where).isEqualTo("bad_location");
        }
    }

    @Test
    void a_busy_service_is_asked_again_when_it_says() throws Exception {
        var asked = new AtomicInteger();
        service =
                _ ->
                        switch (asked.incrementAndGet()) {
                            case 1 -> json(429, "retry-after: 0\r\n", "");
                            case 2 ->
                                    json(503, "retry-after: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "");
                            default -> ok("{}");
                        };
        assertThat(output()).isEqualTo(Value.Struct.EMPTY);
    }

    @Test
    void there_is_an_end_to_patience() throws Exception {
        service = _ -> json(429, "retry-after: 3600\r\n", "");
        assertThat(failure("patience", soon()).code()).isEqualTo("busy");
        service = _ -> json(503, "retry-after: 0\r\n", "");
        assertThat(failure().code()).isEqualTo("busy");
        service = _ -> json(202, "location: /jobs/1\r\nretry-after: 0\r\n", "");
        assertThat(failure("patience", soon()).code()).isIn("busy", "no_answer");
    }

    @Test
    void what_it_says_is_wrong_is_the_reason() throws Exception {
        service =
                _ -> json(422, "", "{\"title\": \"No\", \"detail\": \"x is too\\u001b[2J small\"}");
        assertThat(failure())
                .isEqualTo(
                        new Failure.Permanent(
                                "http_422", "127.0.0.1 answered 422: x is too [2J small"));
        service = _ -> json(500, "", "oops");
        assertThat(failure())
                .isEqualTo(new Failure.Transient("http_500", "127.0.0.1 answered 500: oops"));
    }

    @Test
    void a_redirection_is_not_followed() throws Exception {
        service = _ -> json(307, "location: http://elsewhere.example/\r\n", "");
        assertThat(failure().code()).isEqualTo("redirected");
    }

    private void assertEndsInTime(String code, Object... settings) throws Exception {
        long begun = System.nanoTime();
        assertThat(failure(settings).code()).isEqualTo(code);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isLessThan(Duration.ofMillis(1_300));
    }

    @Test
    void a_service_that_says_nothing_is_not_waited_for() throws Exception {
        service =
                _ -> {
                    Thread.sleep(10_000);
                    return "";
                };
        assertEndsInTime("no_answer", "timeout", soon());
    }

    @Test
    void a_service_that_speaks_a_byte_at_a_time_is_not_waited_for() throws Exception {
        service =
                to -> {
                    for (var c : ok("{\"y\": 4}").toCharArray()) {
                        to.getOutputStream().write(c);
                        to.getOutputStream().flush();
                        Thread.sleep(100);
                    }
                    return "";
                };
        assertEndsInTime("no_answer", "timeout", soon());
    }

    @Test
    void a_service_that_leaves_in_the_middle_is_cut_off() throws Exception {
        service =
                to -> {
                    to.getOutputStream()
                            .write(
                                    ok("{\"y\": 4}")
                                            .substring(0, 70)
                                            .getBytes(StandardCharsets.US_ASCII));
                    to.close();
                    return "";
                };
        assertEndsInTime("cut_off");
        service =
                to -> {
                    to.shutdownOutput();
                    Thread.sleep(2_000);
                    return "";
                };
        assertEndsInTime("cut_off");
    }

    private static Service endless(String type, String piece) {
        return to -> {
            var out = to.getOutputStream();
            out.write(
                    ("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1_000_000; i++) {
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
            }
            return "";
        };
    }

    @Test
    void an_answer_without_end_is_cut_off_at_its_limit() throws Exception {
        service = endless("application/json", "[[[[[[[[");
        assertEndsInTime("limit_exceeded", "most", Value.text("100KB"));
    }

    @Test
    void a_stream_of_events_is_no_answer() throws Exception {
        service = endless("text/event-stream", "data: x\n\n");
        assertEndsInTime("wrong_type");
    }

    @Test
    void what_is_not_what_it_says_is_rejected() throws Exception {
        service = _ -> ok("<html>");
        assertThat(failure()).isInstanceOf(Failure.Rejected.class);
        service = _ -> ok("[1, 2]");
        assertThat(failure()).isInstanceOf(Failure.Rejected.class);
        service = _ -> ok("{\"a\": 1, \"a\": 2}");
        assertThat(failure()).isInstanceOf(Failure.Rejected.class);
        service = _ -> "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi";
        assertThat(failure().code()).isEqualTo("wrong_type");
        service = _ -> "220 smtp.example.org ESMTP\r\n\r\n";
        assertThat(failure().code()).isIn("cut_off", "bad_answer");
    }

    @Test
    void a_service_that_is_down_is_left_alone_and_tried_again() throws Exception {
        service = _ -> json(500, "", "");
        for (int i = 0; i < Breaker.MOST_FAILURES; i++) {
            assertThat(failure().code()).isEqualTo("http_500");
        }
        assertThat(failure().code()).isEqualTo("breaker_open");
        assertThat(requests).hasSize(Breaker.MOST_FAILURES);
        service = _ -> ok("{}");
        Thread.sleep(350);
        assertThat(output()).isEqualTo(Value.Struct.EMPTY);
        assertThat(output()).isEqualTo(Value.Struct.EMPTY);
    }

    @Test
    void a_service_that_is_not_there_cannot_be_reached() throws Exception {
        int port;
        try (var nobody = open()) {
            port = nobody.getLocalPort();
        }
        var nowhere = Value.text("http://127.0.0.1:" + port + "/");
        assertThat(failure("url", nowhere).code()).isEqualTo("unreachable");
    }

    @Test
    void an_attempt_that_is_not_wanted_any_more_hangs_up() throws Exception {
        var hungUp = new AtomicInteger();
        service =
                to -> {
                    hungUp.set(to.getInputStream().read() + 2);
                    return "";
                };
        var thread =
                Thread.ofVirtual()
                        .start(() ->
                                assertThatThrownBy(this::perform)
                                        .isInstanceOf(InterruptedException.class));
        while (requests.isEmpty()) {
            Thread.sleep(5);
        }
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        for (int i = 0; i < 500 && hungUp.get() == 0; i++) {
            Thread.sleep(10);
        }
        assertThat(hungUp.get()).as("what was read, and 2").isEqualTo(1);
    }

    @Test
    void slow_services_do_not_hold_up_the_others() throws Exception {
        int before = Thread.getAllStackTraces().size();
        service =
                to -> {
                    if (requests.getLast().contains("tutti-attempt: 2") && requests.size() <= 60) {
                        Thread.sleep(3_000);
                    }
                    return ok("{}");
                };
        var slow = new ArrayList<Thread>();
        for (int i = 0; i < 60; i++) {
            slow.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    perform("timeout", Value.text("10s"));
                                } catch (Exception _) {
                                    // It was interrupted.
                                }
                            }));
        }
        while (requests.size() < 60) {
            Thread.sleep(5);
        }
        int threads = Thread.getAllStackTraces().size();
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(output()).isEqualTo(Value.Struct.EMPTY);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        assertThat(threads - before).as("threads for 60 calls").isLessThan(20);
        slow.forEach(Thread::interrupt);
    }

    @Test
    void what_is_wrong_with_the_settings_is_said_without_their_secrets() {
        assertThatThrownBy(() -> perform("url", Value.text("ftp://x/")))
                .hasMessageContaining("with.url");
        assertThatThrownBy(() -> perform("url", Value.text("http://user:SECRET@x/")))
                .hasMessageContaining("with.headers")
                .hasMessageNotContaining("SECRET");
        assertThatThrownBy(
                        () -> perform("headers", Value.struct("x", Value.text("SECRET\r\nY: z"))))
                .hasMessageContaining("with.headers")
                .hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> perform("timeout", Value.text("0s")))
                .hasMessageContaining("with.timeout");
        assertThatThrownBy(() -> perform("colour", Value.text("red")))
                .hasMessageContaining("with.colour");
    }
}
