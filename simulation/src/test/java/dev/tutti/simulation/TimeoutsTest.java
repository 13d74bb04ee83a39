package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Failure.Limit;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The four time-outs, each with an agent that is dead, slow, silent, or whose process starts anew.
class TimeoutsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(60);

    /// What the agent is like.
    enum Case {
        /// It never reports, and gives no sign of life.
        DEAD,
        /// It reports, but later than any limit, and gives signs of life all along.
        SLOW,
        /// It gives signs of life for a while, and then neither those nor a report.
        SILENT,
        /// It would report in time, but its process ends and another takes over.
        RESTARTED
    }

    /// @param limit which is set
    /// @param agent what the agent is like
    /// @param failure how the first attempt, or the task, fails; empty when nothing does
    /// @param afterSeconds when that is, from the start of the run
    @ParameterizedTest(name = "{0} x {1}")
    @CsvSource({
        // Another task keeps the only place, until its process ends.
        "QUEUED,  DEAD,      QUEUED,  10",
        "QUEUED,  SLOW,      QUEUED,  10",
        "QUEUED,  SILENT,    QUEUED,  10",
        "QUEUED,  RESTARTED, NOTHING, 3",
        "RUN,     DEAD,      RUN,     10",
        "RUN,     SLOW,      RUN,     10",
        "RUN,     SILENT,    RUN,     10",
        "RUN,     RESTARTED, CRASHED, 3",
        "IDLE,    DEAD,      IDLE,    10",
        "IDLE,    SLOW,      NOTHING, 60",
        "IDLE,    SILENT,    IDLE,    15",
        "IDLE,    RESTARTED, CRASHED, 3",
        "OVERALL, DEAD,      OVERALL, 10",
        "OVERALL, SLOW,      OVERALL, 10",
        "OVERALL, SILENT,    OVERALL, 10",
        "OVERALL, RESTARTED, CRASHED, 3",
    })
    void a_limit_holds_whatever_the_agent_does(
            Limit limit, Case agent, String failure, int afterSeconds) {
        var scene = new Scene();
        var retry = new Task.Retry(1, Duration.ZERO, Duration.ZERO);
        var policy = Task.Policy.DEFAULT.with(retry).with(timeouts(limit));
        if (agent == Case.RESTARTED) {
            policy = policy.with(new Task.Retry(2, Duration.ZERO, Duration.ZERO));
        }
        var watched = Scene.task("watched").with(policy);
        if (limit == Limit.QUEUED) {
            scene.team(Scene.agent("worker", 1));
            scene.workflow("main", Value.NULL, Scene.task("busy"), watched);
            scene.when("busy", _ -> work(agent));
        } else {
            scene.workflow("main", Value.NULL, watched);
            scene.when("watched", _ -> work(agent));
        }
        scene.start();
        for (int second = 1; second <= 70; second++) {
            scene.pass(Duration.ofSeconds(1));
            signsOfLife(scene, agent, second);
            if (agent == Case.RESTARTED && second == 3) {
                scene.restart();
            }
        }
        var first = firstFailure(scene);
        switch (failure) {
            case "NOTHING" -> assertThat(first).isNull();
            case "CRASHED" -> assertThat(first).isInstanceOf(Failure.Crashed.class);
            default ->
                    assertThat(first)
                            .isInstanceOfSatisfying(
                                    Failure.TimedOut.class,
                                    it -> assertThat(it.limit()).isEqualTo(limit));
        }
        assertThat(when(scene)).isBetween(afterSeconds - 1.0, afterSeconds + 1.0);
        scene.settle().sound();
        boolean fine = agent == Case.RESTARTED || failure.equals("NOTHING");
        assertThat(scene.state().status()).isEqualTo(fine ? Status.SUCCEEDED : Status.FAILED);
    }

    private static Task.Timeouts timeouts(Limit limit) {
        return switch (limit) {
            case QUEUED -> new Task.Timeouts(LIMIT, null, null, null);
            case RUN -> new Task.Timeouts(null, LIMIT, null, null);
            case IDLE -> new Task.Timeouts(null, null, LIMIT, null);
            case OVERALL -> new Task.Timeouts(null, null, null, LIMIT);
        };
    }

    private static OneThread.Work work(Case agent) {
        var takes =
                switch (agent) {
                    case DEAD, SILENT -> null;
                    case SLOW -> LONG;
                    case RESTARTED -> Duration.ofSeconds(5);
                };
        return new OneThread.Work(takes, Outcome.succeeded(Value.NULL), List.of());
    }

    private static void signsOfLife(Scene scene, Case agent, int second) {
        boolean beats = agent == Case.SLOW || (agent == Case.SILENT && second <= 5);
        if (beats) {
            scene.state().open().keySet().forEach(scene::beat);
        }
    }

    /// The first attempt at the watched task that failed, or the task itself.
    private static @Nullable Failure firstFailure(Scene scene) {
        for (var event : scene.events(Scene.RUN)) {
            if (event instanceof Event.AttemptEnded e && e.task().name().equals("watched")) {
                return e.failure();
            }
            if (event instanceof Event.TaskFailed e && e.task().name().equals("watched")) {
                return e.failure();
            }
        }
        return null;
    }

    private static double when(Scene scene) {
        return scene.journal().read(Scene.stream(Scene.RUN), 0, 1_000).stream()
                .filter(entry -> ends(dev.tutti.runtime.engine.Runs.event(entry)))
                .mapToDouble(entry ->
                        Duration.between(Scene.NOON, entry.event().at()).toMillis() / 1_000.0)
                .findFirst()
                .orElse(-1);
    }

    private static boolean ends(Event event) {
        return (event instanceof Event.AttemptEnded e && e.task().name().equals("watched"))
                || (event instanceof Event.TaskFailed f && f.task().name().equals("watched"))
                || (event instanceof Event.ResultAccepted r && r.task().name().equals("watched"));
    }
}
