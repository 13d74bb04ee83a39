package dev.tutti.simulation.crash;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.simulation.SimulatedExecutors;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// Owns a store and works until everything in it has ended: begins the long run if there is none
/// yet, lets the clients submit theirs, and goes on with what it finds.
final class Worker {
    static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("CRASH"));

    /// Lets SQLite lie: commits are not synced. No setting of the store does this.
    static final String UNSYNCED = "crash.unsynced";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Worker() {}

    static Path database(Path store) {
        return store.resolve("tutti.db");
    }

    static FileArtifacts artifacts(Path store) {
        return new FileArtifacts(store.resolve("artifacts"));
    }

    /// @param around what the journal is wrapped in
    /// @param submissions of each client
    static void work(Path store, UnaryOperator<Journal> around, int submissions, Clients.Ear ear)
            throws Exception {
        try (var _ = OwnerLock.take(store.resolve("owner.lock")).orElseThrow()) {
            var artifacts = artifacts(store);
            var sqlite = SqliteJournal.open(database(store), artifacts);
            if (Boolean.getBoolean(UNSYNCED)) {
                Unsynced.make(sqlite);
            }
            var journal = around.apply(sqlite);
            try (var reader = journal.reader();
                    var driver = drive(journal, artifacts)) {
                driver.ask(RUN, Workload.start(), "loop", "start").get();
                Clients.submit(driver, submissions, ear);
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (!reader.due(1).isEmpty() || !reader.messages(1).isEmpty()) {
                    if (driver.ended(RUN).isCompletedExceptionally()) {
                        throw new IllegalStateException("the engine stopped");
                    }
                    if (System.nanoTime() > end) {
                        throw new IllegalStateException("not at rest after " + PATIENCE);
                    }
                    Thread.sleep(5);
                }
            }
        }
    }

    /// Takes over a store for the work.
    static Driver drive(Journal journal, FileArtifacts artifacts) {
        return Driver.start(
                new Driver.Parts(
                        journal,
                        artifacts,
                        _ -> Workload.team(),
                        new SimulatedExecutors(),
                        new Expressions(),
                        Value.Struct.EMPTY,
                        Clock.systemUTC()));
    }

    /// Goes on with what a worker left, and finishes it.
    static void finish(Path store, int submissions) throws Exception {
        work(store, UnaryOperator.identity(), submissions, Clients.deaf());
    }

    /// Arguments: the store's folder, the file of the marks, the number of submissions a client.
    public static void main(String[] arguments) throws Exception {
        var store = Path.of(arguments[0]);
        try (var marks = new CommitMarks(Path.of(arguments[1]))) {
            work(
                    store,
                    journal -> new MarkedJournal(journal, marks),
                    Integer.parseInt(arguments[2]),
                    Clients.marking(marks));
            marks.phase(CommitMarks.Phase.DONE);
        }
        System.exit(0);
    }
}
