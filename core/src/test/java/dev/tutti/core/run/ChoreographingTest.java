package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Choreography.Expectation;
import dev.tutti.core.event.Choreography.Opening;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Contract.Emission;
import dev.tutti.core.event.Contract.Reaction;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Runs that nobody directs: who may take up what, and how they end.
class ChoreographingTest {
    private static final String ASKED = "start/1";
    private final RunFixture run = new RunFixture();

    private static Reaction to(String type, @Nullable String where, String role) {
        return new Reaction(
                type, where, role, Value.struct("text", Value.text("${message.text}")), null);
    }

    private static Emission says(String type, @Nullable String when) {
        return new Emission(type, when, Value.struct("text", Value.text("${output.text}")));
    }

    private static Agent agent(String name, Reaction reaction, Emission... emissions) {
        return RunFixture.agent(name).with(new Contract(List.of(reaction), List.of(emissions)));
    }

    private static Choreography until(@Nullable String until, Expectation... expectations) {
        return new Choreography(
                List.of(new Opening("asked", Value.struct("text", Value.text("${input.text}")))),
                until,
                Duration.ofMinutes(1),
                5,
                List.of(expectations));
    }

    private void start(Choreography choreography, Task.Remedy onStall, Agent... agents) {
        var workflow =
                new Workflow(
                                "dance",
                                Type.Struct.OPEN,
                                List.of(),
                                Value.text("${messages['answered']}"),
                                onStall,
                                null,
                                Budget.NONE)
                        .with(choreography);
        run.team = new Team(List.of(), List.of(agents), List.of(workflow));
        run.send(
                new Command.Start(
                        new RunId("R1"),
                        "dance",
                        "team",
                        Value.struct("text", Value.text("hello")),
                        List.of(),
                        workflow.output(),
                        "ana",
                        onStall,
                        null,
                        null,
                        Budget.NONE,
                        Mode.CHOREOGRAPHY,
                        List.of()));
    }

    /// Everybody hears everything that was said, and does at once what they take up.
    private void dance(Value output) {
        for (int i = 0; i < 20; i++) {
            for (var letter : Participant.unheard(run.state, run.team)) {
                hear(letter);
            }
            run.dispatchAll();
            for (var open : List.copyOf(run.state.open().values())) {
                run.succeed(open.task().name(), output);
            }
        }
    }

    private void hear(RunState.Letter letter) {
        for (var id : Participant.toHear(run.state, run.team, letter)) {
            Participant.hear(
                            run.team.agent(id).orElseThrow(),
                            letter,
                            run.state.asked().inputs(),
                            new Expressions())
                    .forEach(run::send);
        }
    }

    private void hear() {
        Participant.unheard(run.state, run.team).forEach(this::hear);
    }

    private Decision claim(String agent, String message, String role) {
        return run.send(new Command.Claim(new AgentId(agent), message, role));
    }

    private static String refusal(Decision decision) {
        var rejection = decision.rejection();
        return rejection == null ? "" : rejection.message();
    }

    private static Value text(String text) {
        return Value.struct("text", Value.text(text));
    }

    // ---- what goes well

    @Test
    void what_one_says_the_next_takes_up_until_it_is_quiet() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("sorter", to("asked", null, "sorter"), says("sorted", null)),
                agent("writer", to("sorted", null, "writer"), says("answered", null)));

        dance(text("fine"));

        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.array(text("fine")));
        assertThat(run.all(Event.Claimed.class))
                .extracting(claim -> claim.task().name() + " for " + claim.message())
                .containsExactly("sorter_1 for start/1", "writer_1 for sorter_1/10");
        assertThat(run.state.graph().node("writer_1").task().dependencies())
                .containsExactly("sorter_1");
    }

    @Test
    void a_message_is_data_and_never_evaluated() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("sorter", to("asked", null, "sorter"), says("sorted", null)),
                agent("writer", to("sorted", null, "writer"), says("answered", null)));

        dance(text("${secret.KEY} ${1/0}"));

        assertThat(run.output()).isEqualTo(Value.array(text("${secret.KEY} ${1/0}")));
    }

    @Test
    void what_the_run_waits_for_ends_it_though_others_are_at_work() {
        start(
                until("${size(messages['answered']) > 0}"),
                Task.Remedy.FAIL,
                agent("quick", to("asked", null, "quick"), says("answered", null)),
                agent("slow", to("asked", null, "slow"), says("answered", null)));
        hear();
        run.dispatchAll();

        run.succeed("quick_1", text("first"));

        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.array(text("first")));
        assertThat(run.all(Event.TaskSkipped.class))
                .extracting(skip -> skip.task().name())
                .containsExactly("slow_1");
    }

    @Test
    void conditions_choose_who_takes_it_up_and_what_is_said() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("loud", to("asked", "${message.text == 'HELLO'}", "loud")),
                agent(
                        "calm",
                        to("asked", "${message.text == 'hello'}", "calm"),
                        says("answered", "${output.text == 'fine'}"),
                        says("doubted", "${output.text != 'fine'}")));

        dance(text("fine"));

        assertThat(run.all(Event.Declined.class))
                .extracting(one -> one.agent().value())
                .containsExactly("loud");
        assertThat(run.all(Event.MessageReceived.class))
                .extracting(Event.MessageReceived::type)
                .containsExactly("asked", "answered");
    }

    // ---- who may take up what

    @Test
    void of_those_who_play_the_same_part_the_first_takes_it_up() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("one", to("asked", null, "answering"), says("answered", null)),
                agent("two", to("asked", null, "answering"), says("answered", null)));

        assertThat(refusal(claim("one", ASKED, "answering"))).isEmpty();
        assertThat(refusal(claim("two", ASKED, "answering"))).contains("taken up before");
        assertThat(refusal(claim("one", ASKED, "answering"))).contains("taken up before");
    }

    @Test
    void nobody_takes_up_what_its_contract_does_not_say() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("one", to("asked", "${message.text == 'other'}", "one")),
                agent("two", to("answered", null, "two")));

        assertThat(refusal(claim("one", ASKED, "one"))).contains("does not take up");
        assertThat(refusal(claim("two", ASKED, "two"))).contains("does not take up");
        assertThat(refusal(claim("two", ASKED, "one"))).contains("does not take up");
        assertThat(refusal(claim("three", ASKED, "one"))).contains("no agent `three`");
        assertThat(refusal(claim("one", "start/2", "one"))).contains("nothing was said");
    }

    @Test
    void who_failed_leaves_it_to_others_and_does_not_take_it_up_again() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("one", to("asked", null, "answering"), says("answered", null)),
                agent("two", to("asked", null, "answering"), says("answered", null)));
        claim("one", ASKED, "answering");
        run.dispatchAll();
        run.fail("answering_1", new Failure.Permanent("no", "it cannot"));

        assertThat(refusal(claim("one", ASKED, "answering"))).contains("had its say");
        dance(text("second"));

        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.array(text("second")));
        assertThat(run.all(Event.ClaimLost.class)).hasSize(1);
    }

    // ---- what nobody answers

    @Test
    void what_nobody_takes_up_in_time_is_said_to_be_unanswered() {
        start(
                until("${size(messages['answered']) > 0}"),
                Task.Remedy.FAIL,
                agent("one", to("asked", null, "one"), says("answered", null)),
                agent("rescue", to("unanswered", null, "rescue"), says("answered", null)));

        run.pass(Duration.ofSeconds(61));

        assertThat(run.all(Event.Unanswered.class))
                .extracting(Event.Unanswered::message)
                .containsExactly(ASKED);
        assertThat(refusal(claim("one", ASKED, "one"))).contains("its time is over");
        assertThat(Participant.unheard(run.state, run.team))
                .extracting(RunState.Letter::type)
                .containsExactly("unanswered");
    }

    @Test
    void a_run_that_is_quiet_too_early_says_so() {
        start(
                until("${size(messages['answered']) > 0}"),
                Task.Remedy.FAIL,
                agent("one", to("asked", "${message.text == 'other'}", "one")));

        dance(text("fine"));

        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.Stalled.class))
                .singleElement()
                .extracting(Event.Stalled::reason)
                .asString()
                .contains("all is quiet");
        assertThat(run.all(Event.Unanswered.class)).hasSize(1);
    }

    @Test
    void a_person_who_wants_it_tried_again_gives_everybody_another_say() {
        start(
                until("${size(messages['answered']) > 0}"),
                Task.Remedy.ASK,
                agent("one", to("asked", null, "one"), says("answered", null)));
        claim("one", ASKED, "one");
        run.dispatchAll();
        run.fail("one_1", new Failure.Permanent("no", "it cannot"));
        long question = run.state.questions().keySet().iterator().next();

        run.send(new Command.Answer(question, Value.text("retry"), "ana", "", null, null));
        dance(text("now"));

        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.array(text("now")));
    }

    @Test
    void a_message_that_comes_while_the_run_is_closing_is_noted_and_taken_up_by_nobody() {
        start(until(null), Task.Remedy.FAIL, agent("ping", to("asked", null, "ping")));
        hear();
        run.dispatchAll();
        run.send(RunFixture.cancel("enough"));
        assertThat(run.status()).isEqualTo(Status.CLOSING);

        run.send(new Command.Deliver("late", "asked", Value.NULL));

        assertThat(run.all(Event.MessageReceived.class))
                .filteredOn(message -> message.id().equals("late"))
                .singleElement()
                .returns(false, Event.MessageReceived::kept);
        assertThat(run.state.mailbox()).noneMatch(letter -> letter.id().equals("late"));
    }

    @Test
    void messages_that_never_end_are_ended() {
        start(
                until(null),
                Task.Remedy.FAIL,
                agent("ping", to("asked", null, "ping"), says("sorted", null)),
                agent("pong", to("sorted", null, "pong"), says("asked", null)));

        dance(text("again"));

        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.Closing.class))
                .singleElement()
                .extracting(Event.Closing::reason)
                .asString()
                .contains("more than 5 messages");
    }

    // ---- what must follow

    @Test
    void what_follows_in_time_is_noted_and_what_does_not_is_missed() {
        start(
                until(
                        null,
                        new Expectation(
                                "asked", "answered", "${message.text}", Duration.ofSeconds(30))),
                Task.Remedy.FAIL,
                agent("one", to("asked", null, "one"), says("answered", null)));
        claim("one", ASKED, "one");
        run.dispatchAll();
        long expected = run.state.board().expected().firstKey();
        assertThat(run.waitsFor(new Timer.ExpectedDue(expected))).isTrue();

        run.succeed("one_1", text("other"));
        assertThat(run.status()).as("it is about another").isEqualTo(Status.RUNNING);
        run.pass(Duration.ofSeconds(31));

        assertThat(run.all(Event.Unanswered.class))
                .extracting(Event.Unanswered::expected)
                .containsExactly(expected);
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void an_answer_that_has_the_same_in_common_meets_what_was_expected() {
        start(
                until(
                        null,
                        new Expectation(
                                "asked", "answered", "${message.text}", Duration.ofSeconds(30))),
                Task.Remedy.FAIL,
                agent("one", to("asked", null, "one"), says("answered", null)));

        dance(text("hello"));

        assertThat(run.all(Event.ExpectationMet.class)).hasSize(1);
        assertThat(run.all(Event.Unanswered.class)).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }
}
