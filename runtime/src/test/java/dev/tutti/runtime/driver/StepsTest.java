package dev.tutti.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What attempts take steps for, and what of it the next attempt goes on from.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class StepsTest {
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("ONE"));
    private static final SkillId WORK = new SkillId("work");
    private static final Usage CENT = new Usage(new Money(new BigDecimal("0.01")), 5, 1);
    private static final Task.Retry THRICE =
            new Task.Retry(3, Duration.ofMillis(1), Duration.ofMillis(1));

    private MemoryJournal journal = new MemoryJournal();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private List<String> members = List.of("any");
    private Agent.Limits limits = Agent.Limits.DEFAULT;
    private Task.Policy policy = Task.Policy.DEFAULT.with(THRICE);

    private Value step(Attempt attempt, String name) throws Exception {
        var step = new Attempt.Step("tool", name, Value.text("do " + name));
        return attempt.step(
                        step,
                        () -> {
                            taken.add(name);
                            return new Attempt.Taken(Value.text(name + " done"), CENT);
                        })
                .result();
    }

    private Agent agent(String name) {
        return new Agent(new AgentId(name), List.of(WORK), "scripted", Value.Struct.EMPTY, limits);
    }

    private Driver driver(AgentExecutor executor) {
        var agents = members.stream().map(this::agent).toList();
        var task = Task.of("only", WORK, Value.Struct.EMPTY).with(policy);
        var workflow = new Workflow("main", Type.Struct.OPEN, List.of(task), Value.text("${only}"));
        var skill = new Skill(WORK, Type.Any.ANY, Type.Any.ANY);
        var team = new Team(List.of(skill), agents, List.of(workflow));
        return Crew.drive(journal, team, executor);
    }

    private void succeeds(Driver driver) throws Exception {
        var end = driver.ended(RUN);
        start(driver);
        assertThat(end.get()).as("%s", state().ending()).isEqualTo(Status.SUCCEEDED);
    }

    private static void start(Driver driver) throws Exception {
        var start =
                new Request.Start(
                        "main", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        assertThat(driver.ask(RUN, start, "ana", "start").get().refusal()).isNull();
    }

    private RunState state() {
        return Runs.load(journal, RUN).state();
    }

    private List<Usage> charged() {
        return journal.read(RUN, 0, 1_000).stream()
                .map(Runs::event)
                .<Usage>mapMulti((event, to) -> {
                    if (event instanceof Event.AttemptEnded e) {
                        to.accept(e.usage());
                    } else if (event instanceof Event.ResultAccepted e) {
                        to.accept(e.usage());
                    }
                })
                .toList();
    }

    @Test
    void an_attempt_after_one_that_failed_outside_goes_on_from_its_last_step() throws Exception {
        AgentExecutor executor =
                attempt -> {
                    step(attempt, "one");
                    step(attempt, "two");
                    if (attempt.number() == 1) {
                        return Outcome.failed(new Failure.Transient("busy", "later"));
                    }
                    return Outcome.succeeded(step(attempt, "three"));
                };
        try (var driver = driver(executor)) {
            succeeds(driver);
        }
        assertThat(taken).containsExactly("one", "two", "three");
        assertThat(charged()).containsExactly(CENT.plus(CENT), CENT);
        assertThat(state().usage().usd()).isEqualTo(new Money(new BigDecimal("0.03")));
    }

    @Test
    void an_attempt_after_a_result_that_was_not_accepted_begins_from_nothing() throws Exception {
        policy = policy.with(new Task.Gate(List.of("${output == \"two done\"}"), null));
        AgentExecutor executor =
                attempt -> {
                    step(attempt, "one");
                    return Outcome.succeeded(
                            attempt.feedback().isEmpty()
                                    ? Value.text("bad")
                                    : step(attempt, "two"));
                };
        try (var driver = driver(executor)) {
            succeeds(driver);
        }
        assertThat(taken).containsExactly("one", "one", "two");
    }

    @Test
    void what_is_asked_otherwise_than_on_record_is_taken_and_so_is_all_after_it() throws Exception {
        AgentExecutor executor =
                attempt -> {
                    step(attempt, "one");
                    step(attempt, attempt.number() == 1 ? "two" : "other");
                    step(attempt, "three");
                    return attempt.number() < 3
                            ? Outcome.failed(new Failure.Transient("busy", "later"))
                            : Outcome.succeeded(Value.NULL);
                };
        try (var driver = driver(executor)) {
            succeeds(driver);
        }
        assertThat(taken).containsExactly("one", "two", "three", "other", "three");
    }

    @Test
    void who_has_to_ask_a_person_takes_no_place_meanwhile_and_repeats_nothing() throws Exception {
        AgentExecutor executor =
                attempt -> {
                    step(attempt, "one");
                    var ask =
                            new Attempt.Ask(
                                    "buy",
                                    "May I buy it?",
                                    List.of("yes", "no"),
                                    Value.text("a boat"));
                    var answer = attempt.ask(ask);
                    step(attempt, "two");
                    return Outcome.succeeded(answer);
                };
        try (var driver = driver(executor)) {
            var end = driver.ended(RUN);
            start(driver);
            while (state().questions().isEmpty()) {
                Thread.sleep(2);
            }
            assertThat(state().status()).isEqualTo(Status.WAITING);
            assertThat(state().open()).isEmpty();
            var question = state().questions().values().iterator().next().question();
            assertThat(question.purpose()).isEqualTo(Question.Purpose.CONSULT);
            assertThat(question.choices()).containsExactly("yes", "no");
            var answer =
                    new Request.Answer(question.id(), Value.text("yes"), "", question.hash(), null);
            assertThat(driver.ask(RUN, answer, "bo", "a1").get().refusal()).isNull();
            assertThat(end.get()).as("%s", state().ending()).isEqualTo(Status.SUCCEEDED);
        }
        assertThat(taken).containsExactly("one", "two");
        assertThat(state().output()).isEqualTo(Value.text("yes"));
        assertThat(charged()).containsExactly(CENT, CENT);
    }

    @Test
    void who_must_do_nothing_twice_may_ask_and_goes_on_without_another_question() throws Exception {
        policy = policy.with(Task.Effects.AT_MOST_ONCE);
        var executor =
                new AgentExecutor() {
                    @Override
                    public Outcome perform(Attempt attempt) throws Exception {
                        step(attempt, "one");
                        var ask = new Attempt.Ask("buy", "May I?", List.of("yes"), Value.NULL);
                        return Outcome.succeeded(attempt.ask(ask));
                    }

                    @Override
                    public boolean reportsEffects() {
                        return false;
                    }
                };
        try (var driver = driver(executor)) {
            var end = driver.ended(RUN);
            start(driver);
            while (state().questions().isEmpty()) {
                Thread.sleep(2);
            }
            var question = state().questions().values().iterator().next().question();
            assertThat(question.purpose()).isEqualTo(Question.Purpose.CONSULT);
            var answer = new Request.Answer(question.id(), Value.text("yes"), "", null, null);
            assertThat(driver.ask(RUN, answer, "bo", "a1").get().refusal()).isNull();
            assertThat(end.get()).as("%s", state().ending()).isEqualTo(Status.SUCCEEDED);
        }
        assertThat(taken).containsExactly("one");
    }

    @Test
    void of_several_agents_the_one_who_asked_goes_on_and_the_person_is_asked_once()
            throws Exception {
        members = List.of("first", "second", "third");
        var by = new CopyOnWriteArrayList<String>();
        AgentExecutor executor =
                attempt -> {
                    by.add(attempt.agent().value());
                    step(attempt, "one");
                    var ask = new Attempt.Ask("buy", "May I?", List.of("yes"), Value.NULL);
                    return Outcome.succeeded(attempt.ask(ask));
                };
        try (var driver = driver(executor)) {
            var end = driver.ended(RUN);
            start(driver);
            while (state().questions().isEmpty()) {
                Thread.sleep(2);
            }
            long id = state().questions().keySet().iterator().next();
            var answer = new Request.Answer(id, Value.text("yes"), "", null, null);
            assertThat(driver.ask(RUN, answer, "bo", "a1").get().refusal()).isNull();
            assertThat(end.get()).as("%s", state().ending()).isEqualTo(Status.SUCCEEDED);
        }
        assertThat(by).containsExactly("first", "first");
        assertThat(taken).containsExactly("one");
    }

    @Test
    void of_several_agents_the_one_whose_time_was_over_goes_on_from_what_it_paid_for()
            throws Exception {
        members = List.of("first", "second");
        policy = policy.with(new Task.Timeouts(null, Duration.ofSeconds(1), null, null));
        var by = new CopyOnWriteArrayList<String>();
        AgentExecutor executor =
                attempt -> {
                    by.add(attempt.agent().value());
                    step(attempt, "one");
                    if (attempt.number() == 1) {
                        Thread.sleep(Duration.ofSeconds(20));
                    }
                    return Outcome.succeeded(Value.NULL);
                };
        try (var driver = driver(executor)) {
            succeeds(driver);
        }
        assertThat(by).containsExactly("first", "first");
        assertThat(taken).containsExactly("one");
    }

    @Test
    void an_executor_that_swallows_the_suspension_still_waits_for_the_person() throws Exception {
        AgentExecutor executor =
                attempt -> {
                    try {
                        attempt.ask(new Attempt.Ask("go", "Go on?", List.of(), Value.NULL));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("wrapped", e);
                    }
                    return Outcome.succeeded(Value.NULL);
                };
        try (var driver = driver(executor)) {
            start(driver);
            while (state().questions().isEmpty()) {
                Thread.sleep(2);
            }
            assertThat(state().status()).isEqualTo(Status.WAITING);
        }
    }

    @Test
    void no_more_effort_goes_into_a_result_than_the_agent_may_make() throws Exception {
        for (var effort :
                List.of(
                        new Agent.Effort(3, null, null),
                        new Agent.Effort(null, 18L, null),
                        new Agent.Effort(null, null, new Money(new BigDecimal("0.03"))))) {
            limits = new Agent.Limits(1, null, null, effort);
            taken.clear();
            journal = new MemoryJournal();
            AgentExecutor executor =
                    attempt -> {
                        for (int i = 0; i < 9; i++) {
                            step(attempt, "step " + i);
                            if (i == 1 && attempt.number() == 1) {
                                return Outcome.failed(new Failure.Transient("busy", "later"));
                            }
                        }
                        return Outcome.succeeded(Value.NULL);
                    };
            try (var driver = driver(executor)) {
                var end = driver.ended(RUN);
                start(driver);
                assertThat(end.get()).isEqualTo(Status.FAILED);
            }
            assertThat(taken).containsExactly("step 0", "step 1", "step 2");
            assertThat(state().ending()).asString().contains("limit_exceeded");
        }
    }

    @Test
    void steps_of_an_attempt_whose_time_is_over_are_paid_for_by_it() throws Exception {
        policy = policy.with(new Task.Timeouts(null, Duration.ofSeconds(1), null, null));
        AgentExecutor executor =
                attempt -> {
                    step(attempt, "one");
                    if (attempt.number() == 1) {
                        Thread.sleep(Duration.ofSeconds(20));
                    }
                    return Outcome.succeeded(Value.NULL);
                };
        try (var driver = driver(executor)) {
            succeeds(driver);
        }
        assertThat(taken).containsExactly("one");
        assertThat(charged()).containsExactly(CENT, Usage.NONE);
    }
}
