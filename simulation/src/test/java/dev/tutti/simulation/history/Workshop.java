package dev.tutti.simulation.history;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.history.Moment;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.simulation.OneThread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Runs of one plan in a store of their own, made one after the other by agents that each test
/// brings along.
final class Workshop {
    static final SkillId WORK = new SkillId("work");
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration A_DAY = Duration.ofDays(1);

    final MemoryJournal journal = new MemoryJournal();
    private final List<Agent> agents;
    private Instant now = NOON;

    Workshop(Agent... agents) {
        this.agents = List.of(agents);
    }

    static Agent agent(String name, int places, SkillId... skills) {
        return new Agent(
                new AgentId(name),
                skills.length == 0 ? List.of(WORK) : List.of(skills),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(places, null));
    }

    static StreamId stream(String run) {
        return StreamId.run(TenantId.LOCAL, new RunId(run));
    }

    static OneThread.Work gives(Duration takes, Value output) {
        return new OneThread.Work(takes, Outcome.succeeded(output), List.of());
    }

    /// A run from beginning to end.
    List<Moment> run(
            String run,
            List<Task> plan,
            Value output,
            Value.Struct inputs,
            OneThread.Agents performers) {
        var workflow = new Workflow("main", Type.Struct.OPEN, plan, output);
        var team = new Team(List.of(), agents, List.of(workflow));
        var world = new OneThread(journal, _ -> team, performers, now);
        world.ask(
                Duration.ZERO,
                stream(run),
                new Request.Start("main", Request.definition(Value.Struct.EMPTY), inputs),
                "start " + run);
        world.runUntil(now.plus(A_DAY));
        now = now.plus(A_DAY);
        return moments(run);
    }

    List<Moment> moments(String run) {
        return journal.read(stream(run), 0, Integer.MAX_VALUE).stream()
                .map(entry -> new Moment(entry.sequence(), entry.event().at(), Runs.event(entry)))
                .toList();
    }
}
