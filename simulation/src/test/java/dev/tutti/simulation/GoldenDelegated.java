package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// A golden run whose agent has others do parts of its task: one gives a result, one does not, and
/// one is not for whom it was asked.
final class GoldenDelegated {
    private static final Instant START = Instant.parse("2026-11-26T09:00:00Z");
    private static final Duration TICK = Duration.ofMillis(20);

    /// The first attempt is given by the fourth event.
    private static final long TOKEN = 4;

    private GoldenDelegated() {}

    private static Team team(List<Task> plan) {
        var agents =
                Stream.of("lead", "reader")
                        .map(name ->
                                new Agent(
                                        new AgentId(name),
                                        List.of(new SkillId("work")),
                                        "scripted",
                                        Value.Struct.EMPTY,
                                        new Agent.Limits(2, null)))
                        .toList();
        return new Team(
                List.of(),
                agents,
                List.of(new Workflow("golden", Type.Struct.OPEN, plan, Value.text("${report}"))));
    }

    private static OneThread.Work work(Action.Perform attempt) {
        if (attempt.task().name().equals("report")) {
            return attempt.answers().isEmpty()
                    ? new OneThread.Work(null, Outcome.succeeded(Value.NULL), List.of())
                    : done(
                            Outcome.succeeded(
                                    new Value.Struct(new LinkedHashMap<>(attempt.answers()))));
        }
        return done(
                attempt.input().text("of").equals("page 1")
                        ? Outcome.succeeded(attempt.input())
                        : Outcome.failed(new Failure.Permanent("gone", "there is no such page")));
    }

    private static OneThread.Work done(Outcome outcome) {
        return new OneThread.Work(TICK, outcome, List.of());
    }

    private static Command asks(String name, String to, String of) {
        return new Command.Delegate(
                TOKEN, name, to, Value.struct("of", Value.text(of)), "for the report");
    }

    static void delegated(String name, Journal journal) {
        var plan =
                List.of(
                        new Task(
                                        "report",
                                        new Task.Performer.ByAgent(new AgentId("lead")),
                                        Value.Struct.EMPTY,
                                        List.of())
                                .with(new Passing.Delegation(List.of("reader"), 2)));
        var team = team(plan);
        var world = new OneThread(journal, _ -> team, GoldenDelegated::work, START);
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        var run = GoldenRuns.stream(name);
        world.ask(Duration.ZERO, run, start, "start-1");
        world.tell(Duration.ofMillis(10), run, asks("a", "reader", "page 1"));
        world.tell(Duration.ofMillis(11), run, asks("a", "reader", "page 1"));
        world.tell(Duration.ofMillis(12), run, asks("b", "nobody", "page 2"));
        world.tell(Duration.ofMillis(13), run, asks("c", "reader", "page ${2}"));
        world.tell(Duration.ofMillis(14), run, asks("d", "reader", "page 3"));
        world.tell(
                Duration.ofMillis(15),
                run,
                new Command.AwaitErrands(TOKEN, List.of("report_1", "report_2"), List.of()));
        world.runUntil(START.plus(Duration.ofMinutes(5)));
    }
}
