package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Questions: who is asked, what an answer does, and that one decision wins whatever happens at the
/// same time.
@Isolated
class PeopleTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Value.Struct AMOUNT = Value.struct("amount", Value.of(5));

    private final Scene scene = new Scene();

    private static Agent boss(Value.Struct settings) {
        return Scene.human("boss", settings);
    }

    private static Value.Struct ask(Object... settings) {
        return Value.struct(settings);
    }

    /// A task that must be approved.
    private Scene approved(Value.Struct settings) {
        var pay =
                Scene.with(task("pay"), AMOUNT)
                        .with(Task.Policy.DEFAULT.withApproval(new AgentId("boss")));
        return scene.team(Scene.agent("worker", 5), boss(settings))
                .workflow("main", Value.text("${pay.amount}"), pay)
                .start()
                .settle();
    }

    @Test
    void an_approved_task_runs_with_exactly_what_was_approved() {
        approved(ask());
        assertThat(scene.state().status()).isEqualTo(Status.WAITING);
        assertThat(scene.question().question().hash()).isEqualTo(Digest.hash(AMOUNT));
        assertThat(scene.answer(scene.question().question().id(), "approve", "bo")).isEmpty();
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(5));
    }

    @Test
    void an_answer_to_what_has_changed_since_is_refused() {
        approved(ask());
        var seen = scene.question().question();
        scene.act(new Verb.EditInput(TaskId.of("pay"), Value.struct("amount", Value.of(500))));
        assertThat(
                        scene.refusal(
                                Scene.RUN,
                                new Request.Answer(
                                        seen.id(), Value.text("approve"), "", seen.hash(), null),
                                "bo"))
                .contains("is over");
        var now = scene.question().question();
        assertThat(
                        scene.refusal(
                                Scene.RUN,
                                new Request.Answer(
                                        now.id(), Value.text("approve"), "", seen.hash(), null),
                                "bo"))
                .contains("has changed");
        assertThat(scene.answer(now.id(), "approve", "bo")).isEmpty();
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(500));
    }

    @Test
    void a_denied_task_fails_the_run_unless_its_ladder_says_otherwise() {
        approved(ask());
        assertThat(scene.answer(scene.question().question().id(), "deny", "bo")).isEmpty();
        scene.ends(Status.FAILED);
        assertThat(scene.began()).isEmpty();
    }

    @Test
    void four_eyes_and_a_quorum_need_two_others() {
        approved(ask("four_eyes", Value.of(true), "quorum", Value.of(2)));
        long id = scene.question().question().id();
        assertThat(scene.answer(id, "approve", "ana")).contains("four eyes");
        assertThat(scene.answer(id, "approve", "bo")).isEmpty();
        assertThat(scene.answer(id, "approve", "bo")).contains("answered already");
        assertThat(scene.began()).isEmpty();
        assertThat(scene.answer(id, "approve", "cy")).isEmpty();
        scene.succeeds();
    }

    @Test
    void who_does_not_answer_is_reminded_and_then_the_next_one_is_asked() {
        var ladder =
                Value.array(
                        Value.struct("to", Value.text("alice"), "within", Value.text("1h")),
                        Value.struct("to", Value.text("ops"), "within", Value.text("2h")));
        approved(ask("ask", ladder, "remind", Value.text("25m"), "otherwise", Value.text("deny")));
        scene.ends(Status.FAILED);
        assertThat(scene.all(Event.QuestionHandedOn.class)).hasSize(1);
        assertThat(scene.all(Event.QuestionReminded.class).size()).isBetween(6, 7);
        assertThat(scene.all(Event.QuestionClosed.class))
                .extracting(Event.QuestionClosed::end)
                .containsExactly(Question.End.EXPIRED);
        var closed = scene.now();
        assertThat(Duration.between(Scene.NOON, closed))
                .isCloseTo(HOUR.multipliedBy(3), HOUR.dividedBy(60));
    }

    @Test
    void a_person_does_a_task_and_the_answer_is_its_result() {
        var decide = Scene.by(new Task.Performer.ByAgent(new AgentId("boss")), "decide");
        scene.team(
                        Scene.agent("worker", 5),
                        boss(ask("choices", Value.array(Value.text("red"), Value.text("blue")))))
                .workflow("main", Value.text("${decide.decision}"), decide)
                .start()
                .settle();
        long id = scene.question().question().id();
        assertThat(scene.answer(id, "green", "bo")).contains("red, blue");
        assertThat(scene.answer(id, "blue", "bo")).isEmpty();
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("blue"));
    }

    @Test
    void exhausted_work_is_parked_for_a_person() {
        var policy =
                Task.Policy.DEFAULT
                        .with(new Task.Retry(2, Duration.ZERO, Duration.ZERO))
                        .withLadder(Task.Remedy.ASK);
        scene.fails("a", new Failure.Transient("busy", "no"))
                .workflow("main", Value.NULL, task("a").with(policy), task("b", "a"))
                .start()
                .settle();
        assertThat(scene.question().question().purpose()).isEqualTo(Question.Purpose.REMEDY);
        assertThat(scene.answer(scene.question().question().id(), "retry", "bo")).isEmpty();
        scene.settle();
        assertThat(scene.began()).hasSize(4);
        assertThat(scene.answer(scene.question().question().id(), "skip", "bo")).isEmpty();
        scene.succeeds();
    }

    @Test
    void a_task_whose_attempts_end_with_their_process_is_quarantined_after_three() {
        var policy = Task.Policy.DEFAULT.with(new Task.Retry(50, Duration.ZERO, Duration.ZERO));
        scene.when(
                        "a",
                        _ ->
                                new OneThread.Work(
                                        null,
                                        dev.tutti.core.event.Outcome.succeeded(Value.NULL),
                                        List.of()))
                .workflow("main", Value.NULL, task("a").with(policy), task("b"))
                .start();
        for (int i = 0; i < 6; i++) {
            scene.pass(Duration.ofSeconds(1)).restart();
        }
        scene.settle();
        assertThat(scene.question().question().text())
                .contains("3 attempts ended with the process");
        assertThat(scene.began()).containsOnlyOnce("b");
        assertThat(scene.began().stream().filter("a"::equals)).hasSize(3);
    }

    @Test
    void one_decision_wins_in_a_thousand_races_and_the_losers_are_told() {
        for (int seed = 0; seed < 1_000; seed++) {
            race(new SplittableRandom(seed), seed);
        }
    }

    /// Approve, deny, edit, expire and a crash, all within the same few milliseconds.
    private static void race(SplittableRandom random, int seed) {
        var test = new PeopleTest();
        var settings =
                ask(
                        "ask",
                        Value.array(
                                Value.struct("to", Value.text("a"), "within", Value.text("100ms"))),
                        "otherwise",
                        Value.text("deny"));
        var pay =
                Scene.with(task("pay"), AMOUNT)
                        .with(
                                Task.Policy.DEFAULT
                                        .withApproval(new AgentId("boss"))
                                        .withLadder(Task.Remedy.SKIP));
        var scene =
                test.scene
                        .team(Scene.agent("worker", 5), boss(settings))
                        .workflow("main", Value.NULL, pay)
                        .start()
                        .pass(Duration.ofMillis(90 + random.nextInt(12)));
        var asked = List.copyOf(scene.state().questions().keySet());
        long id = asked.isEmpty() ? 6 : asked.getFirst();
        int voters = 5 + random.nextInt(46);
        for (int i = 0; i < voters; i++) {
            var word = random.nextBoolean() ? "approve" : "deny";
            scene.ask(
                    Scene.RUN,
                    new Request.Answer(id, Value.text(word), "", null, null),
                    "voter" + i);
            if (random.nextInt(20) == 0) {
                scene.ask(
                        Scene.RUN,
                        new Request.Intervene(
                                new Verb.EditInput(
                                        TaskId.of("pay"), Value.struct("amount", Value.of(i))),
                                "as it fell",
                                0));
            }
            if (random.nextInt(20) == 0) {
                scene.pass(Duration.ofMillis(random.nextInt(3)));
            }
            if (random.nextInt(40) == 0) {
                scene.restart();
            }
        }
        scene.settle();
        assertThat(scene.state().status()).as("seed %d", seed).isEqualTo(Status.SUCCEEDED);
        var closed = scene.all(Event.QuestionClosed.class);
        assertThat(closed).extracting(Event.QuestionClosed::question).doesNotHaveDuplicates();
        var decided = closed.stream().filter(one -> one.end() == Question.End.DECIDED).toList();
        var expired = closed.stream().filter(one -> one.end() == Question.End.EXPIRED).toList();
        assertThat(decided.size() + expired.size()).as("seed %d: %s", seed, closed).isPositive();
        assertThat(scene.all(Event.QuestionAnswered.class))
                .as("seed %d: no answer counts but those that decide", seed)
                .hasSameSizeAs(decided);
        long refused =
                scene.all(Event.Refused.class).stream()
                        .filter(one -> one.command().equals("answer"))
                        .count();
        assertThat(refused + decided.size())
                .as("seed %d: every voter is told", seed)
                .isEqualTo(scene.told());
        scene.sound();
    }

    @Test
    void ten_thousand_runs_that_wait_for_a_person_cost_next_to_nothing() {
        int runs = 10_000;
        scene.team(Scene.agent("worker", 5), boss(ask()))
                .workflow(
                        "main",
                        Value.NULL,
                        Scene.by(new Task.Performer.ByAgent(new AgentId("boss")), "decide"))
                .start()
                .settle();
        long threads = Thread.getAllStackTraces().size();
        long journalBefore = heap();
        for (int i = 0; i < runs; i++) {
            scene.begin(new RunId("W" + i), "main", Value.Struct.EMPTY);
        }
        scene.settle();
        long withEngine = heap();
        scene.restart().settle();
        System.out.printf(
                "%,d runs waiting: %,d KB of heap, the journal in memory included; %d threads more%n",
                runs,
                (withEngine - journalBefore) / 1024,
                Thread.getAllStackTraces().size() - threads);
        assertThat(withEngine - journalBefore).isLessThan(50L << 20);
        assertThat((long) Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 1);
        for (int i = 0; i < runs; i += 97) {
            var run = new RunId("W" + i);
            var state = scene.state(run);
            assertThat(state.status()).isEqualTo(Status.WAITING);
            long id = state.questions().keySet().iterator().next();
            assertThat(
                            scene.refusal(
                                    run,
                                    new Request.Answer(id, Value.text("fine"), "", null, null),
                                    "bo"))
                    .isEmpty();
            scene.settle();
            assertThat(scene.state(run).status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
