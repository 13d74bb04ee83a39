package dev.tutti.simulation.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Cuts the power under a [Worker] with eight clients, whose store is on an ext4 of its own, in a
/// file behind a loop device.
///
/// What the store's file system has not handed to the device is not in that file: a copy of it,
/// made while the worker is stopped in the middle of whatever it does, is the disk after a power
/// cut. The copy is mounted anew, so that ext4 recovers, and the store in it is opened and checked
/// against what had been acknowledged before the copy began. Acknowledgements are kept outside the
/// image.
public final class PowerCuts {
    private static final int MEBIBYTES = 64;
    private static final int ENDLESS = 1_000_000;

    /// The image fills up, so that a new worker begins on a new one after so many cuts.
    private static final int CUTS_A_WORKER = 12;

    /// The share of cuts that are put off until a commit begins.
    private static final double AIMED = 1.0 / 3;

    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /// Every so many-th store is not only looked at but finished.
    private static final int FINISHED = 4;

    private final Path folder;
    private final SplittableRandom random;
    private final boolean synced;
    private final List<String> violations = new ArrayList<>();
    private int cuts;
    private int inFlight;
    private int moving;
    private int losing;
    private int acknowledged;
    private int lost;
    private int finished;

    /// What a loop found.
    ///
    /// @param cuts how often the power was cut
    /// @param inFlight of them, those in the middle of a commit
    /// @param moving of them, those while blocks were on their way to the disk
    /// @param losing of them, those after which something acknowledged was not there
    /// @param acknowledged entries and submissions looked for, over all cuts
    /// @param lost of them, those that were not there
    /// @param finished stores in which the work was finished, and checked again
    /// @param violations of any kind, what was lost among them
    public record Report(
            int cuts,
            int inFlight,
            int moving,
            int losing,
            int acknowledged,
            int lost,
            int finished,
            List<String> violations) {

        /// The share of cuts that hit a commit.
        public double share() {
            return cuts == 0 ? 0 : (double) inFlight / cuts;
        }
    }

    private PowerCuts(Path folder, long seed, boolean synced) {
        this.folder = folder;
        random = new SplittableRandom(seed);
        this.synced = synced;
    }

    /// Why this cannot be done on this machine; empty when it can.
    public static Optional<String> impediment(Path folder) throws InterruptedException {
        return Machine.lacksLoops(folder);
    }

    /// Cuts `most` times; while fewer of the cuts than [KillLoop#LEAST_IN_FLIGHT] hit a commit, up
    /// to twice as often.
    ///
    /// @param synced false to let the store say `synchronous=NORMAL`, which does lose what was
    ///   acknowledged
    public static Report run(Path folder, long seed, int most, boolean synced) throws Exception {
        var loop = new PowerCuts(folder, seed, synced);
        for (int worker = 0; loop.cuts < most || loop.isVoid(most); worker++) {
            loop.worker(worker, Math.clamp(most - loop.cuts, 1, CUTS_A_WORKER));
        }
        return new Report(
                loop.cuts,
                loop.inFlight,
                loop.moving,
                loop.losing,
                loop.acknowledged,
                loop.lost,
                loop.finished,
                List.copyOf(loop.violations));
    }

    private boolean isVoid(int most) {
        return synced && inFlight < KillLoop.LEAST_IN_FLIGHT * cuts && cuts < 2 * most;
    }

    private void worker(int number, int most) throws Exception {
        var image = folder.resolve("disk" + number + ".img");
        Machine.makeImage(image, MEBIBYTES);
        var mount = Files.createDirectories(folder.resolve("disk"));
        var plan =
                new Child.Plan(
                        mount.resolve("store"),
                        folder.resolve("marks" + number),
                        ENDLESS,
                        Machine.within(
                                "mount -o loop \"$1\" \"$2\" && mkdir \"$2/store\"", image, mount),
                        List.of("-D" + Worker.UNSYNCED + "=" + !synced));
        try (var child = Child.start(plan)) {
            child.await(CommitMarks.Phase.WORKING);
            for (int i = 0; i < most; i++) {
                boolean aimed = random.nextDouble() < AIMED;
                child.goOn();
                LockSupport.parkNanos(random.nextLong(SHORTEST_NANOS, LONGEST_NANOS));
                if (aimed) {
                    child.awaitInFlight(Duration.ofNanos(LONGEST_NANOS));
                }
                child.stop();
                cut(child, image);
            }
        }
        Files.delete(image);
    }

    private void cut(Child child, Path image) throws Exception {
        var disk = folder.resolve("cut.img");
        var marks = child.marks();
        boolean within = marks.inFlight();
        var entries = marks.acknowledged();
        var submissions = marks.submissions();
        Machine.run("cp", "--sparse=always", image.toString(), disk.toString());
        boolean moved = Files.mismatch(image, disk) >= 0;
        if (!child.isAlive()) {
            throw new IllegalStateException(
                    "the worker ended by itself, its log is " + child.log());
        }
        cuts++;
        inFlight += within ? 1 : 0;
        moving += moved ? 1 : 0;
        var store = powerUp(disk);
        var found = Aftermath.look(store, entries, submissions);
        count(found);
        if (cuts % FINISHED == 0 && found.violations().isEmpty()) {
            Worker.finish(store, 0);
            finished++;
            violations.addAll(Aftermath.look(store, entries, submissions).violations());
        }
        Machine.run("rm", "-rf", store.toString(), disk.toString());
    }

    private void count(Aftermath.Found found) {
        acknowledged += found.entries() + found.submissions();
        lost += found.lost();
        losing += found.lost() > 0 ? 1 : 0;
        violations.addAll(found.violations());
    }

    /// Mounts the disk and takes the store off it.
    private Path powerUp(Path disk) throws IOException, InterruptedException {
        var mount = folder.resolve("disk");
        var store = folder.resolve("cut");
        var command = new ArrayList<>(Machine.within("mount -o loop \"$1\" \"$2\"", disk, mount));
        command.addAll(List.of("cp", "-a", mount.resolve("store").toString(), store.toString()));
        Machine.run(command.toArray(String[]::new));
        Files.deleteIfExists(store.resolve("tutti.db-shm"));
        return store;
    }
}
