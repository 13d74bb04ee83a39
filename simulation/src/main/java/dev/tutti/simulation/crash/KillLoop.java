package dev.tutti.simulation.crash;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.simulation.Invariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Kills a [Worker] with SIGKILL at a random moment, lets another finish its run, and checks what
/// is there then; again and again, each time on a new store.
///
/// The moment is drawn evenly over the time that a run takes, before anything is known of what the
/// process is doing then. A fourth of the stores have the recovering worker killed too.
public final class KillLoop {
    /// A loop with a smaller share of its kills in mid-append proves nothing.
    public static final double LEAST_IN_FLIGHT = 0.3;

    private static final double KILLED_TWICE = 0.25;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path template;
    private final SplittableRandom random;
    private final List<String> violations = new ArrayList<>();
    private long window;
    private String answer = "";
    private int stores;
    private int kills;
    private int inFlight;
    private int tooLate;
    private int acknowledged;
    private long slowestRecovery;

    /// What a loop found.
    ///
    /// @param kills processes killed while they worked
    /// @param inFlight of them, those killed between the beginning and the end of a commit
    /// @param tooLate processes that had finished before the moment came; not counted as kills
    /// @param acknowledged entries that were acknowledged before a kill, each found again
    /// @param window how long a run takes undisturbed: what the moments are drawn over, less a
    ///   fifth for each that came too late
    /// @param slowestRecovery from opening the store to the end of the run and of the process' work
    public record Report(
            int kills,
            int inFlight,
            int tooLate,
            int acknowledged,
            Duration window,
            Duration slowestRecovery,
            List<String> violations) {

        /// The share of kills that hit an append in flight.
        public double share() {
            return kills == 0 ? 0 : (double) inFlight / kills;
        }
    }

    private KillLoop(Path folder, long seed) throws IOException {
        this.folder = folder;
        random = new SplittableRandom(seed);
        template = folder.resolve("template.db");
        SqliteJournal.open(template, Worker.artifacts(folder)).close();
    }

    /// Kills `most` times; while fewer of the kills than [#LEAST_IN_FLIGHT] hit an append in
    /// flight, up to twice as often.
    ///
    /// @param folder an empty one, for the stores
    public static Report run(Path folder, long seed, int most) throws Exception {
        var loop = new KillLoop(folder, seed);
        loop.calibrate();
        while (loop.violations.isEmpty()
                && (loop.kills < most || (loop.isVoid() && loop.kills < 2 * most))) {
            loop.store();
        }
        return new Report(
                loop.kills,
                loop.inFlight,
                loop.tooLate,
                loop.acknowledged,
                Duration.ofNanos(loop.window),
                Duration.ofNanos(loop.slowestRecovery),
                List.copyOf(loop.violations));
    }

    private boolean isVoid() {
        return inFlight < LEAST_IN_FLIGHT * kills;
    }

    /// One run without a kill: how long it takes, and what its answer is.
    private void calibrate() throws Exception {
        var store = newStore();
        try (var marks = new CommitMarks(store.resolve("marks"))) {
            var worker = start(store, "marks");
            awaitPhase(marks, CommitMarks.Phase.WORKING, worker);
            long begun = System.nanoTime();
            awaitPhase(marks, CommitMarks.Phase.DONE, worker);
            window = System.nanoTime() - begun;
            worker.waitFor();
        }
        answer = check(store, List.of("marks"));
        delete(store);
    }

    private void store() throws Exception {
        var store = newStore();
        var marks = new ArrayList<String>();
        boolean twice = random.nextDouble() < KILLED_TWICE;
        for (int i = 0; i < (twice ? 2 : 1); i++) {
            marks.add("marks" + i);
            kill(store, marks.getLast());
        }
        long begun = System.nanoTime();
        Worker.work(store, UnaryOperator.identity());
        slowestRecovery = Math.max(slowestRecovery, System.nanoTime() - begun);
        var given = check(store, marks);
        if (!given.equals(answer)) {
            violate(store, "the answer is not that of a run without a kill");
        }
        if (violations.isEmpty()) {
            delete(store);
        }
    }

    private void kill(Path store, String marksFile) throws Exception {
        long moment = random.nextLong(window);
        try (var marks = new CommitMarks(store.resolve(marksFile))) {
            var worker = start(store, marksFile);
            try {
                awaitPhase(marks, CommitMarks.Phase.WORKING, worker);
                LockSupport.parkNanos(moment);
            } finally {
                worker.destroyForcibly().waitFor();
            }
            if (marks.phase() == CommitMarks.Phase.DONE) {
                tooLate++;
                window -= window / 5;
            } else {
                kills++;
                inFlight += marks.inFlight() ? 1 : 0;
            }
        }
    }

    private static void awaitPhase(CommitMarks marks, CommitMarks.Phase phase, Process worker) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (marks.phase().compareTo(phase) < 0) {
            if (!worker.isAlive() && marks.phase().compareTo(phase) < 0) {
                throw new IllegalStateException(
                        "the worker ended by itself: " + worker.exitValue());
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the worker is not " + phase + " after " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
    }

    // ---- what must be there

    /// Checks the store at rest and returns the hash of the run's answer.
    private String check(Path store, List<String> marks) throws Exception {
        var artifacts = Worker.artifacts(store);
        try (var journal = SqliteJournal.open(Worker.database(store), artifacts)) {
            journal.integrity().forEach(finding -> violate(store, finding));
            Invariants.check(journal, artifacts, _ -> Workload.team())
                    .forEach(violation -> violate(store, violation.toString()));
            var entries = journal.follow(0, Integer.MAX_VALUE);
            checkAcknowledged(store, entries, marks);
            checkResults(store, entries);
            var state = Runs.load(journal, Worker.RUN).state();
            if (state.status() != Status.SUCCEEDED) {
                violate(store, "the run is " + state.status().word());
            }
            return Digest.hash(state.output());
        }
    }

    private void checkAcknowledged(Path store, List<Entry> entries, List<String> marksFiles)
            throws IOException {
        var hashes = new HashMap<Long, byte[]>();
        entries.forEach(entry -> hashes.put(entry.position(), entry.hash()));
        for (var file : marksFiles) {
            try (var marks = new CommitMarks(store.resolve(file))) {
                for (var one : marks.acknowledged()) {
                    acknowledged++;
                    if (!Arrays.equals(hashes.get(one.position()), one.hash())) {
                        violate(
                                store,
                                "the acknowledged entry at "
                                        + one.position()
                                        + " is missing or changed");
                    }
                }
            }
        }
    }

    private void checkResults(Path store, List<Entry> entries) {
        var results = new HashMap<TaskId, Integer>();
        for (var entry : entries) {
            if (Runs.event(entry) instanceof Event.ResultAccepted accepted) {
                results.merge(accepted.task(), 1, Integer::sum);
            }
        }
        results.forEach((task, count) -> {
            if (count != 1) {
                violate(store, task + " has " + count + " accepted results");
            }
        });
        if (results.size() != Workload.TASKS) {
            violate(
                    store,
                    results.size() + " of " + Workload.TASKS + " tasks have an accepted result");
        }
    }

    private void violate(Path store, String what) {
        violations.add(store.getFileName() + ": " + what);
    }

    // ---- processes and folders

    private Path newStore() throws IOException {
        var store = Files.createDirectory(folder.resolve("store" + stores++));
        Files.copy(template, Worker.database(store));
        return store;
    }

    private Process start(Path store, String marks) throws IOException {
        var log = store.resolve(marks + ".log").toFile();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.sqlite.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        store.toString(),
                        store.resolve(marks).toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static void delete(Path store) throws IOException {
        try (var files = Files.walk(store)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
