package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.agent.Continuation;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// An agent has others do parts of its task.
class DelegatingTest {
    private final RunFixture run = new RunFixture();
    private final TaskId lead = TaskId.of("lead");

    private static Task lead(int max) {
        return RunFixture.task("lead").with(new Passing.Delegation(List.of("work", "worker"), max));
    }

    private Decision asks(String name, String to, Value.Struct input) {
        return run.send(new Command.Delegate(run.token("lead"), name, to, input, "part of it"));
    }

    private void awaits(String... parts) {
        run.send(new Command.AwaitErrands(run.token("lead"), List.of(parts), List.of()));
    }

    private static String refusal(Decision decision) {
        return Objects.requireNonNull(decision.rejection()).message();
    }

    private @Nullable Value answer(String part) {
        return run.state.task(lead).continuation().answers().get(Continuation.errand(part));
    }

    @Test
    void its_task_goes_on_once_the_parts_are_over_and_holds_nothing_meanwhile() {
        run.start(Value.text("${lead}"), lead(3)).dispatchAll();
        asks("a", "work", Value.struct("n", Value.of(1)));
        asks("b", "worker", Value.struct("n", Value.of(2)));
        awaits("lead_1", "lead_2");

        assertThat(run.state.task(lead).phase()).isEqualTo(TaskState.Phase.HELD);
        assertThat(run.state.open()).isEmpty();
        assertThat(run.ready()).containsExactly("lead_1", "lead_2");
        run.dispatchAll().succeed("lead_2", Value.text("two"));
        assertThat(run.ready()).isEmpty();
        run.succeed("lead_1", Value.text("one"));
        assertThat(run.ready()).containsExactly("lead");
        assertThat(answer("lead_1")).isEqualTo(Value.struct("output", Value.text("one")));

        run.dispatchAll().succeed("lead", Value.text("both"));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.text("both"));
    }

    @Test
    void what_is_asked_for_twice_under_one_name_is_begun_once() {
        run.start(Value.NULL, lead(3)).dispatchAll();
        asks("a", "work", Value.Struct.EMPTY);
        assertThat(asks("a", "work", Value.Struct.EMPTY).events()).isEmpty();
        assertThat(Delegating.find(run.state, lead, "a")).contains("lead_1");
        assertThat(run.state.graph().order()).containsExactly("lead", "lead_1");
    }

    @Test
    void what_may_not_be_delegated_is_refused_with_the_reason() {
        run.start(Value.NULL, lead(1), RunFixture.task("other")).dispatchAll();
        assertThat(refusal(asks("a", "boss", Value.Struct.EMPTY)))
                .contains("`boss` is not among those", "work, worker");
        asks("a", "work", Value.Struct.EMPTY);
        assertThat(refusal(asks("b", "work", Value.Struct.EMPTY))).contains("`delegate.max` is 1");
        var other = new Command.Delegate(run.token("other"), "a", "work", Value.Struct.EMPTY, "");
        assertThat(refusal(run.send(other))).contains("it has no `delegate`");
    }

    @Test
    void an_input_that_does_not_fit_the_skill_is_refused() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("n", Type.Field.required(Type.Scalar.INT));
        run.team =
                new Team(
                        List.of(
                                new Skill(
                                        RunFixture.SKILL,
                                        new Type.Struct(fields, false),
                                        Type.Any.ANY)),
                        run.team.agents(),
                        List.of());
        var task =
                RunFixture.with(RunFixture.task("lead"), Value.struct("n", Value.of(1)))
                        .with(new Passing.Delegation(List.of("work"), 3));
        run.start(Value.NULL, task).dispatchAll();
        assertThat(refusal(asks("a", "work", Value.struct("m", Value.of(1))))).contains("n");
        assertThat(asks("a", "work", Value.struct("n", Value.of(1))).rejection()).isNull();
    }

    @Test
    void what_an_agent_says_is_no_expression() {
        run.start(Value.NULL, lead(1)).dispatchAll();
        asks("a", "work", Value.struct("text", Value.text("${lead} $${x}")));
        assertThat(run.state.task(TaskId.of("lead_1")).input())
                .isEqualTo(Value.struct("text", Value.text("${lead} $${x}")));
    }

    @Test
    void a_part_that_fails_for_good_is_told_and_does_not_fail_the_run() {
        run.start(Value.NULL, lead(1)).dispatchAll();
        asks("a", "work", Value.Struct.EMPTY);
        awaits("lead_1");
        run.dispatchAll().fail("lead_1", new Failure.Permanent("gone", "it is gone"));

        assertThat(String.valueOf(answer("lead_1"))).contains("it is gone");
        assertThat(run.ready()).containsExactly("lead");
        assertThat(run.status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void parts_that_are_over_before_they_are_waited_for_are_told_at_once() {
        run.start(Value.NULL, lead(1)).dispatchAll();
        asks("a", "work", Value.Struct.EMPTY);
        run.dispatchAll().succeed("lead_1", Value.of(3));
        awaits("lead_1");

        assertThat(run.ready()).containsExactly("lead");
        assertThat(answer("lead_1")).isEqualTo(Value.struct("output", Value.of(3)));
    }

    @Test
    void parts_of_a_task_that_came_to_nothing_are_given_up() {
        run.start(Value.NULL, RunFixture.retry(lead(2), 1, Task.Remedy.SKIP)).dispatchAll();
        asks("a", "work", Value.Struct.EMPTY);
        run.dispatchAll().fail("lead", new Failure.Permanent("no", "no"));

        assertThat(run.all(Event.TaskSkipped.class))
                .extracting(event -> event.task().toString())
                .containsExactly("lead", "lead_1");
        run.pass(Duration.ofMinutes(1));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void parts_that_nobody_waits_for_are_done_before_the_run_ends() {
        run.start(Value.NULL, lead(2)).dispatchAll();
        asks("a", "work", Value.Struct.EMPTY);
        run.dispatchAll().succeed("lead", Value.NULL);
        assertThat(run.status()).isEqualTo(Status.RUNNING);
        run.succeed("lead_1", Value.NULL);
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void who_waits_for_what_it_has_not_asked_for_has_failed() {
        run.start(Value.NULL, RunFixture.retry(lead(2), 1), RunFixture.task("other")).dispatchAll();
        awaits("other");
        assertThat(run.all(Event.AttemptEnded.class).getFirst().failure().code())
                .isEqualTo("not_delegated");
    }
}
