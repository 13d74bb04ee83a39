package dev.tutti.simulation.crash;

import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.simulation.Invariants;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Every place where [SmallWork] can be torn away from its store: before and after each write to
/// the journal and to the artifacts, with a half-written artifact, and with the write-ahead log cut
/// at every frame and within every frame. Each time the store is opened anew and checked, the work
/// is finished, and the store is checked again.
public final class CrashPoints {
    private static final Set<String> WRITES = Set.of("claim", "commit", "keep", "post");
    private static final int LANES = 2;
    private static final int MOST_RUNS = 10;

    private final Stores stores;
    private final List<String> violations = new ArrayList<>();
    private String expected = "";

    /// What was tried, and what was wrong.
    ///
    /// @param journal writes to the journal, each with a crash before and after it
    /// @param artifact writes of artifacts, each with a crash before, after and within it
    /// @param frames of the write-ahead log, each with a cut before it and within it
    /// @param points all of them together
    public record Report(
            int journal, int artifact, int frames, int points, List<String> violations) {}

    private CrashPoints(Path folder) {
        stores = new Stores(folder);
    }

    /// Tries them all.
    public static Report run(Path folder) throws Exception {
        return new CrashPoints(folder).run();
    }

    private Report run() throws Exception {
        var whole = undisturbed();
        var points = new ArrayList<Callable<Void>>();
        int journal = 0;
        for (var write : whole.writes().entrySet()) {
            journal += write.getValue();
            for (int call = 1; call <= write.getValue(); call++) {
                for (var when : Faults.When.values()) {
                    points.add(crash(new Faults.Point(write.getKey(), call, when)));
                }
            }
        }
        for (int call = 1; call <= whole.puts(); call++) {
            for (var when : Faults.When.values()) {
                points.add(crash(new Faults.Point("put", call, when)));
            }
            points.add(tornArtifact(call));
        }
        for (int frame = 0; frame < whole.log().frames(); frame++) {
            points.add(cut(whole, whole.log().at(frame), "before frame " + frame));
            points.add(cut(whole, whole.log().within(frame), "within frame " + frame));
        }
        try (var lanes = Executors.newFixedThreadPool(LANES)) {
            for (var done : lanes.invokeAll(points)) {
                done.get();
            }
        }
        return new Report(journal, whole.puts(), whole.log().frames(), points.size(), found());
    }

    private synchronized List<String> found() {
        return List.copyOf(violations);
    }

    // ---- without a crash

    /// The work from beginning to end.
    ///
    /// @param writes how often each kind of write came
    /// @param puts how many artifacts were written
    /// @param log the write-ahead log with all of it, and the file it belongs to beside it
    /// @param states what the store was like, by the length of the log
    private record Whole(
            TreeMap<String, Integer> writes,
            int puts,
            Path store,
            WalFile log,
            TreeMap<Long, String> states) {}

    private Whole undisturbed() throws Exception {
        var store = stores.add();
        var files = Worker.artifacts(store);
        var faults = Faults.none();
        var states = new TreeMap<Long, String>();
        var artifacts = faults.around(ArtifactStore.class, files);
        try (var sqlite = SqliteJournal.open(Worker.database(store), artifacts);
                var reader = sqlite.reader()) {
            var log = WalFile.of(Worker.database(store));
            states.put(log.length(), state(reader));
            var journal = new Recorded(sqlite, () -> states.put(log.length(), state(reader)));
            SmallWork.perform(
                    faults.around(Journal.class, journal.port()),
                    artifacts,
                    SmallWork.NOON,
                    _ -> {});
            var copy = stores.addCopy(store);
            expected = outcome(reader);
            if (!expected.contains("main succeeded") || expected.contains("did not")) {
                violate("without a crash", expected);
            }
            var writes = new TreeMap<>(faults.calls());
            writes.keySet().retainAll(WRITES);
            check(reader, artifacts, "without a crash");
            return new Whole(
                    writes,
                    faults.calls().getOrDefault("put", 0),
                    copy,
                    WalFile.of(Worker.database(copy)),
                    states);
        }
    }

    /// Tells after every write.
    private record Recorded(Journal journal, Runnable written) {
        Journal port() {
            return (Journal)
                    Proxy.newProxyInstance(
                            Journal.class.getClassLoader(),
                            new Class<?>[] {Journal.class},
                            (_, method, arguments) -> {
                                var result = method.invoke(journal, arguments);
                                if (WRITES.contains(method.getName())) {
                                    written.run();
                                }
                                return result;
                            });
        }
    }

    /// All that a write changes, in one line.
    private static String state(JournalReader reader) {
        var text = new StringBuilder();
        var entries = reader.follow(0, Integer.MAX_VALUE);
        entries.forEach(entry -> text.append(HexFormat.of().formatHex(entry.hash())));
        reader.messages(Integer.MAX_VALUE)
                .forEach(message -> text.append(' ').append(message.id()));
        reader.due(Integer.MAX_VALUE).forEach(due -> text.append(' ').append(due));
        RunList.newest(reader, TenantId.LOCAL, MOST_RUNS)
                .forEach(summary -> text.append(' ').append(summary));
        return entries.size()
                + " events, "
                + Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    // ---- with one

    private Callable<Void> crash(Faults.Point point) {
        return () -> {
            var store = stores.add();
            var faults = Faults.death(point);
            var artifacts = faults.around(ArtifactStore.class, Worker.artifacts(store));
            var acknowledged = new HashSet<StreamId>();
            var copy = die(store, faults, artifacts, acknowledged);
            if (!faults.hit()) {
                violate(point.toString(), "the crash never came");
            }
            goOn(copy, acknowledged, Optional.empty(), point.toString());
            return null;
        };
    }

    /// Works until the process is gone, and returns a copy of what was on disk then.
    private Path die(Path store, Faults faults, ArtifactStore artifacts, Set<StreamId> acknowledged)
            throws IOException {
        try (var sqlite = SqliteJournal.open(Worker.database(store), artifacts)) {
            try {
                SmallWork.perform(
                        faults.around(Journal.class, sqlite),
                        artifacts,
                        SmallWork.NOON,
                        acknowledged::add);
            } catch (Faults.Gone _) {
                return stores.addCopy(store);
            }
            return stores.addCopy(store);
        }
    }

    /// The draft of an artifact is there in part, and the process is gone.
    private Callable<Void> tornArtifact(int call) {
        return () -> {
            var store = stores.add();
            var files = Worker.artifacts(store);
            var faults = Faults.death(new Faults.Point("put", call, Faults.When.BEFORE));
            var last = new byte[1][];
            ArtifactStore noted =
                    new ArtifactStore() {
                        @Override
                        public String put(byte[] content) {
                            last[0] = content;
                            return faults.around(ArtifactStore.class, files).put(content);
                        }

                        @Override
                        public Optional<byte[]> get(String hash) {
                            return files.get(hash);
                        }
                    };
            var acknowledged = new HashSet<StreamId>();
            var copy = die(store, faults, noted, acknowledged);
            tear(copy.resolve("artifacts"), last[0]);
            goOn(copy, acknowledged, Optional.empty(), "put " + call + " torn");
            return null;
        };
    }

    private static void tear(Path root, byte[] content) throws IOException {
        var hash = Sha256.hex(content);
        Files.write(
                Files.createDirectories(root).resolve("artifact" + hash.substring(0, 8) + ".draft"),
                Arrays.copyOf(content, content.length / 2));
    }

    private Callable<Void> cut(Whole whole, WalFile.Cut cut, String where) {
        return () -> {
            var store = stores.addCopy(whole.store());
            WalFile.of(Worker.database(store)).cut(cut);
            var last = whole.states().floorEntry(cut.at());
            goOn(
                    store,
                    Set.of(),
                    Optional.of(last == null ? "" : last.getValue()),
                    "log cut " + where);
            return null;
        };
    }

    private void goOn(
            Path store, Set<StreamId> acknowledged, Optional<String> state, String point) {
        var artifacts = Worker.artifacts(store);
        try (var journal = SqliteJournal.open(Worker.database(store), artifacts)) {
            journal.survey().integrity().forEach(finding -> violate(point, finding));
            state.filter(one -> !one.equals(state(journal)))
                    .ifPresent(one ->
                            violate(point, "the store is " + state(journal) + ", not " + one));
            check(journal, artifacts, point);
            for (var run : acknowledged) {
                boolean waits =
                        journal.messages(MOST_RUNS).stream()
                                .anyMatch(message -> message.to().equals(run));
                if (journal.head(run) == 0 && !waits) {
                    violate(point, "I1 " + run + " was acknowledged and is missing");
                }
            }
            SmallWork.perform(
                    journal, artifacts, SmallWork.NOON.plus(Duration.ofHours(2)), _ -> {});
            check(journal, artifacts, point + ", finished");
            if (!outcome(journal).equals(expected)) {
                violate(point, "it ends as " + outcome(journal) + ", not as " + expected);
            }
        } catch (RuntimeException e) {
            violate(point, e.toString());
        }
    }

    private void check(JournalReader journal, ArtifactStore artifacts, String point) {
        Invariants.check(journal, artifacts, _ -> SmallWork.team())
                .forEach(violation -> violate(point, violation.toString()));
    }

    /// How the runs ended: the same whatever happened on the way.
    private static String outcome(JournalReader journal) {
        var text = new StringBuilder();
        for (var summary : RunList.newest(journal, TenantId.LOCAL, MOST_RUNS)) {
            var state = Runs.load(journal, StreamId.run(TenantId.LOCAL, summary.run())).state();
            boolean known =
                    state.status() == Status.SUCCEEDED && summary.status() == Status.SUCCEEDED;
            text.append(summary.goal())
                    .append(known ? " succeeded " : " did not end well ")
                    .append(Digest.hash(state.output()), 0, 8)
                    .append("; ");
        }
        return text.toString();
    }

    private synchronized void violate(String point, String what) {
        violations.add(point + ": " + what);
    }
}
