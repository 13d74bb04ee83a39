package dev.tutti.telemetry;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.ObserverProvider.Observed;
import dev.tutti.runtime.projection.ObserverProvider.Observer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A store on disk with one agent and one workflow, owned by this process and observed.
final class Stage implements AutoCloseable {
    static final String WORKFLOW = "work";
    private static final SkillId SKILL = new SkillId("work");
    private static final int PAGE = 5_000;

    private final Path folder;
    private final Observer observer;
    private final Driver driver;

    Stage(Path folder, Map<String, String> environment, List<Task> tasks, AgentExecutor agent) {
        this.folder = folder;
        var artifacts = new FileArtifacts(folder.resolve("artifacts"));
        var journal = SqliteJournal.open(folder.resolve("tutti.db"), artifacts);
        observer =
                new OpenTelemetry()
                        .start(
                                new Observed(
                                        () -> reader(folder),
                                        journal.position(),
                                        folder,
                                        environment));
        driver =
                Driver.start(
                        new Driver.Parts(
                                journal,
                                artifacts,
                                _ -> team(tasks),
                                executors(agent),
                                new Expressions(),
                                Value.Struct.EMPTY,
                                Clock.systemUTC()));
    }

    static StreamId stream(String run) {
        return StreamId.run(TenantId.LOCAL, new RunId(run));
    }

    static Task task(String name, String... after) {
        return Task.of(name, SKILL, Value.Struct.EMPTY, after);
    }

    private static Team team(List<Task> tasks) {
        var worker =
                new Agent(
                        new AgentId("worker"),
                        List.of(SKILL),
                        "function",
                        Value.Struct.EMPTY,
                        new Agent.Limits(50, null));
        var skill = new Skill(SKILL, Type.Struct.OPEN, Type.Struct.OPEN);
        return new Team(
                List.of(skill),
                List.of(worker),
                List.of(new Workflow(WORKFLOW, Type.Struct.OPEN, tasks, Value.text("done"))));
    }

    private static Executors executors(AgentExecutor agent) {
        return new Executors() {
            @Override
            public boolean has(Agent any) {
                return true;
            }

            @Override
            public AgentExecutor of(String team, Agent any) {
                return agent;
            }

            @Override
            public List<Upkeep> upkeep() {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    static JournalReader reader(Path folder) {
        return SqliteJournal.reader(
                folder.resolve("tutti.db"), new FileArtifacts(folder.resolve("artifacts")));
    }

    void begin(String run) throws Exception {
        var definition = Request.definition(Value.struct("test", Value.of(true)));
        driver.ask(
                        stream(run),
                        new Request.Start(WORKFLOW, definition, Value.Struct.EMPTY),
                        "test",
                        "start-" + run)
                .get(30, TimeUnit.SECONDS);
    }

    /// Has tried again whatever the run asks people about, as people would who know that the
    /// process was killed from outside: a task that was there three times is held to be the reason.
    ///
    /// @return the state of the run by now
    RunState retryWhatIsAsked(String run, RunState before) throws Exception {
        RunState state;
        try (var reader = reader(folder)) {
            state = Runs.proceed(reader, stream(run), before);
        }
        for (long asked : state.questions().keySet()) {
            var again = Value.text(Question.RETRY);
            driver.ask(
                            stream(run),
                            new Request.Answer(asked, again, "it was killed", null, null),
                            "test",
                            "answer-" + asked)
                    .get(30, TimeUnit.SECONDS);
        }
        return state;
    }

    /// Begins a run and waits for its end.
    Status run(String run) throws Exception {
        var end = driver.ended(stream(run));
        begin(run);
        return end.get(120, TimeUnit.SECONDS);
    }

    Status awaitEnd(String run) throws Exception {
        return driver.ended(stream(run)).get(300, TimeUnit.SECONDS);
    }

    /// The journal of a run as it is on disk.
    static List<Entry> journal(Path folder, String run) {
        try (var reader = reader(folder)) {
            var all = new ArrayList<Entry>();
            long from = 0;
            List<Entry> page;
            do {
                page = reader.read(stream(run), from, PAGE);
                all.addAll(page);
                from += page.size();
            } while (page.size() == PAGE);
            return all;
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        driver.close();
        observer.close();
    }
}
