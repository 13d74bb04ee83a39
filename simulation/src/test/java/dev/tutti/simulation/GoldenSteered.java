package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Golden runs that wait for people and messages, and that people steer.
final class GoldenSteered {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final SkillId WORK = new SkillId("work");
    private static final Duration TICK = Duration.ofMillis(20);

    private GoldenSteered() {}

    private static Task task(String name, Value.Struct input, String... dependencies) {
        return Task.of(name, WORK, input, dependencies);
    }

    private static Task by(Task.Performer performer, String name, String... dependencies) {
        return new Task(name, performer, Value.Struct.EMPTY, List.of(dependencies));
    }

    private static Team team(List<Task> plan) {
        var ladder =
                Value.array(
                        Value.struct("to", Value.text("alice"), "within", Value.text("1h")),
                        Value.struct("to", Value.text("ops")));
        var settings =
                Value.struct("ask", ladder, "remind", Value.text("40m"), "quorum", Value.of(2));
        var human =
                new Agent(
                        new AgentId("boss"),
                        List.of(new SkillId("approve")),
                        Agent.HUMAN,
                        settings,
                        Agent.Limits.DEFAULT);
        var part =
                new Workflow(
                        "part",
                        Type.Struct.OPEN,
                        List.of(task("inner", Value.Struct.EMPTY)),
                        Value.text("part"));
        return new Team(
                List.of(),
                List.of(agent("reader"), agent("writer"), human),
                List.of(
                        new Workflow("golden", Type.Struct.OPEN, plan, Value.text("${run.id}")),
                        part));
    }

    private static Agent agent(String name) {
        return new Agent(
                new AgentId(name),
                List.of(WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(2, null));
    }

    private static OneThread world(Journal journal, StreamId run, List<Task> plan) {
        var team = team(plan);
        var world = new OneThread(journal, _ -> team, GoldenSteered::work, START);
        var start =
                new Request.Start(
                        "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
        world.ask(Duration.ZERO, run, start, "start-1");
        return world;
    }

    /// Echoes, but for the first attempt of what is to go wrong, and a second look that finds fault
    /// once.
    private static OneThread.Work work(Action.Perform attempt) {
        var what = attempt.input().get("do") instanceof Value.Text(var text) ? text : "";
        var outcome =
                switch (what) {
                    case "fail" ->
                            attempt.attempt() == 1
                                    ? Outcome.failed(new Failure.Permanent("no", "not by me"))
                                    : Outcome.succeeded(attempt.input());
                    case "look" ->
                            Outcome.succeeded(
                                    Value.struct(
                                            "ok",
                                            Value.of(attempt.attempt() > 2),
                                            "reason",
                                            Value.text("look again")));
                    default -> Outcome.succeeded(attempt.input());
                };
        var effects = what.equals("pay") ? List.of("pay") : List.<String>of();
        return new OneThread.Work(TICK, outcome, List.of(), effects);
    }

    /// An approval by two after the first one asked was silent, an effect, a second look, a loop, a
    /// run within the run, messages, and an agent that had to give way to another.
    static void people(String name, Journal journal) {
        var looked =
                new Task.Gate(
                        List.of("${true}"),
                        new Task.Verify(
                                new Task.Performer.BySkill(WORK),
                                Value.struct("do", Value.text("look")),
                                Task.Verify.OK));
        var plan =
                List.of(
                        task("pay", Value.struct("do", Value.text("pay")))
                                .with(
                                        Task.Policy.DEFAULT
                                                .withApproval(new AgentId("boss"))
                                                .with(Task.Effects.AT_MOST_ONCE)),
                        task("check", Value.Struct.EMPTY, "pay")
                                .with(Task.Policy.DEFAULT.with(looked)),
                        task(
                                        "again",
                                        Value.struct(
                                                "n",
                                                Value.text("${output == null ? 1 : output.n + 1}")),
                                        "check")
                                .with(Task.Flow.ONCE.with(new Task.Loop("${output.n < 3}", 5))),
                        by(new Task.Performer.ByWorkflow("part"), "part", "again"),
                        task("other", Value.struct("do", Value.text("fail")), "part")
                                .with(Task.Policy.DEFAULT.withLadder(Task.Remedy.REROUTE))
                                .with(
                                        Task.Flow.ONCE.with(
                                                new Task.Emit(
                                                        "done",
                                                        Value.struct("by", Value.text("me")),
                                                        null))),
                        by(
                                new Task.Performer.ByMessage("done", null, null, true),
                                "heard",
                                "part"));
        var run = GoldenRuns.stream(name);
        var world = world(journal, run, plan);
        world.runUntil(START.plus(Duration.ofMinutes(90)));
        for (var voter : List.of("ops1", "ops2", "ops3")) {
            world.ask(
                    Duration.ZERO,
                    run,
                    new Request.Answer(4, Value.text("approve"), "fine", null, null),
                    "answer-" + voter,
                    voter);
        }
        world.runUntil(START.plus(Duration.ofHours(5)));
    }

    /// Publishes a message, waits for it, and for one that does not come.
    static void topics(String name, Journal journal) {
        var emit = new Task.Emit("paid", Value.struct("n", Value.of(1)), null, "orders", "k");
        var paid =
                new Task.Performer.ByMessage(
                        "paid", "${message.n == 1}", Duration.ofHours(1), true, "orders", "k");
        var never =
                new Task.Performer.ByMessage(
                        "paid", null, Duration.ofHours(1), false, "orders", "${heard.by}");
        var plan =
                List.of(
                        task("pay", Value.struct("key", Value.text("k")))
                                .with(Task.Flow.ONCE.with(emit)),
                        by(paid, "heard", "pay"),
                        by(never, "unheard", "heard"));
        world(journal, GoldenRuns.stream(name), plan).runUntil(START.plus(Duration.ofHours(5)));
    }

    /// Paused and resumed, retried, edited, skipped, reassigned, raised, and called stuck.
    static void steered(String name, Journal journal) {
        var plan =
                List.of(
                        task("a", Value.struct("do", Value.text("pay"))),
                        task("b", Value.struct("n", Value.of(1)), "a"),
                        by(new Task.Performer.ByMessage("never", null, null, true), "c", "b"),
                        task("d", Value.Struct.EMPTY, "c"));
        var run = GoldenRuns.stream(name);
        var world = world(journal, run, plan);
        world.runUntil(START.plusSeconds(1));
        act(world, run, 1, new Verb.Pause());
        act(world, run, 10, new Verb.Resume());
        act(world, run, 11, new Verb.Retry(TaskId.of("a"), true));
        act(world, run, 12, new Verb.Raise("d", "attempts", 5));
        act(world, run, 13, new Verb.EditInput(TaskId.of("b"), Value.struct("n", Value.of(2))));
        act(world, run, 14, new Verb.Reassign("d", new AgentId("writer")));
        world.tell(Duration.ofSeconds(15), run, new Command.Stall("nobody sends it", List.of("c")));
        act(world, run, 16, new Verb.Skip(TaskId.of("c"), Value.text("given")));
        world.runUntil(START.plus(Duration.ofHours(1)));
    }

    private static void act(OneThread world, StreamId run, int second, Verb verb) {
        world.ask(
                Duration.ofSeconds(second),
                run,
                new Request.Intervene(verb, "as kept", 0),
                verb.word() + "-" + second);
    }
}
