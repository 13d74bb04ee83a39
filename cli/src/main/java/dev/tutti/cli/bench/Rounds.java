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
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.wiring.Observers;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/// Runs a plan some times to warm up and once to measure, in one process on one store.
final class Rounds {
    private static final int COMMITS = 1_000;

    private final Path folder;
    private final Plans plan;
    private final int runs;

    /// @param runs begun together in each round
    Rounds(Path folder, Plans plan, int runs) {
        this.folder = folder;
        this.plan = plan;
        this.runs = runs;
    }

    Measured measure(String workload, int warmUps) throws Exception {
        var artifacts = Store.artifacts(folder);
        var before = commits(artifacts);
        long wall = 0;
        List<StreamId> last = List.of();
        var journal = SqliteJournal.open(Store.database(folder), artifacts);
        try (var _ = observers(journal, artifacts);
                var driver = Driver.start(parts(journal, artifacts))) {
            for (int round = 0; round <= warmUps; round++) {
                var ids = new ArrayList<StreamId>();
                for (int i = 0; i < runs; i++) {
                    ids.add(
                            StreamId.run(
                                    TenantId.LOCAL,
                                    new RunId(UlidCreator.getMonotonicUlid().toString())));
                }
                wall = round(driver, ids);
                last = ids;
            }
        }
        var after = commits(artifacts);
        return Measured.of(
                workload,
                plan.steps() * runs,
                wall,
                steps(artifacts, last),
                LongStream.concat(LongStream.of(before), LongStream.of(after)).toArray());
    }

    /// Who else looks, as with every owner of a store.
    private Observers observers(SqliteJournal journal, ArtifactStore artifacts) {
        return Observers.start(
                journal.position(),
                () -> SqliteJournal.reader(Store.database(folder), artifacts),
                folder);
    }

    private long[] steps(ArtifactStore artifacts, List<StreamId> ids) {
        try (var reader = SqliteJournal.reader(Store.database(folder), artifacts)) {
            return ids.stream()
                    .flatMapToLong(id -> StepTimes.of(reader, id, plan.wide()))
                    .toArray();
        }
    }

    /// Bare commits to the same store, in microseconds. The first ones do not count.
    private long[] commits(ArtifactStore artifacts) {
        try (var journal = SqliteJournal.open(Store.database(folder), artifacts)) {
            for (int i = 0; i < COMMITS / 5; i++) {
                journal.probe();
            }
            var micros = new long[COMMITS];
            for (int i = 0; i < COMMITS; i++) {
                long begun = System.nanoTime();
                journal.probe();
                micros[i] = (System.nanoTime() - begun) / 1_000;
            }
            return micros;
        }
    }

    private Driver.Parts parts(SqliteJournal journal, ArtifactStore artifacts) {
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

    private static long round(Driver driver, List<StreamId> ids) throws Exception {
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
        return System.nanoTime() - begun;
    }
}
