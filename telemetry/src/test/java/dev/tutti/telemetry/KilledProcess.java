package dev.tutti.telemetry;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A process that works on a run of many tasks, to be killed while it does.
final class KilledProcess {
    static final String RUN = "R1";
    private static final int EVERY_TENTH = 10;
    private static final Duration WORK = Duration.ofMillis(100);
    private static final Duration LONG_WORK = Duration.ofSeconds(5);

    private KilledProcess() {}

    /// Works until the run has ended.
    ///
    /// @param arguments the folder of the store, where the collector is, how many tasks, and from
    ///   which on they take their time, so that the run is not over before it is killed
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        int width = Integer.parseInt(arguments[2]);
        var environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", arguments[1]);
        int slow = Integer.parseInt(arguments[3]);
        try (var stage = new Stage(folder, environment, tasks(width), agent(width, slow))) {
            if (Stage.journal(folder, RUN).isEmpty()) {
                stage.begin(RUN);
            }
            var state = RunState.EMPTY;
            while (!state.status().isFinal()) {
                Thread.sleep(Duration.ofMillis(20));
                state = stage.retryWhatIsAsked(RUN, state);
            }
        }
    }

    static boolean ended(Path folder) {
        try (var reader = Stage.reader(folder)) {
            var stream = Stage.stream(RUN);
            var last = reader.read(stream, Math.max(0, reader.head(stream) - 1), 1);
            return !last.isEmpty() && last.getFirst().event().type().equals("Ended");
        }
    }

    private static List<Task> tasks(int width) {
        var fan = Stage.task("fan", "source").with(Task.Flow.over("${source.items}", width));
        return List.of(
                Stage.task("source"),
                fan.with(
                        fan.policy()
                                .with(
                                        new Task.Retry(
                                                50, Duration.ofMillis(1), Duration.ofMillis(5)))),
                Stage.task("join", "fan"));
    }

    /// Gives the list, and fails at every tenth task once.
    private static AgentExecutor agent(int width, int slow) {
        return attempt -> {
            if (attempt.task().name().equals("source")) {
                var items = new ArrayList<Value>();
                for (int i = 0; i < width; i++) {
                    items.add(Value.of(i));
                }
                return Outcome.succeeded(Value.struct("items", new Value.Array(items)));
            }
            Thread.sleep(attempt.task().item() < slow ? WORK : LONG_WORK);
            return attempt.number() == 1 && attempt.task().item() % EVERY_TENTH == 1
                    ? Outcome.failed(new Failure.Transient("busy", "later"))
                    : Outcome.succeeded(Value.struct("n", Value.of(1)));
        };
    }
}
