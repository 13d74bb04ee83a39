package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many of the same at the same moment: timers, readers that come back, runs that are begun.
/// Nothing is lost, who cannot be served is told so with a time, and half a minute later all is as
/// before. The long version: `-Dherd=all`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HerdTest {
    private static final boolean ALL = System.getProperty("herd", "").equals("all");
    private static final int TIMERS = ALL ? 5_000 : 300;
    private static final int READERS = ALL ? 2_000 : 100;
    private static final int A_SECOND = ALL ? 1_000 : 50;
    private static final int SECONDS = ALL ? 10 : 1;
    private static final String BACKOFF = ALL ? "3s..3s" : "1s..1s";
    private static final int CALM_RUNS = ALL ? 20 : 5;

    /// By when a small run is to be as quick again as before.
    private static final long CALM_SECONDS = 30;

    private static final double QUICK_MILLIS = 500;

    @TempDir Path store;

    private static Team small() {
        return Team.define()
                .agent("echo", "say", _ -> Map.of("text", "done"))
                .workflow("small", workflow -> workflow.task("say", "say", Map.of()));
    }

    /// Milliseconds from asking for a run of one task until it has ended.
    private static double small(Served served) throws Exception {
        long begun = System.nanoTime();
        assertThat(served.tutti.submit(small().goal("small", Map.of())).await().succeeded())
                .isTrue();
        return (System.nanoTime() - begun) / 1e6;
    }

    /// Small runs, one after the other, until the latest were quick, and how long that took.
    private static double untilCalm(Served served) throws Exception {
        long begun = System.nanoTime();
        var latest = new ArrayList<Double>();
        double seconds;
        do {
            latest.add(small(served));
            if (latest.size() > CALM_RUNS) {
                latest.removeFirst();
            }
            TimeUnit.MILLISECONDS.sleep(20);
            seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(seconds).as("slow for so long: %s", latest).isLessThan(CALM_SECONDS);
        } while (latest.size() < CALM_RUNS || latest.stream().anyMatch(one -> one > QUICK_MILLIS));
        return seconds;
    }

    @Test
    void timers_that_are_due_in_the_same_second() throws Exception {
        var again = new ConcurrentSkipListSet<Long>();
        var done = new AtomicInteger();
        var team =
                Team.define()
                        .agent(
                                "reader",
                                List.of("read"),
                                attempt -> {
                                    boolean ok = attempt.number() > 1;
                                    if (ok) {
                                        again.add(System.nanoTime());
                                        done.incrementAndGet();
                                    }
                                    return Outcome.succeeded(Value.struct("ok", Value.of(ok)));
                                })
                        .workflow(
                                "herd",
                                workflow ->
                                        workflow.input(Map.of("items", List.of("int")))
                                                .task(
                                                        "read",
                                                        "read",
                                                        Map.of("n", "${item}"),
                                                        Map.of(
                                                                "each",
                                                                "${input.items}",
                                                                "accept",
                                                                "${output.ok}",
                                                                "max",
                                                                TIMERS,
                                                                "retry",
                                                                Map.of(
                                                                        "attempts",
                                                                        3,
                                                                        "backoff",
                                                                        BACKOFF))));
        var items = IntStream.range(0, TIMERS).boxed().toList();
        try (var served = Served.in(store, Served.options())) {
            small(served);
            var run = served.tutti.submit(team.goal("herd", Map.of("items", items)));
            while (again.isEmpty() && !run.load().state().status().isFinal()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            double calm = untilCalm(served);
            assertThat(run.await().succeeded()).isTrue();
            double over = (again.last() - again.first()) / 1e6;
            System.out.printf(
                    Locale.ROOT,
                    "%d timers due together: all attempted again within %.0f ms, small runs quick again"
                            + " after %.1f s%n",
                    TIMERS,
                    over,
                    calm);
            assertThat(done.get()).isEqualTo(TIMERS);
            // They are spread, so that whoever is called is not called by all at once.
            assertThat(over).isPositive();
        }
    }

    @Test
    void readers_that_come_back_at_once() throws Exception {
        try (var served = Served.in(store, Served.options());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var run = served.begin("plain");
            served.awaitStatus(run, "succeeded");
            var path = "/api/v1/runs/" + run + "/events";
            long begun = System.nanoTime();
            var heard = new ArrayList<Future<Integer>>();
            for (int i = 0; i < READERS; i++) {
                heard.add(threads.submit(() -> hears(served, path)));
            }
            int turnedAway = 0;
            for (var one : heard) {
                turnedAway += one.get();
            }
            double took = (System.nanoTime() - begun) / 1e9;
            double calm = untilCalm(served);
            System.out.printf(
                    Locale.ROOT,
                    "%d readers at once: all have heard everything after %.1f s, turned away %d times;"
                            + " small runs quick again after %.1f s%n",
                    READERS,
                    took,
                    turnedAway,
                    calm);
        }
    }

    /// Reads to the end of a stream, and comes back where it is told to.
    ///
    /// @return how often it was
    private static int hears(Served served, String path) throws Exception {
        for (int turnedAway = 0; ; turnedAway++) {
            var request =
                    served.admin
                            .request(path)
                            .header("accept", "text/event-stream")
                            .header("last-event-id", "1")
                            .GET()
                            .build();
            var answer = served.admin.http().send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).contains("event: end");
                return turnedAway;
            }
            assertThat(answer.statusCode()).isIn(429, 503);
            var after = answer.headers().firstValue("retry-after").orElseThrow();
            TimeUnit.SECONDS.sleep(Long.parseLong(after));
        }
    }

    /// They come by the clock, however many have not been answered yet.
    @Test
    void runs_that_are_begun_at_once() throws Exception {
        var begun = new ConcurrentLinkedQueue<String>();
        var refused = new AtomicInteger();
        try (var served = Served.in(store, Served.options());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            small(served);
            long from = System.nanoTime();
            var asked = new ArrayList<Future<?>>();
            for (int i = 0; i < A_SECOND * SECONDS; i++) {
                long early = from + i * 1_000_000_000L / A_SECOND - System.nanoTime();
                if (early > 1_000_000) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                asked.add(threads.submit(() -> begin(served, begun, refused)));
            }
            for (var one : asked) {
                one.get();
            }
            double took = (System.nanoTime() - from) / 1e9;
            double calm = untilCalm(served);
            for (var run : begun) {
                assertThat(served.tutti.run(run).await().succeeded()).isTrue();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d runs asked for at %d a second: %d begun and done, %d refused with a time, all"
                            + " answered after %.1f s; small runs quick again after %.1f s%n",
                    A_SECOND * SECONDS,
                    A_SECOND,
                    begun.size(),
                    refused.get(),
                    took,
                    calm);
            assertThat(begun.size() + refused.get()).isEqualTo(A_SECOND * SECONDS);
        }
    }

    private static Object begin(
            Served served, ConcurrentLinkedQueue<String> begun, AtomicInteger refused)
            throws Exception {
        var request =
                served.admin
                        .request("/api/v1/runs")
                        .POST(BodyPublishers.ofString("{\"workflow\": \"plain\"}"))
                        .build();
        var answer = served.admin.http().send(request, BodyHandlers.ofString());
        switch (answer.statusCode()) {
            case 201 ->
                    begun.add(
                            answer.body().replaceAll("(?s).*\"run\"\\s*:\\s*\"([^\"]+)\".*", "$1"));
            case 429, 503 -> {
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
                refused.incrementAndGet();
            }
            default -> throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return answer;
    }
}
