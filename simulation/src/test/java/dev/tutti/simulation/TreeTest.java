package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A tree of three levels: a run that has ten runs within, each of which has ten of its own.
class TreeTest {
    private static final int WIDTH = 10;

    private final Map<String, Integer> tries = new HashMap<>();

    private static Agent orchestrator(String name, String skill, String workflow) {
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
                new Agent.Limits(
                        1_000, null, null, new Agent.Effort(null, null, Money.of("0.10"))));
    }

    private static Task each(String name, String skill, String input) {
        return Task.of(name, new SkillId(skill), Value.struct("id", Value.text(input)))
                .with(Task.Flow.over("${input.items}", WIDTH));
    }

    private static Task check(String name, String after) {
        return Scene.with(
                Scene.task(name, after),
                Value.struct(
                        "id",
                        Value.text("${input.id}"),
                        "n",
                        Value.text("${size(" + after + ")}")));
    }

    private static Value numbers() {
        return Value.from(IntStream.range(0, WIDTH).boxed().toList());
    }

    private Scene tree() {
        return new Scene()
                .team(
                        worker(),
                        orchestrator("manager", "manage", "middle"),
                        orchestrator("foreman", "lead", "leaf"))
                .workflow(
                        new Workflow(
                                "main",
                                Type.Struct.OPEN,
                                List.of(
                                        each("teams", "manage", "${string(item)}")
                                                .with(Task.Flow.over("${input.items}", WIDTH)),
                                        check("report", "teams")),
                                Value.text("${report}"),
                                Task.Remedy.FAIL,
                                null,
                                Budget.of(Money.of("100.00"))))
                .workflow(
                        "middle",
                        Value.text("${checked}"),
                        Task.of(
                                        "parts",
                                        new SkillId("lead"),
                                        Value.struct(
                                                "id", Value.text("${input.id}/${string(item)}")))
                                .with(Task.Flow.over("${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}", WIDTH)),
                        check("checked", "parts"))
                .workflow(
                        "leaf",
                        Value.text("${work}"),
                        Scene.with(
                                Scene.task("work"), Value.struct("id", Value.text("${input.id}"))))
                .when("work", this::work)
                .when("checked", this::checked)
                .when("report", this::report);
    }

    // ---- what goes wrong

    private int tries(Action.Perform attempt) {
        var id = attempt.input().get("id");
        return tries.merge(attempt.task() + " of " + id, 1, Integer::sum);
    }

    /// Every third work item fails once; in each team one fails as often as it may, and its run
    /// with it, and is then done by another run.
    private OneThread.Work work(Action.Perform attempt) {
        var id = attempt.input().text("id");
        int tried = tries(attempt);
        int number = Integer.parseInt(id.substring(id.indexOf('/') + 1));
        boolean fails = number == 7 ? tried <= 3 : number % 3 == 0 && tried == 1;
        return fails ? costs("0.0007", broken()) : costs("0.0101", Value.text(id));
    }

    /// Two of the teams fail as a whole once all their parts are done.
    private OneThread.Work checked(Action.Perform attempt) {
        var id = attempt.input().text("id");
        int tried = tries(attempt);
        return (id.equals("2") || id.equals("6")) && tried <= 3
                ? costs("0.003", broken())
                : costs("0.02", Value.text(id));
    }

    /// The top fails once.
    private OneThread.Work report(Action.Perform attempt) {
        return tries(attempt) == 1
                ? costs("0.001", broken())
                : costs("0.05", attempt.input().get("n") == null ? Value.NULL : Value.of(WIDTH));
    }

    private static Failure broken() {
        return new Failure.Transient("broken", "it broke");
    }

    private static OneThread.Work costs(String usd, Object what) {
        var usage = new Usage(Money.of(usd), 10, 1);
        var outcome =
                what instanceof Failure failure
                        ? new Outcome.Failed(failure, usage)
                        : new Outcome.Succeeded((Value) what, usage);
        return new OneThread.Work(Duration.ofMillis(10), outcome, List.of());
    }

    // ---- the books

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

    private static Money own(Scene scene, RunId run) {
        var children = new ArrayList<Long>();
        var sum = Money.ZERO;
        for (var event : scene.events(run)) {
            switch (event) {
                case Event.ChildStarted e -> children.add(e.token());
                case Event.AttemptEnded e when !children.contains(e.token()) ->
                        sum = sum.plus(e.usage().usd());
                case Event.ResultAccepted e when !children.contains(e.token()) ->
                        sum = sum.plus(e.usage().usd());
                default -> {}
            }
        }
        return sum;
    }

    /// What a run is charged is what its own attempts cost and what each run within is charged, to
    /// the last digit, at every node.
    private static Money adds(Scene scene, RunId run) {
        var sum = own(scene, run);
        for (var event : scene.events(run)) {
            if (event instanceof Event.ChildStarted child) {
                sum = sum.plus(adds(scene, child.child()));
            }
        }
        assertThat(scene.state(run).ledger().spent().usd()).as("%s", run).isEqualTo(sum);
        assertThat(scene.state(run).usage().usd()).as("%s", run).isEqualTo(sum);
        assertThat(scene.state(run).ledger().held().isNone()).as("%s", run).isTrue();
        return sum;
    }

    @Test
    void with_failures_at_every_level_it_ends_right_and_its_money_adds_up_at_every_node() {
        var scene = tree();
        scene.start(Value.struct("items", numbers(), "id", Value.text("top"))).succeeds();

        var top = scene.state().asked().run();
        var runs = within(scene, top);
        // 10 teams and 2 again; 100 parts, 10 again, and 20 of the two teams once more, where
        // nothing fails any more.
        assertThat(runs).hasSize(12 + 110 + 20);
        assertThat(runs.stream().filter(run -> scene.state(run).status() == Status.FAILED))
                .hasSize(2 + 10);
        assertThat(scene.output()).isEqualTo(Value.of(WIDTH));
        // Per team: 3 of 10 parts cost 0.0007 more (0, 3, 6, 9 fail once: 4), and part 7 three
        // times 0.0007 in the run that fails.
        var team = new java.math.BigDecimal("0.101").add(new java.math.BigDecimal("0.0049"));
        var expected =
                team.multiply(java.math.BigDecimal.TEN)
                        .add(new java.math.BigDecimal("0.101").multiply(java.math.BigDecimal.TWO))
                        .add(new java.math.BigDecimal("0.02").multiply(java.math.BigDecimal.TEN))
                        .add(new java.math.BigDecimal("0.018"))
                        .add(new java.math.BigDecimal("0.051"));
        assertThat(adds(scene, top).usd()).isEqualByComparingTo(expected);
    }

    @Test
    void a_cancel_at_the_top_reaches_every_leaf() {
        var scene =
                tree().when(
                                "work",
                                attempt ->
                                        new OneThread.Work(
                                                Duration.ofHours(1),
                                                Outcome.succeeded(attempt.input()),
                                                List.of()));
        scene.start(Value.struct("items", numbers(), "id", Value.text("top")))
                .pass(Duration.ofSeconds(1));
        var top = scene.state().asked().run();
        var runs = within(scene, top);
        assertThat(runs).hasSize(WIDTH + WIDTH * WIDTH);
        assertThat(runs).allMatch(run -> scene.state(run).status() == Status.RUNNING);

        scene.act(new Verb.Cancel(false)).ends(Status.CANCELLED);
        assertThat(runs).allMatch(run -> scene.state(run).status() == Status.CANCELLED);
        adds(scene, top);
    }
}
