package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.core.event.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/// Many agents on one key of a service that counts.
///
/// `-Dstampede=3000` (or 60) runs with so many requests a minute against a service that allows
/// exactly those; without it, for some seconds, against one that allows a quarter more in three
/// seconds, since this machine may hold a request back for longer than a share of so short a time.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(1_200)
@Isolated
class StampedeTest {
    /// Attempts at once, each by an agent of its own where it is exact.
    private static final int ATTEMPTS = 500;

    /// Answers long work: the first request is accepted, the second has the result. Beyond what it
    /// allows in a sliding window it says 429.
    private static final class Service implements AutoCloseable {
        private final HttpServer server;
        private final int most;
        private final long window;
        private final Deque<Long> lately = new ArrayDeque<>();
        private final List<Long> requests = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger refused = new AtomicInteger();

        /// The request that is told to come again later, or 0 for none.
        private final int busyAt;

        private volatile long busySince;

        private Service(int most, Duration window, int busyAt) throws IOException {
            this.most = most;
            this.window = window.toNanos();
            this.busyAt = busyAt;
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }

        private String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/work";
        }

        private synchronized boolean lets(long now) {
            while (!lately.isEmpty() && now - lately.element() >= window) {
                lately.remove();
            }
            if (lately.size() >= most) {
                return false;
            }
            lately.add(now);
            return true;
        }

        private void answer(HttpExchange exchange) throws IOException {
            long now = System.nanoTime();
            requests.add(now);
            exchange.getRequestBody().readAllBytes();
            if (requests.size() == busyAt) {
                busySince = now;
                exchange.getResponseHeaders().set("Retry-After", "3");
                say(exchange, 429, "{}");
            } else if (!lets(now)) {
                refused.incrementAndGet();
                say(exchange, 429, "{}");
            } else if (exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Location", "/result");
                exchange.getResponseHeaders().set("Retry-After", "0");
                say(exchange, 202, "{}");
            } else {
                say(exchange, 200, "{\"done\": true}");
            }
        }

        private static void say(HttpExchange exchange, int status, String body) throws IOException {
            try (exchange) {
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }

        /// The longest that nobody asked it anything after it wanted to be left alone: requests
        /// that were on their way then still come.
        private Duration longestRest() {
            long longest = 0;
            long before = busySince;
            for (long at : requests.stream().filter(at -> at > busySince).sorted().toList()) {
                longest = Math.max(longest, at - before);
                before = at;
            }
            return Duration.ofNanos(longest);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static Goal goal(Service service, int agents, String requests, int tasks) {
        var team = Team.define().quota("key", Map.of("requests", requests));
        for (int i = 0; i < agents; i++) {
            team.agent("a" + i, List.of("do"), "http", Map.of("url", service.url()))
                    .declare("a" + i, Map.of("needs", "key"))
                    .declare("a" + i, Map.of("limits", Map.of("concurrency", ATTEMPTS / agents)));
        }
        return team.workflow(
                        "rush",
                        workflow ->
                                workflow.input(Map.of("items", List.of("int")))
                                        .task(
                                                "it",
                                                "do",
                                                Map.of("n", "${item}"),
                                                Map.of("each", "${input.items}"))
                                        .output("${size(it)}"))
                .goal("rush", Map.of("items", Collections.nCopies(tasks, 1)));
    }

    @Test
    void five_hundred_agents_on_one_key_are_never_told_to_slow_down() throws Exception {
        int perMinute = Integer.getInteger("stampede", 0);
        boolean exact = perMinute > 0;
        int tasks = exact ? Math.max(perMinute * 5 / 4, 90) : 300;
        int agents = exact ? ATTEMPTS : 20;
        var window = exact ? Duration.ofMinutes(1) : Duration.ofSeconds(3);
        int count = exact ? perMinute : 600;
        int most = exact ? perMinute : 750;
        var rate = count + "/" + window.toSeconds() + "s";
        try (var service = new Service(most, window, 0);
                var tutti = Tutti.inMemory()) {
            long from = System.nanoTime();
            var result = tutti.submit(goal(service, agents, rate, tasks)).await();
            double seconds = (System.nanoTime() - from) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "stampede: %d requests of %d tasks at %s in %.1f s, %d refused%n",
                    service.requests.size(),
                    tasks,
                    rate,
                    seconds,
                    service.refused.get());
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(service.refused.get()).isZero();
            assertThat(service.requests).hasSize(2 * tasks);
            assertThat(seconds)
                    .isGreaterThan((2.0 * tasks / count - 0.1) * window.toSeconds() * 0.9);
        }
    }

    @Test
    void when_one_is_told_to_come_later_all_that_share_its_key_leave_the_service_alone()
            throws Exception {
        try (var service = new Service(1_000_000, Duration.ofSeconds(1), 30);
                var tutti = Tutti.inMemory()) {
            var result = tutti.submit(goal(service, 20, "3000/30s", 100)).await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(service.requests).hasSize(201);
            assertThat(service.longestRest()).isGreaterThan(Duration.ofSeconds(1));
        }
    }
}
