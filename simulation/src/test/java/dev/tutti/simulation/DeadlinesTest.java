package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The time of a run is that of all runs within it: carved when they begin, as a moment that holds
/// whatever happens, and over for all of them at once.
class DeadlinesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Budget time(Duration time) {
        return new Budget(null, null, time, null, null);
    }

    private static Agent chief(String name, String skill, String workflow) {
        return new Agent(
                new AgentId(name),
                List.of(new SkillId(skill)),
                Agent.WORKFLOW,
                Value.struct("workflow", Value.text(workflow)),
                new Agent.Limits(100, null));
    }

    private static Workflow workflow(String name, Budget budget, Task... tasks) {
        return new Workflow(
                name,
                Type.Struct.OPEN,
                List.of(tasks),
                Value.text("${" + tasks[tasks.length - 1].name() + "}"),
                Task.Remedy.FAIL,
                null,
                budget);
    }

    private static Task skilled(String name, String skill, String... after) {
        return Task.of(name, new SkillId(skill), Value.Struct.EMPTY, after);
    }

    /// Five minutes for the top, of which two go before the others begin.
    private static Scene tree(Budget middle) {
        return new Scene()
                .team(
                        Scene.agent("worker", 10),
                        chief("manager", "manage", "middle"),
                        chief("lead", "lead", "leaf"))
                .workflow(
                        workflow(
                                "main",
                                time(MINUTE.multipliedBy(5)),
                                Scene.task("first"),
                                skilled("rest", "manage", "first")))
                .workflow(workflow("middle", middle, skilled("part", "lead")))
                .workflow(workflow("leaf", Budget.NONE, Scene.task("deed")))
                .takes("first", MINUTE.multipliedBy(2));
    }

    private static RunId child(Scene scene, RunId run) {
        return scene.events(run).stream()
                .filter(Event.ChildStarted.class::isInstance)
                .map(event -> ((Event.ChildStarted) event).child())
                .findFirst()
                .orElseThrow();
    }

    private static RunState.Ending ending(Scene scene, RunId run) {
        return Objects.requireNonNull(scene.state(run).ending());
    }

    private static Instant deadline(Scene scene, RunId run) {
        return scene.events(run).stream()
                .filter(event ->
                        event instanceof Event.TimerSet set
                                && set.timer() instanceof Timer.BudgetDue)
                .map(event -> ((Event.TimerSet) event).due())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_run_within_has_what_is_left_of_the_time_above_and_not_a_moment_more() {
        var scene = tree(Budget.NONE).takes("deed", Duration.ofHours(1));
        var due = scene.now().plus(MINUTE.multipliedBy(5));
        scene.start().pass(MINUTE.multipliedBy(3));
        var middle = child(scene, Scene.RUN);
        var leaf = child(scene, middle);
        assertThat(deadline(scene, Scene.RUN)).isEqualTo(due);
        assertThat(deadline(scene, middle)).isEqualTo(due);
        assertThat(deadline(scene, leaf)).isEqualTo(due);
        assertThat(scene.state(middle).ledger().cap().time())
                .isBetween(Duration.ofSeconds(170), MINUTE.multipliedBy(3));
        assertThat(scene.state(leaf).timeLeft(scene.now())).contains(MINUTE.multipliedBy(2));

        scene.settle();
        for (var run : List.of(Scene.RUN, middle, leaf)) {
            assertThat(scene.state(run).status().isFinal()).isTrue();
        }
        assertThat(scene.state(leaf).status()).isEqualTo(Status.FAILED);
        assertThat(Objects.requireNonNull(ending(scene, leaf).failure()).code())
                .isEqualTo("budget_exhausted");
        scene.ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.ending().reason())
                .isEqualTo(
                        "the run's time of 5m is over; 1 task is left; `tutti fork "
                                + Scene.RUN
                                + "` goes on with what is done, and with as much time again");
        assertThat(scene.finished()).containsExactly("first");
        scene.sound();
    }

    @Test
    void what_a_run_within_declares_holds_where_it_is_less() {
        var scene = tree(time(MINUTE)).takes("deed", Duration.ofHours(1));
        scene.start().settle();
        var middle = child(scene, Scene.RUN);
        assertThat(scene.state(middle).ledger().cap().time()).isEqualTo(MINUTE);
        assertThat(ending(scene, middle).reason())
                .isEqualTo("the run's time of 1m is over; 1 task is left");
        assertThat(deadline(scene, child(scene, middle))).isEqualTo(deadline(scene, middle));
        scene.ends(Status.FAILED);
        assertThat(scene.ending().reason()).contains("rest");
    }

    @Test
    void a_process_that_takes_over_holds_to_the_same_moment() {
        var scene = tree(Budget.NONE).takes("deed", Duration.ofHours(1));
        var due = scene.now().plus(MINUTE.multipliedBy(5));
        scene.start().pass(MINUTE.multipliedBy(3));
        var leaf = child(scene, child(scene, Scene.RUN));
        scene.restart().sleep(MINUTE.multipliedBy(10)).settle();
        assertThat(deadline(scene, leaf)).isEqualTo(due);
        assertThat(scene.state(leaf).status().isFinal()).isTrue();
        scene.ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
    }

    @Test
    void the_time_of_a_run_that_is_paused_stands_still() {
        var scene = tree(Budget.NONE);
        scene.start().pass(MINUTE);
        scene.act(new Verb.Pause()).pass(MINUTE.multipliedBy(30));
        assertThat(scene.state().timeLeft(scene.now()).orElseThrow())
                .isBetween(Duration.ofSeconds(235), MINUTE.multipliedBy(4));
        scene.act(new Verb.Resume());
        scene.succeeds();
    }

    @Test
    void a_fork_of_a_run_whose_time_is_over_has_as_much_again() {
        var scene = tree(Budget.NONE).takes("deed", MINUTE.multipliedBy(4));
        scene.start().ends(Status.FAILED);
        var fork = new RunId("F");
        scene.ask(fork, new Request.Fork(Scene.RUN, Long.MAX_VALUE, false));
        scene.settle();
        assertThat(scene.state(fork).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.events(fork)).noneMatch(Event.Closing.class::isInstance);
        assertThat(scene.began()).contains("first");
    }

    @Test
    void what_is_raised_above_holds_for_the_runs_that_begin_after_it() {
        var scene = tree(Budget.NONE).takes("deed", MINUTE.multipliedBy(4));
        scene.start().pass(MINUTE);
        scene.act(new Verb.RaiseBudget(time(MINUTE.multipliedBy(10))));
        scene.succeeds();
        assertThat(scene.state().timeLeft(scene.now())).isEmpty();
    }
}
