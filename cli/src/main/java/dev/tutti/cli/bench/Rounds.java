package dev.tutti.cli.bench;

import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.util.List;
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
        try (var stand = Stand.open(folder, plan, runs, true)) {
            for (int i = 0; i <= warmUps; i++) {
                var round = stand.round();
                wall = round.nanos();
                last = round.ids();
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
}
