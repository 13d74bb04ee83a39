package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Runs whose plan is made while they run.
class PlannerTest {
    private static final AgentId BOSS = new AgentId("boss");
    private static final Usage CENT = new Usage(new Money(new BigDecimal("0.01")), 10, 5);

    /// What the planner was told, round by round and attempt by attempt.
    private final List<Value.Struct> told = new ArrayList<>();

    private static Planner planner() {
        return new Planner(new AgentId("planner"), "a brief on ${input.topic}", Value.Struct.EMPTY);
    }

    private static Planner with(
            int rounds, int stalls, @Nullable AgentId approval, @Nullable String surprise) {
        return new Planner(
                planner().agent(),
                planner().goal(),
                Value.Struct.EMPTY,
                rounds,
                stalls,
                3,
                approval,
                surprise);
    }

    private Scene scene(Planner planner, Task.Remedy onStall, IntFunction<Amendment> rounds) {
        return new Scene()
                .team(
                        Scene.agent("worker", 100),
                        new Agent(
                                planner.agent(),
                                List.of(),
                                "scripted",
                                Value.Struct.EMPTY,
                                Agent.Limits.DEFAULT),
                        Scene.human("boss", Value.Struct.EMPTY))
                .workflow(
                        new Workflow(
                                "main",
                                Type.Struct.OPEN,
                                List.of(),
                                Value.NULL,
                                onStall,
                                planner,
                                Budget.NONE))
                .plans(rounds, told);
    }

    private static Amendment adds(Value output, Task... tasks) {
        return new Amendment(
                0,
                "planner",
                "as it seems best",
                List.of(tasks),
                List.of(),
                output,
                false,
                true,
                Value.Struct.EMPTY);
    }

    private static Amendment drops(Amendment amendment, String... names) {
        return amendment.without(List.of(names));
    }

    private static Amendment partial(Amendment one) {
        return new Amendment(
                0,
                "planner",
                one.reason(),
                one.tasks(),
                one.drops(),
                one.output(),
                true,
                true,
                Value.Struct.EMPTY);
    }

    private static Scene begin(Scene scene) {
        return scene.start(Value.struct("topic", Value.text("tea")));
    }

    @Test
    void a_goal_becomes_tasks_and_the_run_gives_what_they_gave() {
        var scene =
                begin(
                        scene(
                                planner(),
                                Task.Remedy.ASK,
                                _ ->
                                        adds(
                                                Value.text("${write.task}"),
                                                Scene.task("search"),
                                                Scene.task("write", "search"))));
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("write"));
        assertThat(scene.finished()).containsExactly("plan", "search", "write");
        assertThat(told.getFirst().get("goal")).isEqualTo(Value.text("a brief on tea"));
        assertThat(told.getFirst().get("round")).isEqualTo(Value.of(1));
        assertThat(scene.all(Event.PlanAmended.class).getLast().author()).isEqualTo("planner");
    }

    private Scene limited(Budget budget, Amendment first, Amendment then) {
        return begin(
                new Scene()
                        .team(
                                bounded("worker", "0.10", List.of(Scene.WORK)),
                                bounded("dear", "0.50", List.of()),
                                bounded("planner", "0.01", List.of()))
                        .workflow(
                                new Workflow(
                                        "main",
                                        Type.Struct.OPEN,
                                        List.of(),
                                        Value.NULL,
                                        Task.Remedy.FAIL,
                                        planner(),
                                        budget))
                        .plans(n -> n == 1 ? first : then, told));
    }

    private static Agent bounded(String name, String worst, List<SkillId> skills) {
        return new Agent(
                new AgentId(name),
                skills,
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(10, null, null, new Agent.Effort(null, null, Money.of(worst))));
    }

    @Test
    void a_plan_that_the_budget_cannot_pay_for_goes_back_before_anything_of_it_is_done() {
        var dear = Scene.by(new Task.Performer.ByAgent(new AgentId("dear")), "a");
        var good = adds(Value.text("${b}"), Scene.task("b"));
        var scene = limited(Budget.of(Money.of("0.30")), adds(Value.text("${a}"), dear), good);
        scene.succeeds();
        assertThat(scene.finished()).containsExactly("plan", "b");
        assertThat(scene.feedback.getLast())
                .contains("nobody can do `a` within the budget of $0.3")
                .contains("`dear` may take $0.5");
    }

    @Test
    void a_plan_of_more_attempts_than_are_left_goes_back_with_how_many_there_are() {
        var many = adds(Value.text("${a}"), Scene.task("a"), Scene.task("b"), Scene.task("c"));
        var good = adds(Value.text("${d}"), Scene.task("d"), Scene.task("e"));
        var scene = limited(new Budget(null, null, null, 3, null), many, good);
        scene.ends(Status.FAILED);
        assertThat(scene.feedback.get(1))
                .contains(
                        "the run's budget allows 3 attempts, of which 1 are used, and the tasks that"
                                + " are added need 3 at least");
        limited(new Budget(null, null, null, 4, null), many, good).succeeds();
    }

    @Test
    void what_is_wrong_with_a_plan_goes_back_to_the_planner_until_it_holds() {
        var bad = adds(Value.text("${b}"), Scene.task("a", "b"), Scene.task("b", "a", "nobody"));
        var good = adds(Value.text("${a}"), Scene.task("a"));
        var scene = begin(scene(planner(), Task.Remedy.FAIL, n -> n == 1 ? bad : good));
        scene.succeeds();
        assertThat(scene.all(Event.AttemptEnded.class))
                .singleElement()
                .satisfies(ended ->
                        assertThat(ended.failure().message())
                                .contains("wait for each other", "nobody"));
        assertThat(scene.feedback).hasSize(2);
        assertThat(scene.feedback.getLast()).contains("wait for each other");
    }

    @Test
    void a_plan_that_never_holds_is_given_up_after_its_attempts() {
        var bad = adds(Value.text("${a}"), Scene.task("a", "nobody"));
        var scene = begin(scene(planner(), Task.Remedy.FAIL, _ -> bad));
        scene.ends(Status.FAILED);
        assertThat(scene.all(Event.AttemptEnded.class)).hasSize(3);
    }

    @Test
    void a_task_that_fails_is_planned_around_and_what_is_done_stays() {
        IntFunction<Amendment> rounds =
                n ->
                        n == 1
                                ? adds(
                                        Value.text("${join}"),
                                        Scene.task("good"),
                                        Scene.task("bad"),
                                        Scene.task("join", "good", "bad"))
                                : drops(
                                        adds(
                                                Value.text("${other.task}"),
                                                Scene.task("other", "good")),
                                        "join");
        var scene = scene(planner(), Task.Remedy.ASK, rounds);
        scene.fails("bad", new Failure.Permanent("broken", "it is broken"));
        begin(scene).succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("other"));
        assertThat(scene.finished()).containsExactly("plan", "good", "plan_2", "other");
        assertThat(scene.skipped()).containsExactly("join");
        assertThat(told.getLast().get("reason"))
                .isEqualTo(Value.text("task bad failed: it is broken"));
        assertThat(told.getLast().toString()).contains("it is broken", "done");
    }

    @Test
    void the_items_of_a_fan_out_are_given_up_with_it_when_one_fails() {
        var each = Scene.task("each").with(Task.Flow.over("${input.items}", 10));
        IntFunction<Amendment> rounds =
                n ->
                        n == 1
                                ? adds(Value.text("${each}"), each)
                                : adds(Value.text("${other.task}"), Scene.task("other"));
        var scene = scene(planner(), Task.Remedy.ASK, rounds);
        scene.when(
                "each",
                attempt ->
                        attempt.task().item() == 1
                                ? new OneThread.Work(
                                        Duration.ofMillis(10),
                                        Outcome.failed(new Failure.Permanent("no", "no")),
                                        List.of())
                                : Scene.done(attempt, Duration.ofSeconds(5)));
        scene.start(Value.struct("topic", Value.text("x"), "items", Value.from(List.of(1, 2, 3))));
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("other"));
        assertThat(scene.skipped()).contains("each[0]", "each[2]");
    }

    @Test
    void a_task_that_is_done_cannot_be_dropped() {
        IntFunction<Amendment> rounds =
                n ->
                        n == 1
                                ? adds(
                                        Value.text("${bad}"),
                                        Scene.task("good"),
                                        Scene.task("bad", "good"))
                                : n == 2
                                        ? drops(adds(Value.text("${x}"), Scene.task("x")), "good")
                                        : adds(Value.text("${x.task}"), Scene.task("x"));
        var scene = scene(planner(), Task.Remedy.ASK, rounds);
        scene.fails("bad", new Failure.Permanent("no", "no"));
        begin(scene).succeeds();
        assertThat(scene.feedback.getLast()).contains("`good` is finished");
    }

    @Test
    void a_planner_is_asked_as_often_as_it_may_be_and_then_a_person_is() {
        IntFunction<Amendment> rounds = n -> adds(Value.text("${t" + n + "}"), Scene.task("t" + n));
        var scene = scene(with(3, 9, null, null), Task.Remedy.ASK, rounds);
        for (int i = 1; i <= 9; i++) {
            scene.fails("t" + i, new Failure.Permanent("no", "no"));
        }
        begin(scene).pass(Duration.ofHours(1));
        assertThat(told).hasSize(3);
        assertThat(scene.question().question().purpose()).isEqualTo(Question.Purpose.REMEDY);
        assertThat(scene.answer(scene.question().question().id(), "fail", "ana")).isEmpty();
        scene.ends(Status.FAILED);
        assertThat(told).hasSize(3);
    }

    @Test
    void rounds_without_progress_end_sooner() {
        IntFunction<Amendment> rounds =
                n ->
                        new Amendment(
                                0,
                                "planner",
                                "no idea",
                                List.of(Scene.task("t" + n)),
                                List.of(),
                                Value.text("${t" + n + "}"),
                                true,
                                n == 1,
                                Value.struct("guesses", Value.of(n)));
        var scene = scene(with(50, 2, null, null), Task.Remedy.FAIL, rounds);
        begin(scene).ends(Status.FAILED);
        assertThat(told).hasSize(3);
        assertThat(String.valueOf(told.getLast().get("ledgers"))).contains("guesses");
        assertThat(scene.ending().reason()).contains("not complete");
    }

    @Test
    void a_planner_that_never_ends_is_halted_by_its_rounds() {
        IntFunction<Amendment> rounds =
                n -> partial(adds(Value.text("${t" + n + "}"), Scene.task("t" + n)));
        var scene = scene(with(4, 9, null, null), Task.Remedy.FAIL, rounds);
        begin(scene).ends(Status.FAILED);
        assertThat(told).hasSize(4);
    }

    @Test
    void a_partial_plan_grows_once_all_of_it_is_done() {
        IntFunction<Amendment> rounds =
                n -> {
                    var more = adds(Value.text("${t" + n + ".task}"), Scene.task("t" + n));
                    return n < 3 ? partial(more) : more;
                };
        var scene = begin(scene(planner(), Task.Remedy.ASK, rounds));
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("t3"));
    }

    @Test
    void a_run_that_is_stuck_is_planned_anew_before_a_person_is_asked() {
        var waits = Scene.await("waits", "news");
        var sends =
                Scene.task("sends", "waits")
                        .with(Task.Flow.ONCE.with(new Task.Emit("news", Value.Struct.EMPTY, null)));
        var scene =
                scene(
                        planner(),
                        Task.Remedy.ASK,
                        n ->
                                n == 1
                                        ? adds(Value.text("${sends}"), waits, sends)
                                        : drops(
                                                adds(Value.text("${x.task}"), Scene.task("x")),
                                                "waits",
                                                "sends"));
        begin(scene).succeeds();
        assertThat(scene.all(Event.Stalled.class)).hasSize(1);
        assertThat(told).hasSize(2);
        assertThat(String.valueOf(told.getLast().get("reason"))).contains("stalled");
        assertThat(scene.output()).isEqualTo(Value.text("x"));
    }

    @Test
    void a_surprise_asks_for_a_new_round_even_while_the_planner_is_at_work() {
        IntFunction<Amendment> rounds =
                n ->
                        n == 1
                                ? adds(Value.text("${a.task}"), Scene.task("a"))
                                : adds(Value.text("${b.task}"), Scene.task("b"));
        var scene = scene(with(5, 2, null, "${has(output.odd)}"), Task.Remedy.ASK, rounds);
        scene.when("a", _ -> Scene.gives(Value.struct("odd", Value.of(true))));
        begin(scene).succeeds();
        assertThat(told.getLast().get("reason"))
                .isEqualTo(Value.text("the result of a is a surprise"));
        assertThat(scene.output()).isEqualTo(Value.text("b"));
    }

    @Test
    void a_plan_waits_for_a_person_who_agrees_to_exactly_that() {
        var scene =
                scene(
                        with(5, 2, BOSS, null),
                        Task.Remedy.ASK,
                        n -> adds(Value.text("${t" + n + ".task}"), Scene.task("t" + n)));
        begin(scene).pass(Duration.ofSeconds(5));
        var first = scene.question().question();
        assertThat(first.purpose()).isEqualTo(Question.Purpose.PLAN);
        assertThat(scene.state().status()).isEqualTo(Status.WAITING);
        var request =
                new Request.Answer(
                        first.id(), Value.text("deny"), "too expensive", first.hash(), null);
        assertThat(scene.refusal(Scene.RUN, request, "boss")).isEmpty();
        scene.pass(Duration.ofSeconds(5)).restart().pass(Duration.ofSeconds(1));
        assertThat(scene.feedback.getLast()).contains("too expensive");
        var second = scene.question().question();
        assertThat(
                        scene.refusal(
                                Scene.RUN,
                                new Request.Answer(
                                        second.id(), Value.text("approve"), "", first.hash(), null),
                                "boss"))
                .contains("has changed");
        assertThat(scene.answer(second.id(), "approve", "boss")).isEmpty();
        scene.succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("t2"));
    }

    @Test
    void of_two_plans_that_wait_for_a_person_the_one_that_is_agreed_to_is_carried_out() {
        var scene =
                scene(
                        with(5, 2, BOSS, null),
                        Task.Remedy.ASK,
                        n -> partial(adds(Value.text("${t" + n + ".task}"), Scene.task("t" + n))));
        begin(scene).pass(Duration.ofSeconds(5));
        assertThat(scene.answer(scene.question().question().id(), "approve", "boss")).isEmpty();
        scene.pass(Duration.ofSeconds(5));
        var second = scene.question().question();
        scene.act(new Verb.Retry(TaskId.of("plan"), false)).pass(Duration.ofSeconds(5));
        assertThat(scene.state().questions()).hasSize(2);

        assertThat(scene.answer(second.id(), "approve", "boss")).isEmpty();
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.began()).contains("t2").doesNotContain("t3");
    }

    @Test
    void what_a_plan_cost_is_charged_once_though_it_waits_for_a_person() {
        var scene =
                scene(
                        with(5, 2, BOSS, null),
                        Task.Remedy.ASK,
                        n -> adds(Value.text("${t.task}"), Scene.task("t")));
        scene.costs(CENT);
        begin(scene).pass(Duration.ofSeconds(5));
        assertThat(scene.answer(scene.question().question().id(), "approve", "boss")).isEmpty();
        scene.succeeds();
        assertThat(scene.state().usage()).isEqualTo(CENT);
    }

    @Test
    void a_person_amends_the_plan_by_hand_instead_of_what_waits_for_approval() {
        var scene =
                scene(
                        with(5, 2, BOSS, null),
                        Task.Remedy.ASK,
                        n -> adds(Value.text("${t.task}"), Scene.task("t")));
        begin(scene).pass(Duration.ofSeconds(5));
        UnaryOperator<Amendment> at =
                one ->
                        new Amendment(
                                scene.state().graph().version(),
                                "operator",
                                "better",
                                one.tasks(),
                                List.of(),
                                one.output(),
                                false,
                                true,
                                Value.Struct.EMPTY);
        var mine = at.apply(adds(Value.text("${mine.task}"), Scene.task("mine")));
        scene.act(new Verb.Amend(mine)).succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("mine"));
        assertThat(scene.state().questions()).isEmpty();
    }

    @Test
    void an_agent_that_is_a_workflow_does_its_tasks_as_runs_of_their_own() {
        var orchestrator =
                new Agent(
                        new AgentId("chief"),
                        List.of(Scene.WORK),
                        Agent.WORKFLOW,
                        Value.struct("workflow", Value.text("inner")),
                        Agent.Limits.DEFAULT);
        var scene =
                new Scene()
                        .team(
                                orchestrator,
                                new Agent(
                                        new AgentId("hand"),
                                        List.of(new dev.tutti.core.event.SkillId("detail")),
                                        "scripted",
                                        Value.Struct.EMPTY,
                                        Agent.Limits.DEFAULT))
                        .workflow("main", Value.text("${all}"), Scene.task("all"))
                        .workflow(
                                "inner",
                                Value.text("${part.task}"),
                                Task.of(
                                        "part",
                                        new dev.tutti.core.event.SkillId("detail"),
                                        Value.Struct.EMPTY));
        scene.start().succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("part"));
        assertThat(scene.all(Event.ChildStarted.class))
                .singleElement()
                .satisfies(child -> assertThat(child.agent()).isEqualTo(new AgentId("chief")));
    }
}
