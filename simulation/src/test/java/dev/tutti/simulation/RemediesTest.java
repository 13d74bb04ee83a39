package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gates, ladders, circuits, effects and compensation.
class RemediesTest {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Failure BUSY = new Failure.Transient("busy", "try later");
    private final Scene scene = new Scene();

    private static OneThread.Work failing(Failure failure) {
        return new OneThread.Work(TICK, Outcome.failed(failure), List.of());
    }

    @Test
    void an_await_that_is_retried_waits_for_its_message_once_more() {
        scene.workflow("main", Value.NULL, Scene.await("news", "news")).start().settle();
        scene.act(new Verb.Retry(dev.tutti.core.event.TaskId.of("news"), false)).settle();
        assertThat(scene.all(Event.Awaited.class)).hasSize(2);
        scene.send("news", Value.text("here")).succeeds();
    }

    @Test
    void a_request_that_was_refused_is_refused_again_under_its_key() {
        scene.workflow("main", Value.NULL, Scene.await("news", "news")).start().settle();
        var request = new Request.Intervene(new Verb.Resume(), "as tested", 0);
        for (int i = 0; i < 2; i++) {
            assertThat(scene.refusal(Scene.RUN, request, "ana", "one-key"))
                    .isEqualTo("the run is not paused");
        }
        assertThat(scene.all(Event.Refused.class)).hasSize(1);
    }

    @Test
    void a_run_within_that_failed_in_vain_is_not_begun_again() {
        var retry = Task.Policy.DEFAULT.with(new Task.Retry(3, TICK, TICK));
        var part = Scene.by(new Task.Performer.ByWorkflow("part"), "outer").with(retry);
        scene.fails("vain", new Failure.Permanent("bad_input", "no such file"))
                .workflow("main", Value.NULL, part)
                .workflow("part", Value.NULL, task("vain"))
                .start()
                .settle();
        assertThat(scene.state().status()).isEqualTo(Status.FAILED);
        assertThat(scene.all(Event.ChildStarted.class)).hasSize(1);
    }

    @Test
    void a_run_within_that_failed_by_chance_is_begun_again() {
        var retry = Task.Policy.DEFAULT.with(new Task.Retry(3, TICK, TICK));
        var once = Task.Policy.DEFAULT.with(new Task.Retry(1, TICK, TICK));
        var part = Scene.by(new Task.Performer.ByWorkflow("part"), "outer").with(retry);
        scene.fails("unlucky", BUSY)
                .workflow("main", Value.NULL, part)
                .workflow("part", Value.NULL, task("unlucky").with(once))
                .start()
                .settle();
        assertThat(scene.state().status()).isEqualTo(Status.FAILED);
        assertThat(scene.all(Event.ChildStarted.class)).hasSize(3);
    }

    @Test
    void more_attempts_than_a_task_may_have_are_refused_and_not_cut() {
        scene.workflow("main", Value.NULL, Scene.await("news", "news")).start().settle();
        var raise = new Request.Intervene(new Verb.Raise("news", "attempts", 1_001), "more", 0);
        assertThat(scene.refusal(Scene.RUN, raise, "ana", "key"))
                .isEqualTo("attempts are at most 1000, not 1001");
        var fewer = new Request.Intervene(new Verb.Raise("news", "attempts", 1), "fewer", 0);
        assertThat(scene.refusal(Scene.RUN, fewer, "ana", "other"))
                .isEqualTo("`news` may make 3 attempts already; raise allows more, not fewer");
    }

    // ---- gates

    @Test
    void a_result_that_is_not_accepted_is_a_failed_attempt_and_the_next_is_told_why() {
        var told = new ArrayList<String>();
        var gate = new Task.Gate(List.of("${output.n > 1}"), null);
        scene.when(
                        "a",
                        attempt -> {
                            told.add(String.valueOf(attempt.feedback()));
                            return Scene.gives(Value.struct("n", Value.of(attempt.attempt())));
                        })
                .workflow("main", Value.NULL, task("a").with(Task.Policy.DEFAULT.with(gate)))
                .start()
                .succeeds();
        assertThat(told).containsExactly("null", "not accepted: ${output.n > 1}");
        assertThat(scene.finished()).containsExactly("a");
    }

    @Test
    void another_agent_has_a_second_look_and_its_reason_reaches_the_next_attempt() {
        var told = new ArrayList<String>();
        var verify =
                new Task.Verify(
                        new Task.Performer.ByAgent(new dev.tutti.core.event.AgentId("critic")),
                        null,
                        Task.Verify.OK);
        var policy =
                Task.Policy.DEFAULT
                        .with(new Task.Gate(List.of(), verify))
                        .with(new Task.Retry(2, TICK, TICK));
        scene.team(Scene.agent("worker", 1), critic())
                .when("a", attempt -> critic(attempt, told))
                .workflow("main", Value.text("${a.n}"), task("a").with(policy))
                .start()
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(3));
        assertThat(told).containsExactly("null", "1 is too little");
        assertThat(scene.all(Event.ResultProposed.class)).hasSize(2);
    }

    private static dev.tutti.core.event.Agent critic() {
        return new dev.tutti.core.event.Agent(
                new dev.tutti.core.event.AgentId("critic"),
                List.of(),
                "scripted",
                Value.Struct.EMPTY,
                dev.tutti.core.event.Agent.Limits.DEFAULT);
    }

    private static OneThread.Work critic(Action.Perform attempt, List<String> told) {
        if (!attempt.agent().value().equals("critic")) {
            told.add(String.valueOf(attempt.feedback()));
            return Scene.gives(Value.struct("n", Value.of(attempt.attempt())));
        }
        var n =
                attempt.input().get("output") instanceof Value.Struct output
                        ? output.get("n")
                        : null;
        return Scene.gives(
                Value.struct(
                        "ok",
                        Value.of(!Value.of(1).equals(n)),
                        "reason",
                        Value.text("1 is too little")));
    }

    // ---- the ladder

    @Test
    void work_that_one_agent_cannot_do_goes_to_the_next_and_then_to_a_person() {
        var policy =
                Task.Policy.DEFAULT
                        .with(new Task.Retry(2, TICK, TICK))
                        .withLadder(Task.Remedy.REROUTE, Task.Remedy.ASK);
        var by = new ArrayList<String>();
        scene.team(Scene.agent("one", 1), Scene.agent("two", 1))
                .when(
                        "a",
                        attempt -> {
                            by.add(attempt.agent().value());
                            return failing(BUSY);
                        })
                .workflow("main", Value.NULL, task("a").with(policy))
                .start()
                .settle();
        assertThat(by).hasSize(4);
        assertThat(by.get(2)).isEqualTo(by.get(3)).isNotEqualTo(by.get(1));
        assertThat(scene.question().question().purpose()).isEqualTo(Question.Purpose.REMEDY);
        scene.answer(scene.question().question().id(), "fail", "bo");
        scene.ends(Status.FAILED);
    }

    @Test
    void an_agent_that_fails_again_and_again_is_left_alone_for_a_while() {
        var policy = Task.Policy.DEFAULT.with(new Task.Retry(100, TICK, TICK));
        scene.team(Scene.agent("only", 1))
                .when(
                        "a",
                        attempt ->
                                attempt.attempt() < 7 ? failing(BUSY) : Scene.done(attempt, TICK))
                .workflow("main", Value.NULL, task("a").with(policy))
                .start()
                .pass(Duration.ofSeconds(4));
        assertThat(scene.began()).hasSize(5);
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.began()).hasSize(6);
        scene.pass(Duration.ofSeconds(9));
        assertThat(scene.began()).hasSize(6);
        scene.succeeds();
        assertThat(scene.began()).hasSize(7);
    }

    // ---- taking back

    @Test
    void what_is_done_is_taken_back_in_reverse_when_the_run_fails_whatever_happens_meanwhile() {
        var undo =
                new Task.Undo(
                        new Task.Performer.BySkill(Scene.WORK),
                        Value.struct("of", Value.text("${output.task}")));
        var policy = Task.Policy.DEFAULT.with(undo);
        scene.fails("d", new Failure.Permanent("no", "no"))
                .workflow(
                        "main",
                        Value.NULL,
                        task("a").with(policy),
                        task("b", "a").with(policy).with(Task.Flow.over("${['x', 'y']}", 9)),
                        task("c", "b"),
                        task("d", "c"))
                .start();
        for (int i = 0; i < 6; i++) {
            scene.pass(Duration.ofMillis(47)).restart();
        }
        scene.ends(Status.FAILED);
        assertThat(scene.finished())
                .endsWith("undo:b:1", "undo:b:0", "undo:a")
                .contains("a", "b[0]", "b[1]", "c");
        assertThat(scene.all(Event.Ended.class)).hasSize(1);
    }

    // ---- effects

    private static OneThread.Work paying(Duration takes, Outcome outcome) {
        return new OneThread.Work(takes, outcome, List.of(), List.of("pay"));
    }

    @Test
    void an_effect_on_record_is_not_done_again_by_a_later_attempt() {
        scene.when(
                        "a",
                        attempt ->
                                paying(
                                        TICK,
                                        attempt.attempt() == 1
                                                ? Outcome.failed(BUSY)
                                                : Outcome.succeeded(Value.NULL)))
                .workflow("main", Value.NULL, task("a"))
                .start()
                .succeeds();
        assertThat(scene.began()).hasSize(2);
        assertThat(scene.fired).containsExactly("R/a/pay");
    }

    @Test
    void a_crash_between_an_effect_and_its_record_repeats_it_under_the_same_key() {
        scene.when("a", _ -> paying(Duration.ofSeconds(1), Outcome.succeeded(Value.NULL)))
                .workflow("main", Value.NULL, task("a"))
                .start()
                .pass(Duration.ofMillis(1_500))
                .restart()
                .succeeds();
        assertThat(scene.fired).containsExactly("R/a/pay", "R/a/pay");
    }

    @Test
    void at_most_once_a_crash_between_an_effect_and_its_record_is_put_to_a_person() {
        for (var word : List.of("done", "not_done")) {
            var one = new Scene();
            one.when("a", _ -> paying(Duration.ofSeconds(1), Outcome.succeeded(Value.NULL)))
                    .workflow(
                            "main",
                            Value.NULL,
                            task("a").with(Task.Policy.DEFAULT.with(Task.Effects.AT_MOST_ONCE)))
                    .start()
                    .pass(Duration.ofMillis(1_500))
                    .restart()
                    .settle();
            var question = one.question().question();
            assertThat(question.purpose()).isEqualTo(Question.Purpose.UNKNOWN);
            assertThat(one.fired).hasSize(1);
            assertThat(one.answer(question.id(), word, "bo")).isEmpty();
            one.succeeds();
            assertThat(one.fired).hasSize(word.equals("done") ? 1 : 2);
        }
    }

    @Test
    void a_fork_does_not_repeat_what_the_run_has_done_since_unless_asked() {
        scene.when("b", _ -> paying(TICK, Outcome.succeeded(Value.NULL)))
                .workflow("main", Value.NULL, task("a"), task("b", "a"))
                .start()
                .succeeds();
        assertThat(scene.fired).hasSize(1);
        scene.ask(new RunId("F"), new Request.Fork(Scene.RUN, 3, false));
        scene.settle();
        assertThat(scene.state(new RunId("F")).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.fired).hasSize(1);
        scene.ask(new RunId("G"), new Request.Fork(Scene.RUN, 3, true));
        scene.settle();
        assertThat(scene.fired).containsExactly("R/b/pay", "G/b/pay");
        scene.sound();
    }

    @Test
    void a_fork_goes_on_with_another_input_or_output_and_leaves_the_run_as_it_is() {
        scene.workflow(
                        "main",
                        Value.text("${b}"),
                        task("a"),
                        Task.of("b", Scene.WORK, Value.struct("of", Value.text("${a.task}")), "a"))
                .start()
                .succeeds();
        var before = scene.output();
        var input = Value.struct("of", Value.text("something else"));
        var edited = new Verb.EditInput(TaskId.of("b"), input);
        var replaced = new Verb.EditOutput("a", Value.struct("task", Value.text("by hand")));
        scene.ask(new RunId("F"), new Request.Fork(Scene.RUN, Long.MAX_VALUE, false, edited, ""));
        scene.ask(new RunId("G"), new Request.Fork(Scene.RUN, Long.MAX_VALUE, false, replaced, ""));
        scene.settle();

        assertThat(scene.state(new RunId("F")).output()).asString().contains("something else");
        assertThat(scene.state(new RunId("G")).output()).asString().contains("by hand");
        assertThat(scene.output()).isEqualTo(before);
        scene.sound();
    }

    @Test
    void a_fork_that_cannot_be_edited_so_is_none() {
        scene.workflow("main", Value.NULL, task("a"), task("b", "a")).start().succeeds();
        var edit = new Verb.EditInput(TaskId.of("b"), Value.Struct.EMPTY);
        scene.ask(new RunId("F"), new Request.Fork(Scene.RUN, 3, false, edit, ""));
        scene.settle();

        assertThat(scene.state(new RunId("F")).started()).isFalse();
        scene.sound();
    }

    // ---- runs within runs

    @Test
    void a_run_within_a_run_ends_with_it_and_survives_its_process() {
        var part = Scene.by(new Task.Performer.ByWorkflow("part"), "part");
        scene.takes("inner", Duration.ofSeconds(5))
                .workflow("part", Value.text("${inner.task}"), task("inner"))
                .workflow("main", Value.text("${part}"), part)
                .start()
                .pass(Duration.ofSeconds(1))
                .restart()
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("inner"));

        var cancelled = new Scene();
        cancelled
                .takes("inner", Duration.ofSeconds(5))
                .workflow("part", Value.NULL, task("inner"))
                .workflow("main", Value.NULL, part)
                .start()
                .pass(Duration.ofSeconds(1));
        cancelled.act(new Verb.Cancel(false)).ends(Status.CANCELLED);
        var child = cancelled.all(Event.ChildStarted.class).getFirst().child();
        assertThat(cancelled.state(child).status()).isEqualTo(Status.CANCELLED);
    }
}
