package dev.tutti.core.run;

import static dev.tutti.core.run.RunFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A run begins with what tasks gave, and planners planned, in another.
class StandInsTest {
    private static final RunId OTHER = new RunId("R0");

    private final RunFixture run = new RunFixture();

    @BeforeEach
    void aSkillThatIsThere() {
        run.team =
                new Team(
                        List.of(new Skill(RunFixture.SKILL, Type.Struct.OPEN, Type.Struct.OPEN)),
                        List.of(RunFixture.agent("worker"), RunFixture.agent("guide")),
                        List.of());
    }

    private static Planner planner(@Nullable String approval) {
        return new Planner(
                new AgentId("guide"),
                "do it",
                Value.Struct.EMPTY,
                2,
                1,
                1,
                approval == null ? null : new AgentId(approval),
                null);
    }

    private static StandIn plan(boolean partial, Task... tasks) {
        var output = Value.text("${" + tasks[tasks.length - 1].name() + "}");
        return new StandIn(
                "plan",
                Value.text("as it was written"),
                OTHER,
                new Amendment(
                        7,
                        "guide",
                        "as shown",
                        List.of(tasks),
                        List.of(),
                        output,
                        partial,
                        true,
                        Value.Struct.EMPTY));
    }

    private Decision start(@Nullable Planner planner, List<Task> tasks, StandIn... standIns) {
        return run.send(
                new Command.Start(
                        new RunId("R1"),
                        "test",
                        "team",
                        Value.Struct.EMPTY,
                        tasks,
                        Value.NULL,
                        "",
                        Task.Remedy.ASK,
                        null,
                        planner,
                        Budget.NONE,
                        Mode.PLANNED,
                        List.of(standIns)));
    }

    private static String refusal(Decision decision) {
        assertThat(decision.rejection()).isNotNull();
        return decision.rejection().message();
    }

    @Test
    void a_plan_stands_in_and_so_do_outputs_of_its_tasks() {
        start(
                planner(null),
                List.of(),
                new StandIn("a", Value.text("found"), OTHER),
                plan(false, task("a"), task("b", "a")));
        assertThat(run.ready()).containsExactly("b");
        assertThat(run.all(Event.Intervened.class))
                .extracting(Event.Intervened::tasks)
                .containsExactly(List.of("plan"), List.of("a"));
        assertThat(run.all(Event.PlanAmended.class).getLast().amendment().author())
                .isEqualTo("guide");
        run.dispatchAll().succeed("b", Value.text("done"));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.text("done"));
    }

    @Test
    void the_planner_is_asked_when_a_partial_plan_is_done() {
        start(planner(null), List.of(), plan(true, task("a")));
        run.dispatchAll().succeed("a", Value.text("so far"));
        assertThat(run.ready()).containsExactly("plan_2");
    }

    @Test
    void a_plan_that_does_not_hold_or_needs_leave_or_is_not_wanted_begins_nothing() {
        var wrong = plan(false, task("b", "nowhere"));
        assertThat(refusal(start(planner(null), List.of(), wrong)))
                .contains("the plan would not hold", "nowhere");
        assertThat(refusal(start(planner("boss"), List.of(), plan(false, task("a")))))
                .contains("needs the leave of `boss`");
        assertThat(refusal(start(null, List.of(task("a")), plan(false, task("b")))))
                .contains("`plan` plans nothing here");
        var written = new StandIn("plan", Value.text("mine"), null);
        assertThat(refusal(start(planner(null), List.of(), written)))
                .contains("`plan` plans: take what it planned from a run");
        assertThat(run.journal).isEmpty();
    }

    @Test
    void an_output_stands_in_for_a_task_and_what_needs_it_goes_on() {
        start(null, List.of(task("a"), task("b", "a")), new StandIn("a", Value.of(1), null));
        assertThat(run.ready()).containsExactly("b");
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        var one = new StandIn("a", Value.of(1), null);
        assertThat(
                        refusal(
                                start(
                                        null,
                                        List.of(task("a")),
                                        one,
                                        one,
                                        new StandIn("c", Value.of(1), null))))
                .contains("`a` is given two outputs", "the plan has no task `c`");
    }
}
