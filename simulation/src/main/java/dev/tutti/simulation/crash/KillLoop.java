package dev.tutti.simulation.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Kills a [Worker] with SIGKILL at a random moment, while eight clients submit runs to it, lets
/// another finish what is there, and checks it before and after; again and again, each time on a
/// new store.
///
/// The moment is drawn evenly over the time that the work takes, before anything is known of what
/// the process is doing then. For a third of the kills it is put off until an append begins: the
/// faster a disk is, the fewer appends are under way at any moment. A fourth of the stores have the
/// recovering worker killed too. Two stores are worked on at once.
public final class KillLoop {
    /// A loop with a smaller share of its kills in mid-append proves nothing.
    public static final double LEAST_IN_FLIGHT = 0.3;

    /// What each of the clients submits.
    static final int SUBMISSIONS = 5;

    private static final double KILLED_TWICE = 0.25;
    private static final double AIMED = 1.0 / 3;
    private static final Duration AIM = Duration.ofMillis(200);
    private static final int LANES = 2;

    private final Stores stores;
    private final SplittableRandom random;
    private final List<String> violations = new ArrayList<>();
    private long window;
    private String answer = "";
    private int kills;
    private int inFlight;
    private int tooLate;
    private int entries;
    private int submissions;
    private long slowestRecovery;

    /// What a loop found.
    ///
    /// @param kills processes killed while they worked
    /// @param inFlight of them, those killed between the beginning and the end of a commit
    /// @param tooLate processes that had finished before the moment came; not counted as kills
    /// @param entries that were acknowledged before a kill, each found again
    /// @param submissions that were acknowledged to a client before a kill, each found again
    /// @param window how long the work takes undisturbed: what the moments are drawn over, less a
    ///   fifth for each that came too late
    /// @param slowestRecovery from opening the store to the end of all runs and of the process'
    ///   work
    public record Report(
            int kills,
            int inFlight,
            int tooLate,
            int entries,
            int submissions,
            Duration window,
            Duration slowestRecovery,
            List<String> violations) {

        /// The share of kills that hit an append in flight.
        public double share() {
            return kills == 0 ? 0 : (double) inFlight / kills;
        }
    }

    private KillLoop(Path folder, long seed) {
        stores = new Stores(folder);
        random = new SplittableRandom(seed);
    }

    /// Kills `most` times; while fewer of the kills than [#LEAST_IN_FLIGHT] hit an append in
    /// flight, up to twice as often.
    ///
    /// @param folder an empty one, for the stores
    public static Report run(Path folder, long seed, int most) throws Exception {
        var loop = new KillLoop(folder, seed);
        loop.calibrate();
        try (var lanes = Executors.newFixedThreadPool(LANES)) {
            Callable<Void> lane =
                    () -> {
                        for (var store = loop.next(most); store != null; store = loop.next(most)) {
                            loop.store(store);
                        }
                        return null;
                    };
            for (var done : lanes.invokeAll(Collections.nCopies(LANES, lane))) {
                done.get();
            }
        }
        return loop.report();
    }

    private synchronized Report report() {
        return new Report(
                kills,
                inFlight,
                tooLate,
                entries,
                submissions,
                Duration.ofNanos(window),
                Duration.ofNanos(slowestRecovery),
                List.copyOf(violations));
    }

    /// One store's fate, drawn before anything happens to it.
    ///
    /// @param moments when its workers are killed
    private record Plan(Path store, List<Moment> moments) {}

    /// When a worker is killed.
    ///
    /// @param share of the time that the work takes
    /// @param aimed whether it is put off until an append begins
    private record Moment(double share, boolean aimed) {}

    private synchronized @Nullable Plan next(int most) throws IOException {
        boolean enough =
                kills >= most && (inFlight >= LEAST_IN_FLIGHT * kills || kills >= 2 * most);
        if (enough || !violations.isEmpty()) {
            return null;
        }
        boolean twice = random.nextDouble() < KILLED_TWICE;
        var moments = new ArrayList<Moment>();
        for (int i = 0; i < (twice ? 2 : 1); i++) {
            moments.add(new Moment(random.nextDouble(), random.nextDouble() < AIMED));
        }
        return new Plan(stores.add(), moments);
    }

    /// The work without a kill: how long it takes, and what its answer is.
    private void calibrate() throws Exception {
        var store = stores.add();
        try (var child = start(store, "marks")) {
            child.await(CommitMarks.Phase.WORKING);
            long begun = System.nanoTime();
            child.await(CommitMarks.Phase.DONE);
            window = System.nanoTime() - begun;
            child.end();
            var found =
                    Aftermath.atRest(
                            store,
                            child.marks().acknowledged(),
                            child.marks().submissions(),
                            SUBMISSIONS);
            answer = found.answer();
            violations.addAll(found.violations());
        }
        Stores.delete(store);
    }

    private void store(Plan plan) throws Exception {
        var entries = new ArrayList<CommitMarks.Acknowledged>();
        var submissions = new ArrayList<CommitMarks.Acknowledged>();
        for (int i = 0; i < plan.moments().size(); i++) {
            kill(plan.store(), plan.moments().get(i), "marks" + i, entries, submissions);
            note(Aftermath.look(plan.store(), entries, submissions));
        }
        long begun = System.nanoTime();
        Worker.finish(plan.store(), SUBMISSIONS);
        long took = System.nanoTime() - begun;
        var found = Aftermath.atRest(plan.store(), entries, submissions, SUBMISSIONS);
        note(found);
        finished(plan.store(), found, took);
    }

    private synchronized void note(Aftermath.Found found) {
        violations.addAll(found.violations());
    }

    private synchronized void finished(Path store, Aftermath.Found found, long took)
            throws IOException {
        entries += found.entries();
        submissions += found.submissions();
        slowestRecovery = Math.max(slowestRecovery, took);
        if (!found.answer().equals(answer)) {
            violations.add(
                    store.getFileName() + ": the answer is not that of a run without a kill");
        }
        if (violations.isEmpty()) {
            Stores.delete(store);
        }
    }

    private void kill(
            Path store,
            Moment moment,
            String marks,
            List<CommitMarks.Acknowledged> entries,
            List<CommitMarks.Acknowledged> submissions)
            throws Exception {
        try (var child = start(store, marks)) {
            child.await(CommitMarks.Phase.WORKING);
            LockSupport.parkNanos(after(moment.share()));
            if (moment.aimed()) {
                child.awaitInFlight(AIM);
            }
            child.kill();
            entries.addAll(child.marks().acknowledged());
            submissions.addAll(child.marks().submissions());
            count(child.marks());
        }
    }

    private synchronized long after(double share) {
        return (long) (share * window);
    }

    private synchronized void count(CommitMarks marks) {
        if (marks.phase() == CommitMarks.Phase.DONE) {
            tooLate++;
            window -= window / 5;
        } else {
            kills++;
            inFlight += marks.inFlight() ? 1 : 0;
        }
    }

    private static Child start(Path store, String marks) throws IOException {
        return Child.start(
                new Child.Plan(store, store.resolve(marks), SUBMISSIONS, List.of(), List.of()));
    }
}
