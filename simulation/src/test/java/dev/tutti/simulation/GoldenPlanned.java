package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;

/// A golden run whose plan is made while it runs, and whose budget is too small at first.
final class GoldenPlanned {
    private static final SkillId WORK = new SkillId("work");
    private static final AgentId PLANNER = new AgentId("planner");
    private static final Usage COST = new Usage(Money.of("0.04"), 30, 10);

    private GoldenPlanned() {}

    private static Agent agent(AgentId id, List<SkillId> skills, String uses, Value.Struct with) {
        return new Agent(
                id,
                skills,
                uses,
                with,
                new Agent.Limits(2, null, null, new Agent.Effort(null, null, Money.of("0.05"))));
    }

    private static Team team() {
        var planner =
                new Planner(
                        PLANNER,
                        "an answer to ${input.question}",
                        Value.struct("answer", Value.Struct.EMPTY),
                        5,
                        2,
                        3,
                        new AgentId("boss"),
                        "${has(output.odd)}");
        var within =
                new Workflow(
                        "part",
                        Type.Struct.OPEN,
                        List.of(Task.of("inner", WORK, Value.struct("slow", Value.of(true)))),
                        Value.text("part"));
        var golden =
                new Workflow(
                        "golden",
                        Type.Struct.OPEN,
                        List.of(),
                        Value.NULL,
                        Task.Remedy.ASK,
                        planner,
                        new Budget(Money.of("0.20"), null, Duration.ofHours(9), 50, 90));
        return new Team(
                List.of(),
                List.of(
                        agent(new AgentId("reader"), List.of(WORK), "scripted", Value.Struct.EMPTY),
                        agent(PLANNER, List.of(), "scripted", Value.Struct.EMPTY),
                        agent(new AgentId("boss"), List.of(), Agent.HUMAN, Value.Struct.EMPTY)),
                List.of(golden, within));
    }

    private static OneThread.Work work(Action.Perform attempt) {
        if (attempt.plans()) {
            var proposal = Value.struct("plan", Value.of(attempt.plan()));
            var outcome = new Outcome.Planned(amendment(attempt), proposal, COST);
            return new OneThread.Work(Duration.ofMillis(20), outcome, List.of());
        }
        boolean slow = attempt.input().get("slow") != null;
        var outcome =
                attempt.input().get("fail") == null
                        ? new Outcome.Succeeded(attempt.input(), COST)
                        : new Outcome.Failed(new Failure.Permanent("no", "not so"), COST);
        return new OneThread.Work(
                slow ? Duration.ofHours(1) : Duration.ofMillis(20), outcome, List.of());
    }

    /// First a plan with a task that fails, then one without it.
    private static Amendment amendment(Action.Perform attempt) {
        boolean first = attempt.task().name().equals("plan");
        var tasks =
                first
                        ? List.of(
                                Task.of("a", WORK, Value.struct("fail", Value.of(true))),
                                Task.of("b", WORK, Value.Struct.EMPTY, "a"))
                        : List.of(
                                new Task(
                                        "part",
                                        new Task.Performer.ByWorkflow("part"),
                                        Value.Struct.EMPTY,
                                        List.of()),
                                Task.of("c", WORK, Value.Struct.EMPTY),
                                Task.of("d", WORK, Value.Struct.EMPTY, "c"));
        return new Amendment(
                attempt.plan(),
                PLANNER.value(),
                first ? "it seems best" : "a is not to be had",
                tasks,
                first ? List.of() : List.of("b"),
                Value.struct("answer", Value.text(first ? "${b}" : "${d}")),
                false,
                true,
                Value.struct("facts", Value.array(Value.text("little"))));
    }

    /// Proposed and approved, planned around a failure, short of money until somebody gives more, a
    /// run within that is given up and says what it spent.
    static void planned(String name, Journal journal) {
        var run = GoldenRuns.stream(name);
        var team = team();
        var world = new OneThread(journal, _ -> team, GoldenPlanned::work, GoldenRuns.START);
        var inputs = Value.struct("question", Value.text("how many?"));
        var start = new Request.Start("golden", Request.definition(Value.Struct.EMPTY), inputs);
        world.ask(Duration.ZERO, run, start, "start-1");
        world.runUntil(GoldenRuns.START.plusSeconds(1));
        approve(world, run, journal, 2);
        world.runUntil(GoldenRuns.START.plusSeconds(3));
        approve(world, run, journal, 4);
        world.runUntil(GoldenRuns.START.plusSeconds(10));
        act(world, run, 11, new Verb.RaiseBudget(Budget.of(Money.of("0.80"))));
        act(world, run, 12, new Verb.Skip(TaskId.of("part"), null));
        world.runUntil(GoldenRuns.START.plus(Duration.ofHours(8)));
    }

    private static void approve(OneThread world, StreamId run, Journal journal, int second) {
        var state = dev.tutti.runtime.engine.Runs.load(journal, run).state();
        for (var question : state.questions().keySet()) {
            world.ask(
                    Duration.ofSeconds(1),
                    run,
                    new Request.Answer(question, Value.text("approve"), "", null, null),
                    "approve-" + second);
        }
    }

    private static void act(OneThread world, StreamId run, int second, Verb verb) {
        world.ask(
                Duration.ofSeconds(1),
                run,
                new Request.Intervene(verb, "as kept", 0),
                verb.word() + "-" + second);
        world.runUntil(GoldenRuns.START.plusSeconds(second + 1));
    }
}
