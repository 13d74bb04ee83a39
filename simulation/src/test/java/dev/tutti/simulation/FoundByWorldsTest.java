package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What worlds by chance have found, each as the shortest story that shows it.
class FoundByWorldsTest {
    private static final Task.Performer BOSS =
            new Task.Performer.ByAgent(new dev.tutti.core.event.AgentId("boss"));

    private static OneThread.Work never() {
        return new OneThread.Work(null, Outcome.succeeded(Value.NULL), List.of());
    }

    private static Task locked(Task task) {
        return task.with(Task.Flow.ONCE.withLocks("the-lock"));
    }

    @Test
    void a_lock_is_free_once_the_person_who_had_the_task_has_answered() {
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 2), Scene.human("boss", Value.Struct.EMPTY))
                        .workflow(
                                "main",
                                Value.NULL,
                                locked(Scene.by(BOSS, "first")),
                                locked(Scene.by(BOSS, "second")))
                        .start()
                        .pass(Duration.ofSeconds(1));
        scene.answer(scene.question().question().id(), "fine", "bo");
        scene.pass(Duration.ofSeconds(1));
        scene.answer(scene.question().question().id(), "fine", "bo");
        scene.succeeds();
    }

    @Test
    void a_lock_stays_with_a_task_that_is_tried_again_while_the_attempt_before_is_stopping() {
        var task = locked(Scene.task("held"));
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 9))
                        .workflow("main", Value.NULL, task, locked(Scene.task("other")))
                        .when("held", one -> Scene.done(one, Duration.ofMinutes(1)))
                        .start()
                        .pass(Duration.ofSeconds(1))
                        .act(new Verb.Retry(TaskId.of("held"), false))
                        .pass(Duration.ofSeconds(1));
        assertThat(scene.began()).containsExactly("held", "held");
        scene.succeeds();
    }

    @Test
    void a_wait_for_a_message_that_is_done_again_waits_again() {
        new Scene()
                .workflow("main", Value.NULL, Scene.await("news", "news"))
                .start()
                .pass(Duration.ofSeconds(1))
                .act(new Verb.Retry(TaskId.of("news"), false))
                .pass(Duration.ofSeconds(1))
                .send("news", Value.Struct.EMPTY)
                .succeeds();
    }

    @Test
    void a_fork_at_any_event_joins_a_fan_out_once_and_keeps_its_tokens() {
        var wide = Scene.task("wide").with(Task.Flow.over("${[1, 2, 3]}", 9));
        var scene =
                new Scene()
                        .workflow("main", Value.NULL, wide, Scene.task("last", "wide"))
                        .start()
                        .succeeds();
        var source = scene.events(Scene.RUN);
        for (int at = 2; at < source.size(); at++) {
            var run = new RunId("F" + at);
            scene.ask(run, new Request.Fork(Scene.RUN, at, false));
            scene.settle();
            assertThat(scene.state(run).status()).as("at %d", at).isEqualTo(Status.SUCCEEDED);
            assertThat(scene.events(run)).as("at %d", at).hasSizeGreaterThanOrEqualTo(at);
            assertThat(scene.events(run).subList(1, Math.min(at, source.size() - 1)))
                    .as("at %d", at)
                    .isEqualTo(source.subList(1, Math.min(at, source.size() - 1)));
        }
        scene.sound();
    }

    @Test
    void taking_back_is_given_more_time_than_stopping() {
        var undo = new Task.Undo(new Task.Performer.BySkill(Scene.WORK), Value.Struct.EMPTY);
        var scene =
                new Scene()
                        .workflow(
                                "main",
                                Value.NULL,
                                Scene.task("paid").with(Task.Policy.DEFAULT.with(undo)),
                                Scene.task("slow", "paid"),
                                Scene.task("bad", "paid"))
                        .takes("slow", Duration.ofMinutes(9))
                        .takes("undo:paid", Duration.ofMinutes(5))
                        .fails("bad", new Failure.Permanent("no", "as tested"))
                        .start();
        scene.ends(Status.FAILED);
        assertThat(scene.finished()).containsExactly("paid", "undo:paid");
    }

    @Test
    void who_is_forced_to_end_does_not_wait_for_what_takes_back() {
        var undo = new Task.Undo(new Task.Performer.BySkill(Scene.WORK), Value.Struct.EMPTY);
        new Scene()
                .workflow(
                        "main",
                        Value.NULL,
                        Scene.task("paid").with(Task.Policy.DEFAULT.with(undo)),
                        Scene.task("bad", "paid"))
                .when("undo:paid", _ -> never())
                .fails("bad", new Failure.Permanent("no", "as tested"))
                .start()
                .pass(Duration.ofMinutes(1))
                .act(new Verb.Cancel(true))
                .ends(Status.FAILED);
    }

    @Test
    void an_item_that_is_not_needed_any_more_can_be_skipped() {
        var each = new Task.Each("${[1, 2]}", 9, "${1}", null, false);
        new Scene()
                .team(Scene.agent("worker", 9))
                .workflow(
                        "main",
                        Value.NULL,
                        Scene.task("wide").with(Task.Flow.ONCE.with(each)),
                        Scene.task("last", "wide"))
                .when(
                        "wide",
                        one ->
                                one.task().item() == 1
                                        ? never()
                                        : Scene.done(one, Duration.ofMillis(5)))
                .start()
                .pass(Duration.ofMinutes(1))
                .act(new Verb.Skip(new TaskId("wide", 1), null))
                .succeeds();
    }

    @Test
    void what_may_be_done_already_is_not_done_by_a_fork_before_somebody_looked() {
        var strict = Task.Policy.DEFAULT.with(Task.Effects.AT_MOST_ONCE);
        var scene =
                new Scene()
                        .workflow("main", Value.NULL, Scene.task("pay").with(strict))
                        .when(
                                "pay",
                                _ ->
                                        new OneThread.Work(
                                                Duration.ofSeconds(5),
                                                Outcome.succeeded(Value.Struct.EMPTY),
                                                List.of(),
                                                List.of("pay")))
                        .start()
                        .pass(Duration.ofSeconds(7))
                        .act(new Verb.Terminate());
        assertThat(scene.all(Event.EffectIntended.class)).hasSize(1);
        var fork = new RunId("F");
        scene.ask(fork, new Request.Fork(Scene.RUN, 3, false));
        scene.pass(Duration.ofMinutes(1));
        RunState state = scene.state(fork);
        assertThat(state.questions()).hasSize(1);
        assertThat(scene.events(fork))
                .filteredOn(Event.EffectIntended.class::isInstance)
                .hasSize(1);
        scene.sound();
    }

    @Test
    void a_fork_leaves_what_the_other_run_began_and_sent_to_the_other_run() {
        var other = new RunId("O");
        var fork = new RunId("F");
        var performed = new java.util.ArrayList<String>();
        var says =
                Scene.task("says")
                        .with(Task.Flow.ONCE.with(new Task.Emit("news", Value.Struct.EMPTY, "O")));
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 2))
                        .when(
                                "says",
                                one -> {
                                    performed.add(one.task().name());
                                    return Scene.done(one, Duration.ofMillis(10));
                                })
                        .workflow("hears", Value.NULL, Scene.await("hears", "never"))
                        .workflow("part", Value.NULL, Scene.await("waits", "later"))
                        .workflow(
                                "main",
                                Value.NULL,
                                says,
                                Scene.by(new Task.Performer.ByWorkflow("part"), "part", "says"),
                                Scene.task("last", "part"))
                        .start()
                        .pass(Duration.ofSeconds(1));
        scene.begin(other, "hears", Value.Struct.EMPTY);
        scene.pass(Duration.ofSeconds(1));
        scene.ask(fork, new Request.Fork(Scene.RUN, Long.MAX_VALUE, false));
        scene.pass(Duration.ofMinutes(1));

        assertThat(performed).as("the agent was asked once").containsExactly("says");
        assertThat(scene.events(other)).noneMatch(Event.MessageReceived.class::isInstance);
        var children =
                List.of(child(scene.events(Scene.RUN)), child(scene.events(fork))).stream()
                        .distinct()
                        .toList();
        assertThat(children).hasSize(2);
        for (var child : children) {
            assertThat(scene.state(child).status()).isEqualTo(Status.RUNNING);
            scene.ask(child, new Request.Deliver("later", Value.Struct.EMPTY));
        }
        scene.settle();
        assertThat(scene.state(fork).status()).isEqualTo(Status.SUCCEEDED);
        scene.succeeds();
    }

    private static RunId child(List<Event> events) {
        return events.stream()
                .filter(Event.ChildStarted.class::isInstance)
                .map(event -> ((Event.ChildStarted) event).child())
                .reduce((_, latest) -> latest)
                .orElseThrow();
    }

    @Test
    void a_fork_takes_one_place_for_a_task_however_often_it_was_ready_before() {
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 1))
                        .fails("a", new Failure.Transient("busy", "try later"))
                        .workflow(
                                "main",
                                Value.NULL,
                                Scene.task("a")
                                        .with(
                                                Task.Policy.DEFAULT.with(
                                                        new Task.Retry(
                                                                4,
                                                                Duration.ofMillis(10),
                                                                Duration.ofMillis(20)))))
                        .start()
                        .ends(Status.FAILED);
        var fork = new RunId("F");
        scene.when("a", one -> Scene.done(one, Duration.ofMillis(10)));
        scene.ask(fork, new Request.Fork(Scene.RUN, Long.MAX_VALUE, false));
        scene.settle();
        assertThat(scene.state(fork).status()).isEqualTo(Status.SUCCEEDED);
        scene.begin(new RunId("G"), "main", Value.Struct.EMPTY).settle();
        assertThat(scene.state(new RunId("G")).status()).isEqualTo(Status.SUCCEEDED);
        scene.sound();
    }

    @Test
    void an_agent_that_was_left_alone_and_goes_well_is_given_work_at_once() {
        var failures = new java.util.concurrent.atomic.AtomicInteger();
        var often =
                Task.Policy.DEFAULT.with(
                        new Task.Retry(9, Duration.ofMillis(10), Duration.ofMillis(10)));
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 2))
                        .takes("slow", Duration.ofSeconds(3))
                        .when(
                                "often",
                                one ->
                                        failures.incrementAndGet() > 5
                                                ? Scene.done(one, Duration.ofMillis(10))
                                                : new OneThread.Work(
                                                        Duration.ofMillis(10),
                                                        Outcome.failed(
                                                                new Failure.Transient(
                                                                        "busy", "try later")),
                                                        List.of()))
                        .workflow(
                                "main",
                                Value.NULL,
                                Scene.task("slow"),
                                Scene.task("often").with(often))
                        .start()
                        .pass(Duration.ofSeconds(4));
        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        scene.sound();
    }

    @Test
    void a_lock_stays_with_a_task_that_waits_for_a_place_while_the_attempt_before_is_stopping() {
        new Scene()
                .team(Scene.agent("worker", 2))
                .takes("held", Duration.ofMinutes(1))
                .takes("blocker", Duration.ofSeconds(10))
                .workflow(
                        "main",
                        Value.NULL,
                        locked(Scene.task("held")),
                        Scene.task("blocker"),
                        locked(Scene.task("other")))
                .start()
                .pass(Duration.ofSeconds(1))
                .act(new Verb.Retry(TaskId.of("held"), false))
                .succeeds();
    }

    @Test
    void what_a_run_may_have_done_after_it_was_forked_is_asked_about_in_the_fork() {
        var once = Scene.task("pay").with(Task.Policy.DEFAULT.with(Task.Effects.AT_MOST_ONCE));
        var scene =
                new Scene()
                        .when(
                                "pay",
                                one ->
                                        new OneThread.Work(
                                                Duration.ofMillis(10),
                                                Outcome.succeeded(Value.NULL),
                                                List.of(),
                                                List.of("deed", "more")))
                        .workflow("main", Value.NULL, once)
                        .start()
                        .pass(Duration.ofMillis(13))
                        .act(new Verb.Terminate());
        var source = scene.events(Scene.RUN);
        assertThat(source).filteredOn(Event.EffectIntended.class::isInstance).hasSize(1);
        assertThat(source).noneMatch(Event.EffectRecorded.class::isInstance);
        assertThat(scene.fired).hasSize(1);
        for (long at = 2; at <= source.size(); at++) {
            var run = new RunId("F" + at);
            scene.ask(run, new Request.Fork(Scene.RUN, at, false));
            scene.pass(Duration.ofMinutes(1));
            assertThat(scene.fired).as("after a fork at event %d", at).doesNotHaveDuplicates();
        }
    }

    @Test
    void another_agent_is_asked_leave_for_once_and_not_for_ever() {
        var policy =
                Task.Policy.DEFAULT
                        .with(new Task.Retry(1, Duration.ofMillis(10), Duration.ofMillis(10)))
                        .withLadder(Task.Remedy.REROUTE)
                        .withApproval(new dev.tutti.core.event.AgentId("boss"));
        var scene =
                new Scene()
                        .team(
                                Scene.agent("one", 1),
                                Scene.agent("two", 1),
                                Scene.human("boss", Value.Struct.EMPTY))
                        .fails("odd", new Failure.Permanent("odd", "it cannot be done"))
                        .workflow("main", Value.NULL, Scene.task("odd").with(policy))
                        .start()
                        .pass(Duration.ofSeconds(1));
        scene.answer(scene.question().question().id(), "approve", "bo");
        scene.pass(Duration.ofSeconds(1));
        scene.answer(scene.question().question().id(), "approve", "bo");
        scene.pass(Duration.ofSeconds(1)).ends(Status.FAILED);
        assertThat(scene.events(Scene.RUN)).filteredOn(Event.Rerouted.class::isInstance).hasSize(1);
        assertThat(scene.events(Scene.RUN))
                .filteredOn(Event.Assigned.class::isInstance)
                .extracting(event -> ((Event.Assigned) event).agent().value())
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void an_item_that_fails_when_enough_is_done_is_not_missed() {
        var each = new Task.Each("${[1, 2]}", 9, "${1}", null, false);
        var task = Scene.task("many").with(Task.Flow.ONCE.with(each));
        var scene =
                new Scene()
                        .team(Scene.agent("worker", 9))
                        .when(
                                "many",
                                one ->
                                        one.task().item() == 0
                                                ? Scene.done(one, Duration.ofMillis(10))
                                                : new OneThread.Work(
                                                        Duration.ofSeconds(2),
                                                        Outcome.failed(
                                                                new Failure.Permanent(
                                                                        "odd", "too late")),
                                                        List.of()))
                        .takes("after", Duration.ofSeconds(9))
                        .workflow("main", Value.NULL, task, Scene.task("after", "many"))
                        .start()
                        .pass(Duration.ofSeconds(20))
                        .succeeds();
        assertThat(scene.skipped()).contains("many[1]");
    }
}
