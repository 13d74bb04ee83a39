package dev.tutti;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Tasks that ruin whoever performs them. How much longer others take: `-Dpoison.rounds=10`, of
/// some of them: `-Dpoison.which=fork.*`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Isolated
class PoisonTest {
    private static final int ROUNDS = Integer.getInteger("poison.rounds", 0);
    private static final Duration WINDOW = Duration.ofSeconds(3);

    @TempDir Path store;

    /// A process with an agent that ends it.
    static final class Doomed {
        static final Team TEAM =
                Team.define()
                        .agent(
                                "killer",
                                "kill",
                                _ -> {
                                    Runtime.getRuntime().halt(9);
                                    return Map.of();
                                })
                        .workflow(
                                "kill",
                                workflow -> workflow.task("kill", "kill", Map.of()).output("done"));

        public static void main(String[] arguments) throws Exception {
            try (var tutti = Tutti.open(Path.of(arguments[0]))) {
                var unfinished = tutti.unfinished();
                if (unfinished.isEmpty()) {
                    tutti.submit(TEAM.goal("kill", Map.of())).await();
                    return;
                }
                tutti.function(
                        "killer",
                        _ -> {
                            Runtime.getRuntime().halt(9);
                            throw new AssertionError("it goes on");
                        });
                tutti.own();
                var run = unfinished.getFirst();
                while (run.load().state().status() != Status.WAITING) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            }
        }
    }

    @Test
    void a_task_that_ends_the_process_is_put_to_a_person_after_three_deaths() throws Exception {
        int deaths = 0;
        while (doomed() == 9) {
            deaths++;
            assertThat(deaths).isLessThanOrEqualTo(3);
        }
        assertThat(deaths).isEqualTo(3);
        try (var tutti = Tutti.open(store).forErrands()) {
            assertThat(tutti.questions().getFirst().asked().question().toString())
                    .contains("3 attempts ended with the process that made them");
        }
    }

    private int doomed() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName(),
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static Team poisoned(String script) {
        return Team.define()
                .agent("neighbour", "work", attempt -> Map.of("x", attempt.input().text("x")))
                .agent(
                        "poison",
                        List.of("ruin"),
                        "process",
                        Map.of(
                                "command",
                                List.of("sh", "-c", "exec 2>/dev/null; " + script),
                                "sandbox",
                                "strict",
                                "limits",
                                Map.of("memory", "200MB", "processes", 60, "cpu", "2s")))
                .workflow(
                        "ruin",
                        workflow ->
                                workflow.task(
                                                "ruin",
                                                "ruin",
                                                Map.of(),
                                                Map.of("retry", Map.of("attempts", 1)))
                                        .output("${ruin}"))
                .workflow(
                        "work",
                        workflow ->
                                workflow.task("work", "work", Map.of("x", "y"))
                                        .output("${work.x}"));
    }

    private static final Map<String, String> POISONS =
            Map.of(
                    "segmentation fault", "kill -SEGV $$",
                    "out of memory", "perl -e '$x = \"x\" x 2000000000'",
                    "memory of many",
                            "for i in 1 2 3 4 5 6 7 8; do perl -e '$x = \"x\" x 60000000; sleep 9' & done; wait",
                    "100 % of all processors",
                            "for i in 1 2 3 4; do sh -c 'while :; do :; done' & done; wait",
                    "fork bomb", "perl -e 'fork while 1'");

    @Test
    void commands_that_ruin_themselves_fail_alone() throws Exception {
        assumeTrue(sandboxed(), "no sandbox here");
        for (var poison : POISONS.entrySet()) {
            try (var tutti = Tutti.inMemory()) {
                var team = poisoned(poison.getValue());
                var ruin = tutti.submit(team.goal("ruin", Map.of()));
                assertThat(tutti.submit(team.goal("work", Map.of())).await().succeeded()).isTrue();
                var result = ruin.await();
                assertThat(result.status()).as(poison.getKey()).isEqualTo(Status.FAILED);
                assertThat(result.failure())
                        .isInstanceOfAny(Failure.Permanent.class, Failure.Transient.class);
            }
        }
    }

    private static boolean sandboxed() throws InterruptedException {
        try (var tutti = Tutti.inMemory()) {
            var result = tutti.submit(poisoned("exit 0").goal("ruin", Map.of())).await();
            if (!result.succeeded()) {
                System.out.println("SKIPPED: " + result.reason());
            }
            return result.succeeded();
        }
    }

    /// Windows with and without poison follow one another, so that whatever else the machine does
    /// falls on both.
    @Test
    void others_hardly_notice() throws Exception {
        assumeTrue(ROUNDS > 0, "a measurement, with -Dpoison.rounds");
        for (var poison : POISONS.entrySet()) {
            if (!poison.getKey().matches(System.getProperty("poison.which", ".*"))) {
                continue;
            }
            var calm = new ArrayList<Long>();
            var poisoned = new ArrayList<Long>();
            try (var tutti = Tutti.inMemory()) {
                var team = poisoned(poison.getValue());
                measure(tutti, team, new ArrayList<>());
                for (int i = 0; i < ROUNDS; i++) {
                    measure(tutti, team, calm);
                    var ruin = new AtomicReference<@Nullable Run>();
                    var poisoner =
                            Thread.ofVirtual()
                                    .start(() -> {
                                        try {
                                            while (!Thread.interrupted()) {
                                                ruin.set(tutti.submit(team.goal("ruin", Map.of())));
                                                requireNonNull(ruin.get()).await();
                                            }
                                        } catch (InterruptedException _) {
                                            // It is enough.
                                        }
                                    });
                    TimeUnit.MILLISECONDS.sleep(300);
                    measure(tutti, team, poisoned);
                    poisoner.interrupt();
                    poisoner.join();
                    var last = requireNonNull(ruin.get());
                    last.cancel("enough");
                    last.await();
                }
            }
            System.out.printf(
                    "%s: p50 %.2f ms and %.2f, p99 %.2f ms and %.2f (%+.0f %%), %d and %d runs%n",
                    poison.getKey(),
                    percentile(calm, 50),
                    percentile(poisoned, 50),
                    percentile(calm, 99),
                    percentile(poisoned, 99),
                    100 * (percentile(poisoned, 99) / percentile(calm, 99) - 1),
                    calm.size(),
                    poisoned.size());
        }
    }

    /// A run now and then, as people and not benchmarks begin them.
    private static void measure(Tutti tutti, Team team, List<Long> into)
            throws InterruptedException {
        long until = System.nanoTime() + WINDOW.toNanos();
        while (System.nanoTime() - until < 0) {
            long begun = System.nanoTime();
            tutti.submit(team.goal("work", Map.of())).await();
            into.add(System.nanoTime() - begun);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static double percentile(List<Long> nanos, int percent) {
        var sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[(int) ((sorted.length - 1) * (percent / 100.0))] / 1e6;
    }
}
