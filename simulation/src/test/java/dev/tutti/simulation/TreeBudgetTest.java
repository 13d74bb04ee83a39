package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Verb;
import dev.tutti.core.run.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Attempts, tasks and runs of a whole tree: carved when a run within begins, given back when it
/// ends, and never more than the top may.
class TreeBudgetTest {

    private static Agent chief(String name, String skill, String workflow) {
        return new Agent(
                new AgentId(name),
                List.of(new SkillId(skill)),
                Agent.WORKFLOW,
                Value.struct("workflow", Value.text(workflow)),
                new Agent.Limits(1_000, null));
    }

    private static Agent worker() {
        return new Agent(
                new AgentId("worker"),
                List.of(Scene.WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(1_000, null));
    }

    private static Task each(String name, String skill, int width) {
        var items = String.join(", ", IntStream.range(0, width).mapToObj(i -> "" + i).toList());
        return Task.of(name, new SkillId(skill), Value.Struct.EMPTY)
                .with(Task.Flow.over("${[" + items + "]}", 1_000));
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

    /// A top with as many runs within, each with as many again, each of one task.
    private static Scene tree(int wide, int deep, Budget top, Budget middle) {
        return new Scene()
                .team(worker(), chief("manager", "manage", "middle"), chief("lead", "lead", "leaf"))
                .workflow(workflow("main", top, each("teams", "manage", wide)))
                .workflow(workflow("middle", middle, each("parts", "lead", deep)))
                .workflow("leaf", Value.text("${work}"), Scene.task("work"));
    }

    private static List<RunId> within(Scene scene, RunId run) {
        var all = new ArrayList<RunId>();
        for (var event : scene.events(run)) {
            if (event instanceof Event.ChildStarted child) {
                all.add(child.child());
                all.addAll(within(scene, child.child()));
            }
        }
        return all;
    }

    /// What the journals say of a run and those within it.
    private static Tally counted(Scene scene, RunId run) {
        var all = within(scene, run);
        int attempts = 0;
        int tasks = 0;
        for (var one : with(run, all)) {
            attempts += attempts(scene, one);
            tasks += scene.state(one).tasks().size();
        }
        return new Tally(attempts, tasks, all.size());
    }

    private static List<RunId> with(RunId run, List<RunId> others) {
        var all = new ArrayList<>(others);
        all.add(run);
        return all;
    }

    private static int attempts(Scene scene, RunId run) {
        return (int)
                scene.events(run).stream()
                        .filter(event ->
                                event instanceof Event.Assigned
                                        || event instanceof Event.ChildStarted)
                        .count();
    }

    private static Tally tally(Scene scene, RunId run) {
        return scene.state(run).ledger().tally(scene.state(run).tasks().size());
    }

    private static Budget counts(Integer attempts, Integer tasks, Integer runs) {
        return new Budget(null, null, null, attempts, tasks, runs);
    }

    @Test
    void what_a_tree_counts_adds_up_at_its_top() {
        // 3 teams with 2 leaves each: 9 runs; 9 attempts that are runs, and 6 of the worker.
        var scene = tree(3, 2, counts(40, 40, 12), Budget.NONE);
        scene.start().succeeds();
        assertThat(tally(scene, Scene.RUN)).isEqualTo(new Tally(15, 15, 9));
        assertThat(tally(scene, Scene.RUN)).isEqualTo(counted(scene, Scene.RUN));
        assertThat(scene.state().ledger().parts().held()).isEqualTo(Tally.NONE);
        for (var child : scene.all(Event.ChildStarted.class)) {
            assertThat(tally(scene, child.child())).isEqualTo(counted(scene, child.child()));
            assertThat(scene.all(Event.PartReturned.class))
                    .contains(new Event.PartReturned(child.token(), tally(scene, child.child())));
        }
    }

    @Test
    void where_each_needs_what_all_may_have_they_take_turns() {
        // Each team needs 1 + 2 * 2 attempts and has declared them; there is room for one at once.
        var scene = tree(3, 2, counts(15, null, null), counts(4, null, null));
        scene.start().succeeds();
        assertThat(tally(scene, Scene.RUN).attempts()).isEqualTo(15);
        assertThat(scene.all(Event.ChildStarted.class)).hasSize(3);
    }

    @Test
    void attempts_of_runs_within_count_above() {
        var scene = tree(3, 2, counts(9, null, null), counts(4, null, null));
        scene.start().ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.failure().message())
                .contains(
                        "of the budget of 3 attempts, 1 is left", "tutti raise R budget attempts");
        assertThat(counted(scene, Scene.RUN).attempts()).isLessThanOrEqualTo(9);
    }

    @Test
    void tasks_of_runs_within_count_above_and_a_run_that_cannot_have_its_own_is_not_begun() {
        // 3 of the top; each team has 3: its own 2, and 2 in leaves.
        var scene = tree(3, 2, counts(null, 10, null), counts(null, 4, null));
        scene.start().ends(Status.FAILED);
        assertThat(scene.failure().message())
                .contains("of the budget of 3 tasks, 0 are left", "tutti raise R budget tasks");
        assertThat(counted(scene, Scene.RUN).tasks()).isLessThanOrEqualTo(10);
    }

    @Test
    void a_run_within_with_more_tasks_than_its_part_fails_by_name() {
        var scene =
                new Scene()
                        .team(worker(), chief("lead", "lead", "leaf"))
                        .workflow(
                                workflow(
                                        "main",
                                        counts(null, 6, null),
                                        Task.of("lead", new SkillId("lead"), Value.Struct.EMPTY)))
                        .workflow(workflow("leaf", Budget.NONE, each("many", "work", 9)));
        scene.start().ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.failure().message())
                .contains("may have 5 tasks", "`many` needs 9 more", "raise R budget tasks");
    }

    @Test
    void a_tree_has_no_more_runs_than_its_top_may_have() {
        var scene = tree(4, 3, counts(null, null, 9), Budget.NONE);
        scene.start().ends(Status.FAILED);
        assertThat(within(scene, Scene.RUN).size()).isLessThanOrEqualTo(9);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.failure().message()).contains("runs within", "tutti raise R budget runs");
    }

    @Test
    void a_part_that_is_declared_is_enough_for_one_after_the_other() {
        var scene = tree(4, 3, counts(null, null, 16), counts(null, null, 3));
        scene.start().succeeds();
        assertThat(within(scene, Scene.RUN)).hasSize(16);
        assertThat(scene.state().ledger().freeRuns()).contains(0);
    }

    @Test
    void none_may_begin_where_there_are_to_be_none() {
        var scene = tree(1, 1, Budget.ofRuns(0), Budget.NONE);
        scene.start().ends(Status.FAILED);
        assertThat(within(scene, Scene.RUN)).isEmpty();
        assertThat(scene.failure().message())
                .contains("of the budget of 0 runs within", "`tutti raise R budget runs 1`");
    }

    @Test
    void a_person_allows_more_runs_and_the_task_is_tried_again() {
        var ask = Task.Policy.DEFAULT.withLadder(Task.Remedy.ASK);
        var scene =
                new Scene()
                        .team(worker(), chief("lead", "lead", "leaf"))
                        .workflow(
                                workflow(
                                        "main",
                                        Budget.ofRuns(0),
                                        Task.of("lead", new SkillId("lead"), Value.Struct.EMPTY)
                                                .with(ask)))
                        .workflow("leaf", Value.text("${work}"), Scene.task("work"));
        scene.start().pass(Duration.ofSeconds(1));
        assertThat(scene.question().question().text()).contains("runs within");
        scene.act(new Verb.RaiseBudget(Budget.ofRuns(2)));
        scene.act(new Verb.Retry(TaskId.of("lead"), false)).succeeds();
        assertThat(tally(scene, Scene.RUN).runs()).isEqualTo(1);
    }

    @Test
    void the_books_are_the_same_after_a_crash_in_the_middle() {
        var scene =
                tree(3, 2, counts(60, 60, 9), counts(null, null, 2))
                        .takes("work", Duration.ofSeconds(10));
        scene.start().pass(Duration.ofSeconds(5));
        assertThat(scene.state().ledger().parts().held().runs()).isEqualTo(6);
        scene.restart().succeeds();
        assertThat(within(scene, Scene.RUN)).hasSize(9);
        assertThat(tally(scene, Scene.RUN)).isEqualTo(counted(scene, Scene.RUN));
    }

    @Test
    void a_run_within_that_is_given_up_gives_back_what_it_did_not_use() {
        var scene =
                tree(2, 2, counts(60, 60, 20), Budget.NONE)
                        .when(
                                "work",
                                _ ->
                                        new OneThread.Work(
                                                Duration.ofSeconds(30),
                                                Outcome.succeeded(Value.of(1)),
                                                List.of()));
        scene.start().pass(Duration.ofSeconds(1));
        scene.act(new Verb.Cancel(false)).ends(Status.CANCELLED);
        assertThat(tally(scene, Scene.RUN)).isEqualTo(counted(scene, Scene.RUN));
        assertThat(scene.state().ledger().parts().held()).isEqualTo(Tally.NONE);
    }

    @Test
    void a_task_for_which_runs_within_leave_no_room_waits_until_they_give_back() {
        var scene =
                new Scene()
                        .team(worker(), chief("lead", "lead", "leaf"))
                        .workflow(
                                workflow(
                                        "main",
                                        counts(null, 8, null),
                                        Task.of("lead", new SkillId("lead"), Value.Struct.EMPTY),
                                        Scene.task("first"),
                                        each("many", "work", 4),
                                        Scene.task("last", "many", "lead", "first")))
                        .workflow("leaf", Value.text("${work}"), Scene.task("work"))
                        .takes("first", Duration.ofSeconds(1))
                        .takes("work", Duration.ofMinutes(1));
        scene.start().pass(Duration.ofSeconds(30)).succeeds();
        assertThat(tally(scene, Scene.RUN)).isEqualTo(new Tally(0, 8, 1).plus(new Tally(8, 0, 0)));
    }

    @Test
    void a_debate_in_a_run_within_keeps_to_its_part() {
        var turns = new int[1];
        for (int most = 4; most < 20; most++) {
            var scene =
                    new Scene()
                            .team(worker(), chief("lead", "lead", "leaf"))
                            .workflow(
                                    workflow(
                                            "main",
                                            counts(null, most, null),
                                            each("parts", "lead", 1)))
                            .workflow(workflow("leaf", Budget.NONE, debated(5)))
                            .when("check", _ -> Scene.gives(Value.of(turns[0]++)));
            scene.start().succeeds();
            int rounds = Math.min(5, (most - 4) / 3);
            assertThat(counted(scene, Scene.RUN).tasks()).isEqualTo(4 + 3 * rounds);
            assertThat(tally(scene, Scene.RUN)).isEqualTo(counted(scene, Scene.RUN));
            assertThat(scene.all(Event.PartReturned.class).getFirst().used().tasks())
                    .isLessThan(most);
        }
    }

    /// Three that differ.
    private static Task debated(int rounds) {
        var task = Scene.task("check");
        var resolve = new Resolve(new Resolve.By.Debate(rounds));
        return task.with(task.flow().with(Task.Each.replicas(3, resolve)));
    }

    @Test
    void a_debate_leaves_room_for_what_comes_after_it() {
        var turns = new int[1];
        var lead = Task.of("leads", new SkillId("lead"), Value.Struct.EMPTY, "check");
        var twice = Task.Each.replicas(2, new Resolve(new Resolve.By.Collect()));
        for (int most = 7; most < 12; most++) {
            var scene =
                    new Scene()
                            .team(worker(), chief("lead", "lead", "leaf"))
                            .workflow(
                                    workflow(
                                            "main",
                                            counts(null, most, null),
                                            debated(1),
                                            lead.with(lead.flow().with(twice))))
                            .workflow("leaf", Value.text("${work}"), Scene.task("work"))
                            .when("check", _ -> Scene.gives(Value.of(turns[0]++)));
            scene.start().succeeds();
            assertThat(scene.all(Event.Debated.class)).hasSize(most < 10 ? 0 : 1);
        }
    }

    @Test
    void a_debate_takes_nothing_from_a_run_within_that_waits_for_tasks() {
        var turns = new int[1];
        var scene =
                new Scene()
                        .team(worker(), chief("one", "long", "long"), chief("two", "wide", "wide"))
                        .workflow(
                                workflow(
                                        "main",
                                        counts(null, 14, null),
                                        Task.of("long", new SkillId("long"), Value.Struct.EMPTY),
                                        Task.of("wide", new SkillId("wide"), Value.Struct.EMPTY),
                                        debated(1)))
                        .workflow(workflow("long", counts(null, 6, null), each("slow", "work", 3)))
                        .workflow(
                                workflow(
                                        "wide",
                                        Budget.NONE,
                                        IntStream.range(0, 5)
                                                .mapToObj(i -> Scene.task("work" + i))
                                                .toArray(Task[]::new)))
                        .takes("slow", Duration.ofMinutes(1))
                        .when("check", _ -> Scene.gives(Value.of(turns[0]++)));
        scene.start().pass(Duration.ofSeconds(30));
        assertThat(scene.all(Event.BudgetShort.class)).isNotEmpty();
        assertThat(scene.all(Event.Debated.class)).isEmpty();
        scene.pass(Duration.ofMinutes(2)).succeeds();
    }

    @Test
    void what_runs_within_have_is_told_a_planner_whose_plan_is_too_large() {
        var planner = new AgentId("planner");
        var boss =
                new Agent(planner, List.of(), "scripted", Value.Struct.EMPTY, Agent.Limits.DEFAULT);
        var scene =
                new Scene()
                        .team(worker(), chief("lead", "lead", "leaf"), boss)
                        .workflow(
                                new Workflow(
                                        "main",
                                        Type.Struct.OPEN,
                                        List.of(),
                                        Value.NULL,
                                        Task.Remedy.FAIL,
                                        new Planner(planner, "all of it", Value.Struct.EMPTY),
                                        counts(null, 6, null)))
                        .workflow(workflow("leaf", Budget.NONE, each("many", "work", 3)))
                        .plans(TreeBudgetTest::more, new ArrayList<>());
        scene.start().succeeds();
        assertThat(scene.feedback.getLast())
                .contains(
                        "the run's budget allows 6 tasks, of which runs within have 3, and the plan"
                                + " would have 4");
    }

    private static Amendment more(int attempt) {
        var lead = Task.of("lead", new SkillId("lead"), Value.Struct.EMPTY);
        return new Amendment(
                0,
                "planner",
                "as it seems best",
                attempt == 1
                        ? List.of(lead)
                        : attempt == 2 ? List.of(Scene.task("one")) : List.of(),
                List.of(),
                Value.text("${lead}"),
                attempt == 1,
                true,
                Value.Struct.EMPTY);
    }

    @Test
    void what_it_would_take_to_finish_counts_what_runs_within_need_and_does() {
        var scene =
                new Scene()
                        .team(worker(), chief("lead", "lead", "leaf"))
                        .workflow(
                                new Workflow(
                                        "main",
                                        Type.Struct.OPEN,
                                        List.of(each("parts", "lead", 5)),
                                        Value.text("${parts}"),
                                        Task.Remedy.ASK,
                                        null,
                                        counts(4, null, null)))
                        .workflow("leaf", Value.text("${work}"), Scene.task("work"));
        scene.start().pass(Duration.ofMinutes(1));
        // Two of five are done, with two attempts each.
        assertThat(scene.question().question().text())
                .contains("3 tasks are left", "a budget of 10 attempts should do");
        scene.act(new Verb.RaiseBudget(counts(10, null, null))).succeeds();
        assertThat(tally(scene, Scene.RUN).attempts()).isEqualTo(10);
    }

    @Test
    void what_waits_says_what_it_needs() {
        var scene =
                tree(2, 1, counts(null, null, 2), counts(null, null, 1))
                        .takes("work", Duration.ofMinutes(1));
        scene.start().pass(Duration.ofSeconds(1));
        assertThat(Why.of(scene.state(), Team.NOBODY))
                .filteredOn(Why.Budget.class::isInstance)
                .singleElement()
                .isEqualTo(
                        new Why.Budget(new TaskId("teams", 1), "1 run within", "0 runs", "runs"));
        scene.pass(Duration.ofMinutes(3));
        assertThat(scene.failure().message()).contains("2 have begun", "budget runs 3");
    }
}
