package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A golden run whose tasks go from agent to agent.
final class GoldenPassed {
    private static final Instant START = Instant.parse("2026-11-26T09:00:00Z");
    private static final Duration TICK = Duration.ofMillis(20);

    private GoldenPassed() {}

    private static Team team(List<Task> plan) {
        var agents =
                Stream.of("triage", "billing", "network", "lead")
                        .map(name ->
                                new Agent(
                                        new AgentId(name),
                                        List.of(new SkillId("help")),
                                        "scripted",
                                        Value.Struct.EMPTY,
                                        new Agent.Limits(2, null)))
                        .toList();
        return new Team(
                List.of(),
                agents,
                List.of(new Workflow("golden", Type.Struct.OPEN, plan, Value.text("${talk}"))));
    }

    private static Task by(String agent, String name, Passing passing, String... dependencies) {
        return new Task(
                        name,
                        new Task.Performer.ByAgent(new AgentId(agent)),
                        Value.Struct.EMPTY,
                        List.of(dependencies))
                .with(passing);
    }

    private static Passing.Group group(
            Passing.Turns turns, @Nullable AgentId moderator, @Nullable String until) {
        return new Passing.Group(
                List.of(
                        new Passing.Member(new AgentId("billing"), "invoices"),
                        new Passing.Member(new AgentId("network"), "cables")),
                turns,
                moderator,
                4,
                until,
                Value.text("${output.ended}"));
    }

    /// Hands over to one who may not have it, then round to one who answers; who moderates names
    /// nobody, then one after the other.
    private static OneThread.Work work(Action.Perform attempt) {
        var me = attempt.agent().value();
        if (attempt.input().get("group") instanceof Value.Struct group) {
            return work(Outcome.succeeded(said(me, group)));
        }
        var to = attempt.attempt() == 1 ? "lead" : me.equals("triage") ? "network" : "billing";
        if (me.equals("billing")) {
            return work(Outcome.succeeded(attempt.input()));
        }
        return work(
                new Outcome.HandedOver(
                        new AgentId(to), Value.text("for " + to), "not for " + me, Usage.NONE));
    }

    private static OneThread.Work work(Outcome outcome) {
        return new OneThread.Work(TICK, outcome, List.of());
    }

    private static Value said(String me, Value.Struct group) {
        int heard = group.get("transcript") instanceof Value.Array(var said) ? said.size() : 0;
        if (!me.equals("lead")) {
            return Value.text(me + " " + heard + ": the cables, not the invoices");
        }
        return heard < 4
                ? Value.struct("next", Value.text(heard == 0 ? "network" : "billing"))
                : Value.struct("done", Value.of(true), "result", Value.text("cables"));
    }

    static void passed(String name, Journal journal) {
        var plan =
                List.of(
                        by(
                                "triage",
                                "answer",
                                new Passing.HandOff(
                                        List.of(new AgentId("network"), new AgentId("billing")),
                                        3)),
                        by(
                                "billing",
                                "round",
                                group(Passing.Turns.ROUND_ROBIN, null, "${output.turns > 2}"),
                                "answer"),
                        by(
                                "billing",
                                "fitting",
                                group(Passing.Turns.RELEVANCE, null, null),
                                "round"),
                        by(
                                "lead",
                                "talk",
                                group(Passing.Turns.MODERATED, new AgentId("lead"), null),
                                "fitting"));
        var team = team(plan);
        var world = new OneThread(journal, _ -> team, GoldenPassed::work, START);
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        world.ask(Duration.ZERO, GoldenRuns.stream(name), start, "start-1");
        world.runUntil(START.plus(Duration.ofMinutes(5)));
    }
}
