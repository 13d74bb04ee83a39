package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.agent.Relay;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How a task goes from agent to agent.
class PassingTest {
    private static final TaskId T = TaskId.of("t");
    private static final Value OUTPUT = Value.text("${t}");
    private static final Usage CENT = new Usage(Money.of("0.01"), 10, 5);

    private final RunFixture run = new RunFixture();

    PassingTest() {
        run.team =
                new Team(
                        List.of(),
                        Stream.of("a", "b", "c", "m").map(RunFixture::agent).toList(),
                        List.of());
    }

    // ---- hand-off

    private static Task handed(int max, String... to) {
        var task =
                new Task(
                        "t",
                        new Task.Performer.ByAgent(new AgentId("a")),
                        Value.struct("q", Value.text("x")),
                        List.of());
        return task.with(new Passing.HandOff(Stream.of(to).map(AgentId::new).toList(), max));
    }

    /// The agent to whom the task may go has a place for it.
    private RunFixture begin() {
        var agent = run.state.candidates(T, run.team.agents()).getFirst();
        run.send(new Command.Dispatch(List.of(new Offer(T, agent, List.of()))));
        return run;
    }

    private void handOver(String to, Value what) {
        run.send(
                new Command.Finish(
                        run.token("t"),
                        new Outcome.HandedOver(new AgentId(to), what, "not mine", CENT),
                        List.of()));
    }

    /// What the latest attempt is told of how the task came to it.
    private Value.Struct given(String key) {
        var last = run.all(Event.Assigned.class).getLast();
        var given = Passed.given(run.state, T, last.agent()).get(key);
        return given instanceof Value.Struct told ? told : Value.Struct.EMPTY;
    }

    private @Nullable AgentId holder() {
        return run.state.holder(T);
    }

    @Test
    void the_one_who_has_it_names_the_next_who_gets_what_is_handed_over() {
        run.start(OUTPUT, handed(5, "b", "c"));
        begin();
        handOver("b", Value.text("the invoice"));

        assertThat(holder()).isEqualTo(new AgentId("b"));
        assertThat(run.ready()).containsExactly("t");
        assertThat(run.state.candidates(T, run.team.agents()))
                .extracting(one -> one.id().value())
                .containsExactly("b");
        begin();
        var told = given("hand_off");
        assertThat(told.get("from")).isEqualTo(Value.text("a"));
        assertThat(told.get("what")).isEqualTo(Value.text("the invoice"));
        assertThat(told.get("to")).isEqualTo(Value.from(List.of("c")));
        assertThat(told.get("left")).isEqualTo(Value.of(4));
        run.succeed("t", Value.text("done"));
        assertThat(run.output()).isEqualTo(Value.text("done"));
        assertThat(run.state.task(T).course().relay().hands())
                .containsExactly(
                        new Relay.Hand(
                                new AgentId("a"),
                                new AgentId("b"),
                                Value.text("the invoice"),
                                "not mine"));
    }

    @Test
    void handing_over_is_no_failure_and_is_paid_for() {
        run.start(OUTPUT, RunFixture.retry(handed(5, "b"), 1));
        begin();
        handOver("b", Value.NULL);
        begin();
        run.succeed("t", Value.text("done"));

        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.all(Event.AttemptEnded.class)).isEmpty();
        assertThat(run.state.usage()).isEqualTo(CENT);
    }

    @Test
    void who_gets_it_has_all_attempts_and_keeps_it_when_they_fail() {
        run.start(OUTPUT, RunFixture.retry(handed(5, "b"), 2));
        begin();
        handOver("b", Value.NULL);
        begin();
        run.fail("t", new Failure.Transient("busy", "busy")).pass(Duration.ofSeconds(5));

        assertThat(holder()).isEqualTo(new AgentId("b"));
        assertThat(run.ready()).containsExactly("t");
        assertThat(run.state.task(T).spent()).isEqualTo(1);
    }

    private String refused() {
        var failure = run.all(Event.AttemptEnded.class).getLast().failure();
        assertThat(failure).isInstanceOf(Failure.Rejected.class);
        run.pass(Duration.ofSeconds(5));
        begin();
        assertThat(run.state.task(T).course().feedback()).isEqualTo(failure.message());
        return failure.message();
    }

    @Test
    void what_may_not_be_comes_back_as_what_was_wrong() {
        run.start(OUTPUT, RunFixture.retry(handed(5, "a", "b"), 9));
        begin();
        handOver("c", Value.NULL);
        assertThat(refused()).isEqualTo("it may be handed over to `b`, not to `c`");
        handOver("a", Value.NULL);
        assertThat(refused()).contains("`a` has the task already");
        assertThat(run.all(Event.HandedOver.class)).isEmpty();
    }

    @Test
    void a_task_without_hand_off_is_not_handed_over() {
        run.start(OUTPUT, RunFixture.retry(RunFixture.task("t"), 3));
        begin();
        handOver("b", Value.NULL);
        assertThat(refused()).contains("has no `hand_off`");
    }

    @Test
    void a_task_is_not_handed_over_more_often_than_it_may() {
        run.start(OUTPUT, handed(1, "b", "c"));
        begin();
        handOver("b", Value.of(1));
        begin();
        assertThat(given("hand_off").get("to")).isEqualTo(Value.array());
        handOver("c", Value.of(2));
        assertThat(refused()).contains("was handed over 1 times");
    }

    @Test
    void handing_the_same_back_and_forth_is_a_circle() {
        run.start(OUTPUT, handed(50, "a", "b"));
        begin();
        handOver("b", Value.of(1));
        begin();
        handOver("a", Value.of(1));
        begin();
        handOver("b", Value.of(1));
        assertThat(refused()).contains("`a` has handed the same to `b` before");
        handOver("b", Value.of(2));
        assertThat(run.all(Event.HandedOver.class)).hasSize(3);
    }

    @Test
    void an_attempt_that_handed_over_gives_no_result_any_more() {
        run.start(OUTPUT, handed(5, "b"));
        begin();
        long token = run.token("t");
        handOver("b", Value.NULL);
        var late =
                run.send(new Command.Finish(token, Outcome.succeeded(Value.text("x")), List.of()));
        assertThat(late.rejection()).isNotNull();
    }

    @Test
    void a_task_that_a_person_gives_to_another_is_held_no_more() {
        run.start(OUTPUT, handed(5, "b"));
        begin();
        handOver("b", Value.NULL);
        run.send(new Command.Intervene(new Verb.Reassign("t", new AgentId("c")), "better", 0));
        assertThat(run.state.candidates(T, run.team.agents()))
                .extracting(one -> one.id().value())
                .containsExactly("c");
    }

    @Test
    void the_time_of_the_one_who_handed_over_is_over() {
        run.start(OUTPUT, RunFixture.timeout(handed(5, "b"), Duration.ofSeconds(10)));
        begin();
        long token = run.token("t");
        handOver("b", Value.NULL);
        assertThat(run.waitsFor(new Timer.AttemptDue(token))).isFalse();
    }

    // ---- group

    private static Task talk(
            Passing.Turns turns, @Nullable String moderator, int max, @Nullable String until) {
        var members =
                List.of(
                        new Passing.Member(new AgentId("a"), "invoices and refunds"),
                        new Passing.Member(new AgentId("b"), "cables, modems and networks"),
                        new Passing.Member(new AgentId("c"), "contracts and law"));
        var group =
                new Passing.Group(
                        members,
                        turns,
                        moderator == null ? null : new AgentId(moderator),
                        max,
                        until,
                        null);
        return new Task(
                        "t",
                        new Task.Performer.ByAgent(group.first()),
                        Value.Struct.EMPTY,
                        List.of())
                .with(group);
    }

    private String says(String text) {
        return says(Value.text(text));
    }

    private String says(Value said) {
        begin();
        var by = run.all(Event.Assigned.class).getLast().agent().value();
        run.succeed("t", said);
        return by;
    }

    private Value.Struct conversation() {
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        return (Value.Struct) run.state.output();
    }

    @Test
    void members_have_their_turns_one_after_the_other_until_it_is_enough() {
        run.start(OUTPUT, talk(Passing.Turns.ROUND_ROBIN, null, 9, "${output.last == 'agreed'}"));

        assertThat(says("one")).isEqualTo("a");
        begin();
        assertThat(given("group").get("transcript"))
                .isEqualTo(
                        Value.array(
                                Value.struct("by", Value.text("a"), "said", Value.text("one"))));
        run.succeed("t", Value.text("two"));
        assertThat(says("three")).isEqualTo("c");
        assertThat(says("agreed")).isEqualTo("a");
        var end = conversation();
        assertThat(end.get("ended")).isEqualTo(Value.text("until"));
        assertThat(end.get("turns")).isEqualTo(Value.of(4));
        assertThat(end.get("by")).isEqualTo(Value.text("a"));
    }

    @Test
    void there_are_no_more_turns_than_there_may_be() {
        run.start(OUTPUT, talk(Passing.Turns.ROUND_ROBIN, null, 4, null));
        for (int i = 0; i < 4; i++) {
            says("new " + i);
        }
        assertThat(conversation().get("ended")).isEqualTo(Value.text("max"));
    }

    @Test
    void a_round_in_which_nobody_says_anything_new_is_the_end_and_named() {
        run.start(OUTPUT, talk(Passing.Turns.ROUND_ROBIN, null, 100, null));
        for (int i = 0; i < 6; i++) {
            says(i % 3 == 0 ? "Yes." : "no");
        }
        var end = conversation();
        assertThat(end.get("ended")).isEqualTo(Value.text("no_progress"));
        assertThat(end.get("because"))
                .isEqualTo(Value.text("`c` and `b` and `a` say again what was said before"));
    }

    @Test
    void the_moderator_names_who_is_next_and_ends_it() {
        run.start(OUTPUT, talk(Passing.Turns.MODERATED, "m", 9, null));

        assertThat(says(Value.struct("next", Value.text("b")))).isEqualTo("m");
        assertThat(says("the cable")).isEqualTo("b");
        says(Value.struct("next", Value.text("nobody")));
        assertThat(run.all(Event.AttemptEnded.class).getLast().failure().message())
                .contains("`next`, which is one of `a`, `b`, `c`");
        run.pass(Duration.ofSeconds(5));
        assertThat(says(Value.struct("done", Value.of(true), "result", Value.of(7))))
                .isEqualTo("m");
        var end = conversation();
        assertThat(end.get("ended")).isEqualTo(Value.text("moderator"));
        assertThat(end.get("verdict")).isEqualTo(Value.of(7));
        assertThat(end.get("last")).isEqualTo(Value.text("the cable"));
    }

    @Test
    void whom_it_concerns_is_next() {
        run.start(OUTPUT, talk(Passing.Turns.RELEVANCE, null, 9, null));

        assertThat(says("is it the law?")).isEqualTo("a");
        assertThat(says("no: modems and cables")).isEqualTo("c");
        assertThat(says("ask a about this")).isEqualTo("b");
        assertThat(says("hm")).isEqualTo("a");
        begin();
        assertThat(run.all(Event.Assigned.class).getLast().agent()).isEqualTo(new AgentId("c"));
    }

    @Test
    void what_does_not_pass_the_gate_is_for_the_last_one_to_do_better() {
        var strict =
                talk(Passing.Turns.ROUND_ROBIN, null, 2, null)
                        .with(
                                Task.Policy.DEFAULT.with(
                                        new Task.Gate(List.of("${output.last == 'good'}"), null)));
        run.start(OUTPUT, strict);
        says("one");
        assertThat(says("bad")).isEqualTo("b");
        run.pass(Duration.ofSeconds(5));
        assertThat(says("good")).isEqualTo("b");
        assertThat(conversation().get("turns")).isEqualTo(Value.of(2));
    }

    @Test
    void the_digest_knows_who_said_what() {
        run.start(OUTPUT, talk(Passing.Turns.ROUND_ROBIN, null, 9, null));
        says("one");
        assertThat(Digest.text(run.state)).contains("relay t b ");
    }
}
