package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Budgets hold, whatever runs at once, fails or is given up.
class BudgetTest {

    private static Agent agent(String name, @Nullable String worst) {
        return new Agent(
                new AgentId(name),
                List.of(Scene.WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(
                        100,
                        null,
                        null,
                        new Agent.Effort(null, null, worst == null ? null : Money.of(worst))));
    }

    private static Workflow main(Budget budget, Task.Remedy onStall, Task... tasks) {
        return new Workflow(
                "main",
                Type.Struct.OPEN,
                List.of(tasks),
                Value.text("${" + tasks[tasks.length - 1].name() + "}"),
                onStall,
                null,
                budget);
    }

    private static OneThread.Work costs(String usd) {
        return new OneThread.Work(
                Duration.ofMillis(10), new Outcome.Succeeded(Value.of(1), usage(usd)), List.of());
    }

    private static Usage usage(String usd) {
        return new Usage(Money.of(usd), 0, 0);
    }

    private static Budget usd(String amount) {
        return Budget.of(Money.of(amount));
    }

    private static Value.Struct items(int n) {
        return Value.struct("items", Value.from(IntStream.range(0, n).boxed().toList()));
    }

    private static Task each() {
        return Scene.task("each").with(Task.Flow.over("${input.items}", 1_000));
    }

    @Test
    void of_64_tasks_that_may_take_a_tenth_each_ten_run_at_once_and_all_are_done() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, each()))
                        .when("each", _ -> costs("0.014"));
        scene.start(items(64)).succeeds();
        assertThat(scene.state().usage().usd()).isEqualTo(Money.of("0.896"));
        assertThat(scene.all(Event.BudgetShort.class)).isNotEmpty();
        assertThat(scene.all(Event.BudgetAlarm.class))
                .extracting(Event.BudgetAlarm::percent)
                .containsExactly(50, 80);
    }

    @Test
    void who_does_not_say_what_it_used_is_charged_what_was_set_aside() {
        var unsaid =
                new OneThread.Work(
                        Duration.ofMillis(10),
                        new Outcome.Succeeded(Value.of(1), Usage.UNKNOWN),
                        List.of());
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("0.20"), Task.Remedy.FAIL, each()))
                        .when("each", _ -> unsaid);
        scene.start(items(3)).ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.finished()).hasSize(2);
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(Money.of("0.20"));
        assertThat(scene.state().usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(scene.all(Event.BudgetAlarm.class))
                .extracting(Event.BudgetAlarm::percent)
                .containsExactly(50, 100);
    }

    @Test
    void who_says_that_it_used_nothing_is_charged_nothing() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("0.20"), Task.Remedy.FAIL, each()))
                        .when("each", _ -> costs("0"));
        scene.start(items(30)).succeeds();
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(Money.ZERO);
    }

    @Test
    void what_is_done_stays_when_the_budget_is_used_up_and_the_reason_says_what_is_missing() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, each()))
                        .when("each", _ -> costs("0.10"));
        scene.start(items(64)).ends(Status.FAILED);
        assertThat(scene.finished()).hasSize(10);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.ending().reason()).contains("$1", "may take $0.1");
    }

    @Test
    void a_person_raises_the_budget_and_the_run_goes_on() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("0.20"), Task.Remedy.ASK, each()))
                        .when("each", _ -> costs("0.10"));
        scene.start(items(4)).pass(Duration.ofMinutes(1));
        assertThat(scene.question().question().text()).contains("is spent");
        assertThat(scene.refusal(Scene.RUN, raise(usd("0.10")), "ana")).contains("already");
        scene.act(new Verb.RaiseBudget(usd("0.40"))).succeeds();
        assertThat(scene.state().usage().usd()).isEqualTo(Money.of("0.40"));
    }

    @Test
    void a_budget_is_raised_by_so_much_whatever_it_is() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(
                                main(
                                        new Budget(Money.of("0.20"), null, null, 50, null),
                                        Task.Remedy.ASK,
                                        each()))
                        .when("each", _ -> costs("0.10"));
        scene.start(items(4)).pass(Duration.ofMinutes(1));
        var tokens = new Verb.RaiseBudget(new Budget(null, 5L, null, null, null), true);
        assertThat(scene.refusal(Scene.RUN, new Request.Intervene(tokens, "none", 0), "ana"))
                .contains("has no budget of tokens");
        scene.act(new Verb.RaiseBudget(usd("0.05"), true));
        scene.act(new Verb.RaiseBudget(usd("0.15"), true)).succeeds();
        assertThat(scene.all(Event.BudgetRaised.class))
                .extracting(raised -> raised.budget().usd())
                .containsExactly(Money.of("0.25"), Money.of("0.40"));
    }

    private static Request raise(Budget budget) {
        return new Request.Intervene(new Verb.RaiseBudget(budget), "as tested", 0);
    }

    @Test
    void an_agent_that_does_not_say_what_it_costs_is_refused_where_there_is_a_budget() {
        var scene =
                new Scene()
                        .team(agent("worker", null))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, Scene.task("a")));
        scene.start().ends(Status.FAILED);
        assertThat(scene.ending().reason()).contains("limits: { usd: … }");
        assertThat(scene.began()).isEmpty();
    }

    @Test
    void a_crashed_attempt_is_charged_its_worst_case() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, Scene.task("a")))
                        .when("a", _ -> costs("0.01"));
        scene.start();
        scene.pass(Duration.ofMillis(1)).restart().succeeds();
        assertThat(scene.all(Event.AttemptEnded.class))
                .singleElement()
                .matches(ended -> ended.failure() instanceof Failure.Crashed);
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(Money.of("0.11"));
    }

    @Test
    void attempts_and_tasks_are_bounded_as_well() {
        var attempts = new Budget(null, null, null, 3, null);
        var scene =
                new Scene()
                        .team(agent("worker", null))
                        .workflow(main(attempts, Task.Remedy.FAIL, each()));
        scene.start(items(5)).ends(Status.FAILED);
        assertThat(scene.began()).hasSize(3);
        assertThat(scene.finished()).hasSize(3);
        var tasks = new Budget(null, null, null, null, 4);
        var other =
                new Scene()
                        .team(agent("worker", null))
                        .workflow(main(tasks, Task.Remedy.FAIL, each()));
        other.start(items(5)).ends(Status.FAILED);
        assertThat(other.failure().code()).isEqualTo("budget_exhausted");
    }

    @Test
    void the_time_of_a_run_is_bounded() {
        var scene =
                new Scene()
                        .team(agent("worker", null))
                        .workflow(
                                main(
                                        new Budget(null, null, Duration.ofMinutes(5), null, null),
                                        Task.Remedy.ASK,
                                        Scene.task("a"),
                                        Scene.task("b", "a")))
                        .takes("a", Duration.ofMinutes(3))
                        .takes("b", Duration.ofMinutes(3));
        scene.start().ends(Status.FAILED);
        assertThat(scene.finished()).containsExactly("a");
        assertThat(scene.ending().reason()).contains("time");
        assertThat(alarms(scene)).containsExactly("50 time", "80 time", "100 time");
    }

    private static List<String> alarms(Scene scene) {
        return scene.all(Event.BudgetAlarm.class).stream()
                .map(alarm -> alarm.percent() + " " + alarm.limit())
                .toList();
    }

    @Test
    void each_limit_has_alarms_of_its_own() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(
                                main(
                                        new Budget(
                                                Money.of("1.00"),
                                                null,
                                                Duration.ofMinutes(10),
                                                5,
                                                10),
                                        Task.Remedy.FAIL,
                                        Scene.task("a"),
                                        Scene.task("b", "a"),
                                        Scene.task("c", "b"),
                                        Scene.task("d", "c")))
                        .takes("a", Duration.ofMinutes(6));
        scene.start().succeeds();
        assertThat(alarms(scene)).containsExactly("50 time", "50 attempts", "80 attempts");
        assertThat(scene.state().ledger().alarm()).isEqualTo(80);
        assertThat(scene.state().ledger().told("time")).isEqualTo(50);
    }

    @Test
    void when_time_is_raised_its_alarms_begin_anew_and_no_others_do() {
        var budget = new Budget(null, null, Duration.ofMinutes(10), 100, null);
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(main(budget, Task.Remedy.FAIL, Scene.task("a")))
                        .takes("a", Duration.ofMinutes(31));
        scene.start().pass(Duration.ofMinutes(9));
        assertThat(alarms(scene)).containsExactly("50 time", "80 time");
        scene.act(new Verb.RaiseBudget(new Budget(null, null, null, 200, null)));
        scene.act(new Verb.RaiseBudget(new Budget(null, null, Duration.ofMinutes(40), null, null)));
        scene.pass(Duration.ofMinutes(12));
        assertThat(alarms(scene)).containsExactly("50 time", "80 time", "50 time");
        scene.succeeds();
    }

    private static Scene tree(String budget) {
        var chief =
                new Agent(
                        new AgentId("chief"),
                        List.of(new SkillId("lead")),
                        Agent.WORKFLOW,
                        Value.struct("workflow", Value.text("part")),
                        Agent.Limits.DEFAULT);
        var lead =
                Task.of(
                        "lead",
                        new SkillId("lead"),
                        Value.struct("items", Value.text("${input.items}")));
        return new Scene()
                .team(agent("worker", "0.10"), chief)
                .workflow(
                        main(
                                usd(budget),
                                Task.Remedy.FAIL,
                                lead.with(Task.Flow.over("${input.parts}", 100))))
                .workflow("part", Value.text("${each}"), each());
    }

    private static Value.Struct parts(int parts, int items) {
        return items(items)
                .with(
                        Value.struct(
                                "parts", Value.from(IntStream.range(0, parts).boxed().toList())));
    }

    @Test
    void runs_within_share_the_budget_and_what_they_spend_adds_up_exactly() {
        var scene = tree("3.00").when("each", _ -> costs("0.0333"));
        scene.start(parts(5, 4)).succeeds();
        var sum = Money.ZERO;
        for (var child : scene.all(Event.ChildStarted.class)) {
            assertThat(child.budget().usd()).isNotNull();
            sum = sum.plus(scene.state(child.child()).ledger().spent().usd());
        }
        assertThat(sum).isEqualTo(Money.of("0.666"));
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(sum);
        assertThat(scene.state().usage().usd()).isEqualTo(sum);
    }

    @Test
    void a_run_within_that_is_given_up_still_says_what_it_spent() {
        var scene =
                tree("3.00")
                        .when(
                                "each",
                                _ ->
                                        new OneThread.Work(
                                                Duration.ofSeconds(30),
                                                new Outcome.Succeeded(Value.of(1), usage("0.05")),
                                                List.of()));
        scene.start(parts(2, 2)).pass(Duration.ofSeconds(1));
        scene.act(new Verb.Cancel(false)).ends(Status.CANCELLED);
        var sum = Money.ZERO;
        for (var child : scene.all(Event.ChildStarted.class)) {
            assertThat(scene.state(child.child()).status().isFinal()).isTrue();
            sum = sum.plus(scene.state(child.child()).ledger().spent().usd());
        }
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(sum);
        assertThat(scene.state().ledger().held().isNone()).isTrue();
    }

    @Test
    void the_budget_of_a_run_within_is_raised_above_it() {
        var scene = tree("3.00").takes("each", Duration.ofHours(1));
        scene.start(parts(1, 1)).pass(Duration.ofSeconds(1));
        RunId child = scene.all(Event.ChildStarted.class).getFirst().child();
        assertThat(scene.refusal(child, raise(usd("9.00")), "ana")).contains("raise that one");
    }

    // ---- when it is short

    @Test
    void a_task_goes_to_a_cheaper_agent_that_still_fits() {
        var scene =
                new Scene()
                        .team(agent("dear", "0.60"), agent("cheap", "0.10"))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, each()))
                        .when(
                                "each",
                                attempt ->
                                        costs(
                                                attempt.agent().value().equals("dear")
                                                        ? "0.55"
                                                        : "0.05"));
        scene.start(items(6)).succeeds();
        assertThat(scene.all(Event.Assigned.class))
                .extracting(e -> e.agent().value())
                .containsOnlyOnce("dear")
                .hasSize(6);
        assertThat(scene.all(Event.TooDear.class))
                .isNotEmpty()
                .allSatisfy(e -> {
                    assertThat(e.agents()).containsExactly(new AgentId("dear"));
                    assertThat(e.reason()).contains("may take $0.6");
                });
        assertThat(scene.state().ledger().spent().usd()).isEqualTo(Money.of("0.80"));
    }

    @Test
    void a_task_that_names_its_agent_waits_for_that_one() {
        var named =
                Scene.by(new Task.Performer.ByAgent(new AgentId("dear")), "b", "a")
                        .with(Task.Flow.ONCE);
        var scene =
                new Scene()
                        .team(agent("dear", "0.60"), agent("cheap", "0.10"))
                        .workflow(main(usd("1.00"), Task.Remedy.FAIL, Scene.task("a"), named))
                        .when("a", _ -> costs("0.55"))
                        .when("b", _ -> costs("0.55"));
        scene.start().ends(Status.FAILED);
        assertThat(scene.all(Event.TooDear.class)).isEmpty();
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
    }

    @Test
    void an_agent_that_is_switched_off_is_no_way_out() {
        var scene =
                new Scene()
                        .team(agent("dear", "0.60"), agent("cheap", "0.10"))
                        .workflow(main(usd("0.50"), Task.Remedy.FAIL, Scene.task("a")))
                        .restart();
        scene.ask(
                StreamId.agents(TenantId.LOCAL),
                new Request.Switch(new AgentId("cheap"), false, ""));
        scene.pass(Duration.ofMillis(5)).begin(Scene.RUN, "main", Value.Struct.EMPTY);
        scene.ends(Status.FAILED);
        assertThat(scene.ending().reason()).contains("1 task is left, likely to take $0.1");
    }

    private static Task replicas(int count, Resolve.By by) {
        return Scene.task("say")
                .with(Task.Flow.ONCE.with(Task.Each.replicas(count, new Resolve(by))));
    }

    private static Scene fiveTimesWhereTwoCanBePaid(Resolve.By by) {
        return new Scene()
                .team(agent("worker", "0.10"))
                .workflow(main(usd("0.20"), Task.Remedy.FAIL, replicas(5, by)))
                .when("say", _ -> costs("0.10"));
    }

    @Test
    void a_task_that_is_done_several_times_is_done_as_often_as_the_budget_allows() {
        var scene = fiveTimesWhereTwoCanBePaid(new Resolve.By.Vote());
        scene.start().succeeds();
        assertThat(scene.began()).hasSize(2);
        assertThat(scene.all(Event.TaskSkipped.class))
                .hasSize(3)
                .allSatisfy(e -> assertThat(e.reason()).startsWith("done 2 times instead of 5: "));
        assertThat(scene.output()).isEqualTo(Value.of(1));
    }

    @Test
    void as_many_as_must_agree_are_not_spared() {
        var scene = fiveTimesWhereTwoCanBePaid(new Resolve.By.KOfN(3));
        scene.start().ends(Status.FAILED);
        assertThat(scene.failure().code()).isEqualTo("budget_exhausted");
        assertThat(scene.finished()).hasSize(2);
    }

    @Test
    void what_it_would_take_to_finish_is_said_and_does() {
        var scene =
                new Scene()
                        .team(agent("worker", "0.10"))
                        .workflow(
                                main(
                                        usd("1.00"),
                                        Task.Remedy.ASK,
                                        each(),
                                        Scene.task("sum", "each")))
                        .when("each", _ -> costs("0.10"))
                        .when("sum", _ -> costs("0.02"));
        scene.start(items(64)).pass(Duration.ofMinutes(1));
        // 10 are done; what the other 54 and the sum are likely to take is known from those.
        assertThat(scene.question().question().text())
                .contains("55 tasks are left, likely to take $5.5; a budget of $6.5 should do");
        scene.act(new Verb.RaiseBudget(usd("6.50"))).succeeds();
    }
}
