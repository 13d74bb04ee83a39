package dev.tutti.cli.bench;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.wiring.Observers;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A store and its owner, on which a plan is run over and over.
final class Stand implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int runs;
    private final Supplier<JournalReader> reader;
    private final Observers observers;
    private final Driver driver;

    private Stand(int runs, Supplier<JournalReader> reader, Observers observers, Driver driver) {
        this.runs = runs;
        this.reader = reader;
        this.observers = observers;
        this.driver = driver;
    }

    /// One round of runs that were begun together.
    ///
    /// @param nanos from the first being asked for to the last end
    record Round(List<StreamId> ids, long nanos) {}

    /// @param runs begun together in each round
    /// @param observed whether those look that the environment asks for, as with every owner of a
    ///   store
    static Stand open(Path folder, Plans plan, int runs, boolean observed) {
        var artifacts = Store.artifacts(folder);
        var database = Store.database(folder);
        var journal = SqliteJournal.open(database, artifacts);
        Supplier<JournalReader> reader = () -> SqliteJournal.reader(database, artifacts);
        var observers =
                observed ? Observers.start(journal.position(), reader, folder) : Observers.NONE;
        var driver = Driver.start(parts(journal, artifacts, plan));
        return new Stand(runs, reader, observers, driver);
    }

    /// Whether anybody looks.
    boolean observed() {
        return observers.any();
    }

    Round round() throws Exception {
        var ids = new ArrayList<StreamId>();
        for (int i = 0; i < runs; i++) {
            var run = new RunId(UlidCreator.getMonotonicUlid().toString());
            ids.add(StreamId.run(TenantId.LOCAL, run));
        }
        var definition = Request.definition(Value.struct("bench", Value.of(true)));
        var ends = new ArrayList<CompletableFuture<Status>>();
        long begun = System.nanoTime();
        for (var id : ids) {
            ends.add(driver.ended(id));
            var request = new Request.Start(Plans.WORKFLOW, definition, Value.Struct.EMPTY);
            var _ = driver.ask(id, request, "bench", UlidCreator.getMonotonicUlid().toString());
        }
        for (var end : ends) {
            if (end.get() != Status.SUCCEEDED) {
                throw new IllegalStateException("a run of the benchmark did not succeed");
            }
        }
        return new Round(ids, System.nanoTime() - begun);
    }

    /// Waits until those who look have seen to everything.
    void awaitObservers() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        long end;
        try (var journal = reader.get()) {
            end = journal.position();
        }
        while (!observers.doneTo(end)) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("those who look do not come to an end");
            }
            Thread.sleep(LOOK);
        }
    }

    private static Driver.Parts parts(SqliteJournal journal, ArtifactStore artifacts, Plans plan) {
        var executors =
                new Executors() {
                    @Override
                    public boolean has(Agent agent) {
                        return true;
                    }

                    @Override
                    public AgentExecutor of(String team, Agent agent) {
                        return plan.agent();
                    }

                    @Override
                    public List<Upkeep> upkeep() {
                        return List.of();
                    }

                    @Override
                    public void close() {}
                };
        return new Driver.Parts(
                journal,
                artifacts,
                _ -> plan.team(),
                executors,
                new Expressions(),
                Value.Struct.EMPTY,
                Clock.systemUTC());
    }

    @Override
    public void close() {
        driver.close();
        observers.close();
    }
}
