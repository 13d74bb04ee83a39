package dev.tutti.simulation.crash;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.simulation.SimulatedExecutors;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Owns a store and works until its run has ended: begins the run if there is none yet, or goes on
/// with what it finds.
final class Worker {
    static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("CRASH"));
    private static final long PATIENCE_SECONDS = 60;

    private Worker() {}

    static Path database(Path store) {
        return store.resolve("tutti.db");
    }

    static FileArtifacts artifacts(Path store) {
        return new FileArtifacts(store.resolve("artifacts"));
    }

    /// @param around what the journal is wrapped in
    static Status work(Path store, UnaryOperator<Journal> around) throws Exception {
        try (var _ = OwnerLock.take(store.resolve("owner.lock")).orElseThrow()) {
            var artifacts = artifacts(store);
            var journal = around.apply(SqliteJournal.open(database(store), artifacts));
            boolean begun = journal.head(RUN) > 0;
            var found = Runs.load(journal, RUN).state().status();
            try (var driver =
                    Driver.start(
                            new Driver.Parts(
                                    journal,
                                    artifacts,
                                    _ -> Workload.team(),
                                    new SimulatedExecutors(),
                                    new Expressions(),
                                    Value.Struct.EMPTY,
                                    Clock.systemUTC()))) {
                if (found.isFinal()) {
                    return found;
                }
                var ended = driver.ended(RUN);
                if (!begun) {
                    driver.ask(RUN, Workload.start(), "loop", "start").get();
                }
                return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /// Arguments: the store's folder, the file of the marks.
    public static void main(String[] arguments) throws Exception {
        var store = Path.of(arguments[0]);
        try (var marks = new CommitMarks(Path.of(arguments[1]))) {
            work(store, journal -> new MarkedJournal(journal, marks));
            marks.phase(CommitMarks.Phase.DONE);
        }
    }
}
