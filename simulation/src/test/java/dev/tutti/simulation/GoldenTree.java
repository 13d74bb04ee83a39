package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A golden run with a budget of attempts, tasks and runs, which runs within have parts of: one
/// gives back, one waits for that, and one is too many.
final class GoldenTree {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final SkillId LEAD = new SkillId("lead");
    private static final SkillId WORK = new SkillId("work");

    private GoldenTree() {}

    private static Team team() {
        var lead =
                Task.of("lead", LEAD, Value.struct("n", Value.text("${item}")))
                        .with(Task.Flow.over("${[1, 2, 3]}", 10))
                        .with(Task.Policy.DEFAULT.withLadder(Task.Remedy.SKIP));
        return new Team(
                List.of(),
                List.of(
                        new Agent(
                                new AgentId("chief"),
                                List.of(LEAD),
                                Agent.WORKFLOW,
                                Value.struct("workflow", Value.text("part")),
                                Agent.Limits.DEFAULT),
                        new Agent(
                                new AgentId("worker"),
                                List.of(WORK),
                                "scripted",
                                Value.Struct.EMPTY,
                                new Agent.Limits(2, null))),
                List.of(
                        new Workflow(
                                "golden",
                                Type.Struct.OPEN,
                                List.of(lead),
                                Value.text("${lead}"),
                                Task.Remedy.FAIL,
                                null,
                                new Budget(null, null, null, 7, 8, 2)),
                        new Workflow(
                                "part",
                                Type.Struct.OPEN,
                                List.of(Task.of("work", WORK, Value.Struct.EMPTY)),
                                Value.text("${work}"),
                                Task.Remedy.FAIL,
                                null,
                                new Budget(null, null, null, 3, 2, 1))));
    }

    private static OneThread.Work work(Action.Perform attempt) {
        var outcome =
                attempt.attempt() == 1
                        ? Outcome.failed(new Failure.Transient("broken", "it broke"))
                        : Outcome.succeeded(Value.of(1));
        return new OneThread.Work(Duration.ofMillis(20), outcome, List.of());
    }

    static void tree(String name, Journal journal) {
        var team = team();
        var world = new OneThread(journal, _ -> team, GoldenTree::work, START);
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        world.ask(Duration.ZERO, GoldenRuns.stream(name), start, "start-1");
        world.runUntil(START.plus(Duration.ofMinutes(5)));
    }
}
