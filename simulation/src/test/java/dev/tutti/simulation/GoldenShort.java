package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A golden run whose budget is short: a cheaper agent does the second task, and nobody the third.
final class GoldenShort {
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");
    private static final SkillId WORK = new SkillId("work");

    private GoldenShort() {}

    private static Agent agent(String name, String worst) {
        return new Agent(
                new AgentId(name),
                List.of(WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(2, null, null, new Agent.Effort(null, null, Money.of(worst))));
    }

    private static OneThread.Work work(Action.Perform attempt) {
        var usage = new Usage(Money.of("0.25"), 20, 10);
        return new OneThread.Work(
                Duration.ofMillis(20), new Outcome.Succeeded(Value.of(1), usage), List.of());
    }

    static void tooDear(String name, Journal journal) {
        var plan =
                List.of(
                        Task.of("first", WORK, Value.Struct.EMPTY),
                        Task.of("second", WORK, Value.Struct.EMPTY, "first"),
                        Task.of("third", WORK, Value.Struct.EMPTY, "second"));
        var team =
                new Team(
                        List.of(),
                        List.of(agent("cheap", "0.25"), agent("dear", "0.50")),
                        List.of(
                                new Workflow(
                                        "golden",
                                        Type.Struct.OPEN,
                                        plan,
                                        Value.text("${third}"),
                                        Task.Remedy.FAIL,
                                        null,
                                        Budget.of(Money.of("0.60")))));
        var world = new OneThread(journal, _ -> team, GoldenShort::work, START);
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        world.ask(Duration.ZERO, GoldenRuns.stream(name), start, "start-1");
        world.runUntil(START.plus(Duration.ofMinutes(5)));
    }
}
