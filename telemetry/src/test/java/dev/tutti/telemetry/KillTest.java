package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.agent.TraceContext;
import dev.tutti.runtime.engine.Runs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector has after processes were killed in the middle of a run. Properties of the test:
/// `telemetry.tasks` and `telemetry.kills`.
@DisplayNameGeneration(ReplaceUnderscores.class)
class KillTest {
    private static final RunId RUN = new RunId(KilledProcess.RUN);
    private static final int TASKS = Integer.getInteger("telemetry.tasks", 400);
    private static final int KILLS = Integer.getInteger("telemetry.kills", 4);

    @TempDir Path folder;

    @Test
    void no_finished_attempt_is_lost_and_a_second_export_is_the_same() throws Exception {
        var random = new SplittableRandom(7);
        int killed = 0;
        try (var collector = new Collector()) {
            for (int kill = 0; kill < KILLS; kill++) {
                var process = start(collector, TASKS * (kill + 1) / (KILLS + 1));
                // Half of them die early, the others when some of what they did has been exported.
                long before = head();
                int came = collector.spans().size();
                while (process.isAlive()
                        && (head() < before + 20
                                || (kill % 2 == 1 && collector.spans().size() == came))) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20, 400));
                if (process.isAlive() && !KilledProcess.ended(folder)) {
                    killed++;
                }
                process.destroyForcibly().waitFor();
            }
            var last = start(collector, TASKS);
            assertThat(last.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).isZero();
            // What a process had no time for is for the next.
            long end = Stage.journal(folder, KilledProcess.RUN).getLast().position();
            for (int i = 0; i < 20 && exported() < end; i++) {
                assertThat(start(collector, TASKS).waitFor(300, TimeUnit.SECONDS)).isTrue();
            }

            var attempts = ended();
            var spans = collector.byId();
            assertThat(spans.keySet()).containsAll(attempts.keySet());
            attempts.forEach((id, task) ->
                    assertThat(Collector.parent(collector.span(id)))
                            .isEqualTo(TraceContext.span(RUN, "task", task.toString())));
            assertThat(spans.values())
                    .allSatisfy(span -> {
                        var parent = Collector.parent(span);
                        assertThat(parent.isEmpty() || spans.containsKey(parent)).isTrue();
                    });
            var differing =
                    collector.spans().stream()
                            .filter(span -> !span.equals(spans.get(Collector.id(span))))
                            .toList();
            assertThat(differing).isEmpty();
            assertThat(killed).isGreaterThanOrEqualTo(KILLS / 2);
            System.out.printf(
                    "%d tasks, %d kills: %d finished attempts, all exported; %d spans came, %d different%n",
                    TASKS, killed, attempts.size(), collector.spans().size(), spans.size());
        }
    }

    private long exported() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("telemetry.position")).strip());
    }

    private long head() {
        if (!folder.resolve("tutti.db").toFile().exists()) {
            return 0;
        }
        try (var reader = Stage.reader(folder)) {
            return reader.head(Stage.stream(KilledProcess.RUN));
        } catch (RuntimeException e) {
            // The process is just making the store.
            return 0;
        }
    }

    /// The attempts that ended, by the ids of their spans.
    private Map<String, TaskId> ended() {
        var ended = new HashMap<String, TaskId>();
        for (var entry : Stage.journal(folder, KilledProcess.RUN)) {
            switch (Runs.event(entry)) {
                case Event.AttemptEnded e ->
                        ended.put(TraceContext.attemptSpan(RUN, e.token()), e.task());
                case Event.ResultAccepted e ->
                        ended.put(TraceContext.attemptSpan(RUN, e.token()), e.task());
                default -> {
                    // Ends no attempt.
                }
            }
        }
        return ended;
    }

    /// @param slow the item from which on work takes its time
    private Process start(Collector collector, int slow) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledProcess.class.getName(),
                        folder.toString(),
                        "http://127.0.0.1:" + collector.port(),
                        String.valueOf(TASKS),
                        String.valueOf(slow));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "process.log"))
                .start();
    }
}
