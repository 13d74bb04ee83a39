package dev.tutti.simulation.crash;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A process whose agent takes steps and is killed by SIGKILL once in each task, in another place
/// of its loop each time: task `t0` before its first step, `t1` during it, `t2` after it, and so
/// on.
public final class Talker {
    static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("TALK"));

    /// The steps of each task.
    static final int STEPS = 4;

    /// Before the first step; and during and after each.
    static final int TASKS = 1 + 2 * STEPS;

    private static final SkillId TALK = new SkillId("talk");

    private final Path folder;

    private Talker(Path folder) {
        this.folder = folder;
    }

    static Team team() {
        var agent =
                new Agent(
                        new AgentId("talker"),
                        List.of(TALK),
                        "talker",
                        Value.Struct.EMPTY,
                        Agent.Limits.DEFAULT);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(
                    i == 0
                            ? Task.of(task(i), TALK, Value.Struct.EMPTY)
                            : Task.of(task(i), TALK, Value.Struct.EMPTY, task(i - 1)));
        }
        return new Team(
                List.of(),
                List.of(agent),
                List.of(new Workflow("main", Type.Struct.OPEN, tasks, Value.NULL)));
    }

    static String task(int place) {
        return "t" + place;
    }

    /// What was called outside, one line a call: the task, the step, what it gave.
    static Path calls(Path folder) {
        return folder.resolve("calls");
    }

    /// Works until the run has ended, unless it is killed before.
    ///
    /// @param arguments the store's folder
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var artifacts = Worker.artifacts(folder);
        try (var _ = OwnerLock.take(folder.resolve("owner.lock")).orElseThrow()) {
            var journal = SqliteJournal.open(Worker.database(folder), artifacts);
            boolean begun = journal.head(RUN) > 0;
            try (var driver =
                    Driver.start(
                            new Driver.Parts(
                                    journal,
                                    artifacts,
                                    _ -> team(),
                                    executors(new Talker(folder)::talk),
                                    new Expressions(),
                                    Value.Struct.EMPTY,
                                    Clock.systemUTC()))) {
                var end = driver.ended(RUN);
                if (!begun) {
                    var start =
                            new Request.Start(
                                    "main",
                                    Request.definition(Value.Struct.EMPTY),
                                    Value.Struct.EMPTY);
                    driver.ask(RUN, start, "test", "start").get();
                }
                end.get();
            }
        }
    }

    private Outcome talk(Attempt attempt) throws Exception {
        int place = Integer.parseInt(attempt.task().name().substring(1));
        dieAt(place, 0);
        var said = new ArrayList<Value>();
        for (int i = 1; i <= STEPS; i++) {
            int number = i;
            var step =
                    new Attempt.Step(i % 2 == 0 ? "tool" : "model", "one", new Value.Array(said));
            said.add(attempt.step(step, () -> call(place, number)).result());
            dieAt(place, 2 * i);
        }
        return Outcome.succeeded(Value.struct("said", new Value.Array(said)));
    }

    /// A call that gives something else each time.
    private Attempt.Taken call(int place, int number) throws Exception {
        var given = UUID.randomUUID().toString();
        Files.writeString(
                calls(folder),
                task(place) + " " + number + " " + given + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        dieAt(place, 2 * number - 1);
        return Attempt.Taken.free(Value.text(given));
    }

    private void dieAt(int place, int here) throws IOException, InterruptedException {
        var mark = folder.resolve("killed-" + place);
        if (here == place && !Files.exists(mark)) {
            Files.createFile(mark);
            new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            Thread.sleep(60_000);
        }
    }

    private static Executors executors(AgentExecutor talker) {
        return new Executors() {
            @Override
            public boolean has(Agent agent) {
                return true;
            }

            @Override
            public AgentExecutor of(String team, Agent agent) {
                return talker;
            }

            @Override
            public List<Upkeep> upkeep() {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }
}
