package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Runs that wait for one another: found, named, and put to a person or failed as they say.
class DeadlocksTest {
    private static final RunId A = new RunId("A");
    private static final RunId B = new RunId("B");
    private static final Duration TICK = Duration.ofMillis(10);
    private final Scene scene = new Scene();

    private static Task locked(Task task, String lock) {
        return task.with(task.flow().withLocks(lock));
    }

    private static Task calls(String name, String workflow, String... after) {
        return Scene.by(new Task.Performer.ByWorkflow(workflow), name, after)
                .with(Task.Policy.DEFAULT.with(new Task.Retry(1, TICK, TICK)));
    }

    private static Task sends(Task task, String type, @Nullable String to) {
        return task.with(task.flow().with(new Task.Emit(type, Value.Struct.EMPTY, to)));
    }

    private List<Event.Stalled> stalled(RunId run) {
        return scene.events(run).stream()
                .filter(Event.Stalled.class::isInstance)
                .map(Event.Stalled.class::cast)
                .toList();
    }

    private Question stall(RunId run) {
        return scene.state(run).questions().values().stream()
                .map(asked -> asked.question())
                .filter(question -> question.purpose() == Question.Purpose.STALL)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_run_that_wants_the_lock_of_the_task_it_is_for_says_so() {
        scene.workflow("main", Value.NULL, locked(calls("outer", "part"), "the-lock"))
                .workflow("part", Value.NULL, locked(task("inner"), "the-lock"))
                .start()
                .settle();
        var child = scene.all(Event.ChildStarted.class).getFirst().child();
        assertThat(stalled(child))
                .singleElement()
                .satisfies(stall -> {
                    assertThat(stall.cycle()).containsExactly(child + "/inner", "R/outer");
                    assertThat(stall.reason())
                            .isEqualTo(
                                    "`inner` of run "
                                            + child
                                            + " waits for lock `the-lock`, which `outer` of run R holds;"
                                            + " `outer` of run R waits for run "
                                            + child
                                            + " to end");
                });
        assertThat(stall(child).text()).startsWith("The run is stuck: `inner` of run");
        scene.sound();
    }

    /// The end of its time is nothing that moves a run.
    @Test
    void a_circle_is_found_long_before_the_time_of_its_runs_is_over() {
        scene.workflow(
                        new Workflow(
                                "main",
                                Type.Struct.OPEN,
                                List.of(locked(calls("outer", "part"), "the-lock")),
                                Value.NULL,
                                Task.Remedy.ASK,
                                null,
                                new Budget(null, null, Duration.ofDays(1), null, null)))
                .workflow("part", Value.NULL, locked(task("inner"), "the-lock"))
                .start()
                .pass(Duration.ofMinutes(5));
        assertThat(stalled(scene.all(Event.ChildStarted.class).getFirst().child())).hasSize(1);
    }

    @Test
    void whoever_is_asked_about_a_circle_can_break_it() {
        scene.workflow("main", Value.NULL, locked(calls("outer", "part"), "the-lock"))
                .workflow("part", Value.NULL, locked(task("inner"), "the-lock"))
                .start()
                .settle();
        var child = scene.all(Event.ChildStarted.class).getFirst().child();
        scene.ask(
                child,
                new Request.Answer(stall(child).id(), Value.text(Question.RETRY), "", null, null));
        scene.settle();
        assertThat(stalled(child)).as("still stuck, so asked again").hasSize(2);
        scene.ask(
                child,
                new Request.Answer(stall(child).id(), Value.text(Question.FAIL), "", null, null));
        scene.ends(Status.FAILED);
    }

    @Test
    void two_runs_that_hold_what_the_other_wants_are_found_and_one_of_them_fails_as_it_says() {
        scene.takes("first", Duration.ofSeconds(1));
        scene.workflow("left", Value.NULL, locked(calls("outer", "wants_two"), "one"))
                .workflow("right", Value.NULL, locked(calls("outer", "wants_one"), "two"))
                .workflow(
                        failing("wants_two", task("first"), locked(task("inner", "first"), "two")))
                .workflow(
                        failing("wants_one", task("first"), locked(task("inner", "first"), "one")));
        scene.restart();
        for (var run : List.of(A, B)) {
            scene.begin(run, run.equals(A) ? "left" : "right", Value.Struct.EMPTY);
        }
        scene.settle();
        var children = List.of(child(A), child(B));
        var found = children.stream().filter(run -> !stalled(run).isEmpty()).toList();
        assertThat(found).hasSize(1);
        assertThat(stalled(found.getFirst()).getFirst().cycle()).hasSize(4);
        assertThat(List.of(scene.state(A).status(), scene.state(B).status()))
                .containsExactlyInAnyOrder(Status.FAILED, Status.SUCCEEDED);
        scene.sound();
    }

    private RunId child(RunId parent) {
        return scene.events(parent).stream()
                .filter(Event.ChildStarted.class::isInstance)
                .map(event -> ((Event.ChildStarted) event).child())
                .findFirst()
                .orElseThrow();
    }

    private static Workflow failing(String name, Task... tasks) {
        return new Workflow(
                name,
                Type.Struct.OPEN,
                List.of(tasks),
                Value.NULL,
                Task.Remedy.FAIL,
                null,
                dev.tutti.core.event.Budget.NONE);
    }

    @Test
    void two_runs_that_wait_for_each_others_messages_are_found() {
        var asks = Scene.await("hear", "yours");
        scene.workflow(
                "main", Value.NULL, asks, sends(task("say", "hear"), "yours", "${input.peer}"));
        scene.start(A, "main", Value.struct("peer", Value.text("B")));
        scene.settle();
        assertThat(stalled(A)).as("B may still come").isEmpty();
        scene.begin(B, "main", Value.struct("peer", Value.text("A"))).settle();
        assertThat(stalled(B))
                .singleElement()
                .satisfies(stall -> assertThat(stall.cycle()).containsExactly("B/hear", "A/hear"));
        scene.ask(B, new Request.Deliver("yours", Value.Struct.EMPTY));
        scene.settle();
        assertThat(scene.state(A).status()).isEqualTo(Status.SUCCEEDED);
        scene.sound();
    }

    @Test
    void a_task_that_waits_for_a_message_which_only_a_later_task_sends_is_found() {
        scene.workflow(
                        "main",
                        Value.NULL,
                        Scene.await("hear", "news"),
                        sends(task("say", "hear"), "news", null))
                .start()
                .settle();
        assertThat(stalled(Scene.RUN))
                .singleElement()
                .satisfies(stall -> {
                    assertThat(stall.cycle()).containsExactly("R/hear");
                    assertThat(stall.reason())
                            .contains("waits for message `news`, which `say` of run R would send");
                });
    }

    @Test
    void a_message_that_its_sender_will_never_send_is_missed() {
        scene.workflow("hears", Value.NULL, Scene.await("hear", "news"))
                .workflow(
                        "sends",
                        Value.NULL,
                        sends(task("say").with(never()), "news", "${input.to}"))
                .start(A, "hears", Value.Struct.EMPTY)
                .settle();
        scene.begin(B, "sends", Value.struct("to", Value.text("A"))).settle();
        assertThat(scene.state(B).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(stalled(A))
                .singleElement()
                .satisfies(stall ->
                        assertThat(stall.reason())
                                .isEqualTo(
                                        "`hear` of run A waits for message `news`, which `say` of run B"
                                                + " never sent: that run has ended"));
    }

    @Test
    void a_sender_that_gave_up_is_not_missed_while_another_is_at_work() {
        scene.workflow(failing("hears", Scene.await("hear", "news")))
                .workflow(
                        "gives_up",
                        Value.NULL,
                        sends(task("say").with(never()), "news", "${input.to}"))
                .workflow("sends", Value.NULL, sends(task("slow"), "news", "${input.to}"))
                .takes("slow", Duration.ofMinutes(1))
                .start(A, "hears", Value.Struct.EMPTY)
                .settle();
        var to = Value.struct("to", Value.text("A"));
        for (var workflow : List.of("sends", "gives_up")) {
            scene.begin(new RunId(workflow), workflow, to);
            scene.pass(Duration.ofSeconds(1));
        }
        assertThat(stalled(A)).isEmpty();
        scene.settle();
        assertThat(scene.state(A).status()).isEqualTo(Status.SUCCEEDED);
        scene.sound();
    }

    @Test
    void who_waits_for_a_message_is_asked_about_even_if_the_workflow_says_fail_and_then_goes_on() {
        scene.workflow(failing("hears", Scene.await("hear", "news")))
                .workflow(
                        "gives_up",
                        Value.NULL,
                        sends(task("say").with(never()), "news", "${input.to}"))
                .start(A, "hears", Value.Struct.EMPTY)
                .settle();
        scene.begin(B, "gives_up", Value.struct("to", Value.text("A"))).settle();
        assertThat(stall(A).text()).contains("never sent");
        scene.ask(A, new Request.Deliver("news", Value.Struct.EMPTY));
        scene.settle();
        assertThat(scene.state(A).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.events(A))
                .filteredOn(Event.QuestionClosed.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.QuestionClosed.class,
                        closed -> assertThat(closed.reason()).isEqualTo("the run goes on"));
        scene.sound();
    }

    @Test
    void a_run_with_many_runs_within_it_looks_at_one_of_them_at_a_time() {
        int width = 400;
        scene.team(Scene.agent("worker", 9), Scene.human("boss", Value.Struct.EMPTY))
                .workflow(
                        "main",
                        Value.NULL,
                        calls("wide", "part").with(Task.Flow.over("${input.list}", width)))
                .workflow(
                        "part",
                        Value.NULL,
                        Scene.by(new Task.Performer.ByAgent(new AgentId("boss")), "ask"))
                .start(Value.struct("list", Value.from(IntStream.range(0, width).boxed().toList())))
                .settle();
        long began = System.nanoTime();
        for (var event : scene.all(Event.ChildStarted.class)) {
            var question = scene.state(event.child()).questions().firstKey();
            scene.ask(
                    event.child(),
                    new Request.Answer(question, Value.text("fine"), "", null, null));
            scene.pass(Duration.ofMillis(5));
        }
        scene.succeeds();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    private static Task.Flow never() {
        return Task.Flow.ONCE.withWhen("${false}");
    }

    @Test
    void who_waits_for_the_world_outside_is_not_stuck() {
        scene.workflow("main", Value.NULL, Scene.await("hear", "news"), calls("part", "part"))
                .workflow("part", Value.NULL, Scene.await("hear", "other_news"))
                .start()
                .settle();
        assertThat(stalled(Scene.RUN)).isEmpty();
        assertThat(stalled(scene.all(Event.ChildStarted.class).getFirst().child())).isEmpty();
        assertThat(scene.state().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void a_circle_that_closed_as_the_process_ended_is_found_by_the_next() {
        scene.workflow("main", Value.NULL, locked(calls("outer", "part"), "the-lock"))
                .workflow("part", Value.NULL, locked(task("inner"), "the-lock"))
                .start();
        for (int i = 0; i < 6; i++) {
            scene.pass(Duration.ofMillis(1)).restart();
        }
        scene.settle();
        assertThat(stalled(Scene.RUN).size() + stalled(child(Scene.RUN)).size()).isEqualTo(1);
    }

    @Test
    void a_circle_of_messages_that_closed_as_the_process_ended_is_found_by_the_next() {
        scene.workflow(
                        "main",
                        Value.NULL,
                        Scene.await("hear", "news"),
                        sends(task("say", "hear"), "news", null))
                .start();
        scene.pass(Duration.ZERO).restart().settle();
        assertThat(stalled(Scene.RUN)).hasSize(1);
        scene.sound();
    }

    @Test
    void a_task_that_no_agent_of_the_team_can_do_says_so() {
        scene.workflow(
                        "main",
                        Value.NULL,
                        Scene.by(new Task.Performer.ByAgent(new AgentId("nobody")), "a"))
                .start()
                .settle();
        assertThat(stalled(Scene.RUN))
                .singleElement()
                .satisfies(stall ->
                        assertThat(stall.reason())
                                .isEqualTo(
                                        "`a` of run R waits for an agent that can do it: the team has"
                                                + " none left"));
    }
}
