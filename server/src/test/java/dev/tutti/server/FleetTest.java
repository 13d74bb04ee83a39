package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Worker processes, some of them killed. The long version: `-Dfleet.workers=50 -Dfleet.tasks=10000
/// -Dfleet.kills=20`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FleetTest {
    private static final int WORKERS = Integer.getInteger("fleet.workers", 8);
    private static final int TASKS = Integer.getInteger("fleet.tasks", 300);
    private static final int KILLS = Integer.getInteger("fleet.kills", 3);
    private static final String TOKEN = "a-token-for-tests-only";
    private static final Path EXAMPLES = Path.of("..", "examples", "workers");

    @TempDir Path store;

    private static Process worker(Server server, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().put("TUTTI_TOKEN", TOKEN);
        builder.environment().put("TUTTI_URL", "http://127.0.0.1:" + server.port());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static boolean isThere(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            if (process.waitFor() == 0) {
                return true;
            }
        } catch (IOException _) {
            // It is not.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.println("SKIPPED: no " + command[0] + " here that could be a worker");
        return false;
    }

    private Server server(Tutti tutti, Duration lease) {
        return Server.start(
                tutti,
                OperatorToken.of(TOKEN),
                new Server.Options("127.0.0.1", 0, List.of(), lease));
    }

    @Test
    void every_task_is_accepted_once_though_workers_are_killed() throws Exception {
        assumeTrue(isThere("python3", "--version"));
        var workers = new ArrayList<Process>();
        var words = IntStream.range(0, TASKS).mapToObj(i -> "word" + i).toList();
        long begun = System.nanoTime();
        int inFlight = 0;
        try (var tutti = Tutti.open(store);
                var server = server(tutti, Duration.ofSeconds(3))) {
            var script = EXAMPLES.resolve("worker.py").toString();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(worker(server, List.of("python3", script)));
            }
            while (server.figures().workers() < WORKERS) {
                assertThat(workers).allMatch(Process::isAlive);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            var team = Team.read(EXAMPLES.resolve("team.yaml"));
            var run = tutti.submit(team.goal("shout_all", Map.of("words", words)));
            var random = new Random(5);
            for (int i = 0; i < KILLS; i++) {
                awaitAccepted(tutti, run, TASKS * (i + 1) / (KILLS + 2));
                inFlight += server.figures().held() > 0 ? 1 : 0;
                workers.remove(random.nextInt(workers.size())).destroyForcibly().waitFor();
            }
            var result = run.await();
            assertThat(result.succeeded()).isTrue();
            assertThat(result.output())
                    .isEqualTo(
                            Value.from(
                                    words.stream()
                                            .map(word ->
                                                    Map.of("text", word.toUpperCase(Locale.ROOT)))
                                            .toList()));
            var counted = counted(tutti, run);
            assertThat(counted.accepted.keySet()).hasSize(TASKS);
            assertThat(counted.accepted.values()).containsOnly(1);
            System.out.printf(
                    "%d workers, %d tasks, %d killed by kill -9 (%d with work in flight): %d attempts, each task accepted once, %.1f s%n",
                    WORKERS,
                    TASKS,
                    KILLS,
                    inFlight,
                    counted.attempts,
                    (System.nanoTime() - begun) / 1e9);
            assertThat(inFlight * 10).isGreaterThanOrEqualTo(KILLS * 3);
        } finally {
            workers.forEach(Process::destroyForcibly);
        }
    }

    private record Counted(Map<TaskId, Integer> accepted, int attempts) {}

    private static Counted counted(Tutti tutti, dev.tutti.Run run) {
        var accepted = new HashMap<TaskId, Integer>();
        int attempts = 0;
        try (var reader = tutti.reader()) {
            long from = 0;
            for (var page = reader.read(run.stream(), from, 1_000);
                    !page.isEmpty();
                    page = reader.read(run.stream(), from, 1_000)) {
                for (var entry : page) {
                    switch (Runs.event(entry)) {
                        case Event.ResultAccepted result ->
                                accepted.merge(result.task(), 1, Integer::sum);
                        case Event.Assigned _ -> attempts++;
                        default -> {}
                    }
                }
                from = page.getLast().sequence();
            }
        }
        return new Counted(accepted, attempts);
    }

    private static void awaitAccepted(Tutti tutti, dev.tutti.Run run, int many) throws Exception {
        while (true) {
            try (var reader = tutti.reader()) {
                if (reader.read(run.stream(), 2L * many, 1).size() == 1) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private void shouts(List<String> command) throws Exception {
        Process worker = null;
        try (var tutti = Tutti.open(store);
                var server = server(tutti, Duration.ofSeconds(30))) {
            worker = worker(server, command);
            var team = Team.read(EXAMPLES.resolve("team.yaml"));
            var run =
                    tutti.submit(
                            team.goal("shout_all", Map.of("words", List.of("all", "together"))));
            while (run.await(Duration.ofMillis(200)).isEmpty()) {
                assertThat(worker.isAlive()).as("the worker lives").isTrue();
            }
            assertThat(run.await().output())
                    .isEqualTo(
                            Value.from(List.of(Map.of("text", "ALL"), Map.of("text", "TOGETHER"))));
            worker.destroy();
            server.drain(Duration.ofSeconds(1));
            assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            if (worker != null) {
                worker.destroyForcibly();
            }
        }
    }

    @Test
    void the_example_in_python_is_a_worker() throws Exception {
        assumeTrue(isThere("python3", "--version"));
        shouts(List.of("python3", EXAMPLES.resolve("worker.py").toString()));
    }

    @Test
    void the_example_in_typescript_is_a_worker() throws Exception {
        assumeTrue(isThere("node", "--version"));
        shouts(List.of("node", plain(EXAMPLES.resolve("worker.ts")).toString()));
    }

    /// The same without its types, for a Node that cannot leave them out itself: the example writes
    /// them where a line shows what they are.
    private Path plain(Path script) throws IOException {
        var types = "(?:Record<string, \\w+>|Promise<\\w+>|Json \\| null|\\w+)";
        var plain =
                Files.readString(script)
                        .replaceAll("(?m)^type .*$", "")
                        .replaceAll("\\)\\s*: " + types + "(?= =>| \\{)", ")")
                        .replaceAll("(?<=[(,] ?)(\\w+): " + types + "(?=[,)])", "$1")
                        .replaceAll("\\b(const|let) (\\w+): " + types + "(?= =)", "$1 $2");
        return Files.writeString(store.resolve("worker.mjs"), plain);
    }

    @Test
    void the_example_in_java_is_a_worker() throws Exception {
        shouts(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EXAMPLES.resolve("Worker.java").toString()));
    }
}
