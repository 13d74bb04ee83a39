package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.quota.Machine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;

/// A golden run whose tasks its agents give away among themselves: a batch of bids, one who boasts
/// and fails and is bid down after, nobody within the reserve, and tasks that are claimed and
/// stolen. Whoever lets a dispatcher choose meanwhile is told so.
final class GoldenAuctioned {
    private static final SkillId WORK = new SkillId("work");
    private static final Duration WITHIN = Duration.ofMillis(500);

    private GoldenAuctioned() {}

    private static Agent agent(String name, String usd, int places) {
        return new Agent(
                new AgentId(name),
                List.of(WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(places, null),
                Task.Effects.IDEMPOTENT,
                new Agent.Price(Money.of(usd), Duration.ofSeconds(2), 0.9));
    }

    static Team team() {
        var tasks =
                List.of(
                        Task.of("letter", WORK, Value.struct("of", Value.text("${item}")))
                                .with(Task.Flow.over("${['a', 'b', 'c']}", 9)),
                        Task.of("dear", WORK, Value.Struct.EMPTY, "letter")
                                .with(Task.Policy.DEFAULT.withLadder(Task.Remedy.SKIP)),
                        Task.of("quick", WORK, Value.struct("n", Value.text("${item}")), "letter")
                                .with(Task.Flow.over("${[1, 2, 3, 4]}", 9)));
        var golden = new Workflow("golden", Type.Struct.OPEN, tasks, Value.text("${quick}"));
        var workflows = new LinkedHashMap<String, Terms.Choice>();
        workflows.put("golden", Terms.Choice.of(Terms.Way.AUCTION));
        var places = new LinkedHashMap<Terms.Place, Terms.OfTask>();
        places.put(
                new Terms.Place("golden", "dear"),
                new Terms.OfTask(
                        new Terms.Choice(
                                Terms.Way.AUCTION,
                                null,
                                new Terms.Bidding(WITHIN, Money.of("0.001"), 2, null)),
                        0));
        places.put(
                new Terms.Place("golden", "quick"),
                new Terms.OfTask(Terms.Choice.of(Terms.Way.CLAIM), 0));
        var bids = new LinkedHashMap<AgentId, Terms.OfAgent>();
        bids.put(
                new AgentId("boaster"),
                new Terms.OfAgent(
                        List.of(),
                        0,
                        0,
                        Value.struct(
                                "price",
                                Value.text(
                                        "${has(input.of) ? double(self.busy) * 0.1 + 0.01 :"
                                                + " -1.0}"),
                                "confidence",
                                Value.of(1))));
        return new Team(
                List.of(),
                List.of(agent("boaster", "0.01", 2), agent("slow", "0.03", 1)),
                List.of(golden),
                new Terms(
                        Terms.Choice.ROUND_ROBIN,
                        Terms.Worth.DEFAULT,
                        List.of(),
                        places,
                        bids,
                        workflows));
    }

    private static OneThread.Work work(Action.Perform attempt) {
        boolean boasts = attempt.agent().value().equals("boaster");
        var cost = new Usage(Money.of(boasts ? "0.01" : "0.03"), 0, 0);
        var outcome =
                boasts && attempt.task().name().equals("letter") && attempt.attempt() == 1
                        ? new Outcome.Failed(new Failure.Transient("dull", "not as promised"), cost)
                        : new Outcome.Succeeded(attempt.input(), cost);
        return new OneThread.Work(Duration.ofMillis(boasts ? 20 : 90), outcome, List.of());
    }

    /// A dispatcher that can keep places and must not choose.
    static Dispatcher untouched() {
        return new Dispatcher(
                _ -> true,
                new Evidence(0),
                Machine.boundless(),
                _ -> {
                    throw new AssertionError("the dispatcher chose");
                });
    }

    static void auctioned(String name, Journal journal) {
        var run = GoldenRuns.stream(name);
        var team = team();
        var world =
                new OneThread(
                        journal, _ -> team, GoldenAuctioned::work, GoldenRuns.START, untouched());
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        world.ask(Duration.ZERO, run, start, "start-1");
        world.runUntil(GoldenRuns.START.plusSeconds(60));
    }
}
