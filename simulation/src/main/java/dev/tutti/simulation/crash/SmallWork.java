package dev.tutti.simulation.crash;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunListKeeper;
import dev.tutti.simulation.OneThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The same few runs every time, byte for byte: one that another process left as a message, with a
/// fan-out, a retry, an effect, a run of its own, an artifact and an output too large for a row;
/// and one that was asked for directly. Every kind of write that a store has happens in it.
final class SmallWork implements OneThread.Agents {
    static final StreamId LEFT = StreamId.run(TenantId.LOCAL, new RunId("LEFT"));
    static final StreamId ASKED = StreamId.run(TenantId.LOCAL, new RunId("ASKED"));
    static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private static final SkillId WORK = new SkillId("work");
    private static final Duration TAKES = Duration.ofMillis(10);
    private static final String PAGE = "page ".repeat(15_000);

    private final ArtifactStore artifacts;

    private SmallWork(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /// Does the work, or what is left of it.
    ///
    /// @param start the time when it begins
    /// @param acknowledged hears of each request that was acknowledged
    static void perform(
            Journal journal,
            ArtifactStore artifacts,
            Instant start,
            Consumer<StreamId> acknowledged) {
        if (journal.head(LEFT) == 0) {
            var request = start("main");
            journal.post(
                    new Message("left-1", LEFT, request.kind(), "ana", NOON, request.payload()));
            acknowledged.accept(LEFT);
        }
        var world = new OneThread(journal, _ -> team(), new SmallWork(artifacts), start);
        world.ask(Duration.ZERO, ASKED, start("inner"), "asked-1");
        world.runUntil(start.plus(Duration.ofMillis(5)));
        world.answer("asked-1").ifPresent(_ -> acknowledged.accept(ASKED));
        world.runUntil(start.plus(Duration.ofHours(1)));
        var keeper = new RunListKeeper(journal);
        while (keeper.isBehind()) {
            keeper.catchUp();
        }
    }

    static Request.Start start(String workflow) {
        return new Request.Start(
                workflow,
                Request.definition(Value.struct("team", Value.text("small"))),
                Value.struct(
                        "items", new Value.Array(List.of(Value.of(1), Value.of(2), Value.of(3)))));
    }

    static Team team() {
        var worker =
                new Agent(
                        new AgentId("worker"),
                        List.of(WORK),
                        "scripted",
                        Value.Struct.EMPTY,
                        new Agent.Limits(2, null));
        return new Team(List.of(), List.of(worker), List.of(main(), inner()));
    }

    private static Workflow main() {
        return new Workflow(
                "main",
                Type.Struct.OPEN,
                List.of(
                        task("part", "${item}")
                                .with(Task.Flow.over("${input.items}", Task.DEFAULT_MAX)),
                        task("flaky", "1"),
                        task("page", "2", "flaky"),
                        task("paper", "3", "part"),
                        task("pay", "4", "paper"),
                        new Task(
                                "child",
                                new Task.Performer.ByWorkflow("inner"),
                                Value.Struct.EMPTY,
                                List.of("pay"))),
                Value.struct(
                        "parts", Value.text("${part}"),
                        "child", Value.text("${child}"),
                        "page", Value.text("${size(page.text)}")));
    }

    private static Workflow inner() {
        return new Workflow(
                "inner", Type.Struct.OPEN, List.of(task("echo", "5")), Value.text("${echo.n}"));
    }

    private static Task task(String name, String n, String... dependencies) {
        return Task.of(name, WORK, Value.struct("n", Value.text(n)), dependencies)
                .with(
                        Task.Policy.DEFAULT.with(
                                new Task.Retry(20, Duration.ofMillis(1), Duration.ofMillis(5))));
    }

    @Override
    public OneThread.Work perform(Action.Perform attempt) {
        return switch (attempt.task().name()) {
            case "flaky" ->
                    attempt.attempt() == 1
                            ? new OneThread.Work(
                                    TAKES,
                                    Outcome.failed(new Failure.Transient("flaky", "not yet")),
                                    List.of())
                            : done(attempt, null, List.of());
            case "page" ->
                    new OneThread.Work(
                            TAKES,
                            Outcome.succeeded(Value.struct("text", Value.text(PAGE))),
                            List.of());
            case "paper" -> done(attempt, paper(attempt), List.of());
            case "pay" -> done(attempt, null, List.of("pay"));
            default -> done(attempt, null, List.of());
        };
    }

    private static OneThread.Work done(
            Action.Perform attempt, Event.@Nullable ArtifactStored stored, List<String> effects) {
        return new OneThread.Work(
                TAKES,
                Outcome.succeeded(Value.struct("n", attempt.input())),
                stored == null ? List.of() : List.of(stored),
                effects);
    }

    private Event.ArtifactStored paper(Action.Perform attempt) {
        var content = "a paper".getBytes(StandardCharsets.UTF_8);
        return new Event.ArtifactStored(
                attempt.task(), artifacts.put(content), content.length, "text/plain", "paper");
    }
}
