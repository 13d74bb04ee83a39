package dev.tutti.simulation.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Lets the disk of a [Worker] with eight clients run full, a small file system in memory, and then
/// makes space: what the clients are told, whether the worker goes on by itself, and whether
/// everything is there in the end.
public final class DiskFull {
    /// So many that clients still submit when the disk is full: who has nothing left to submit is
    /// refused nothing.
    private static final int SUBMISSIONS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// How long the disk stays full.
    private static final Duration FULL = Duration.ofSeconds(1);

    private DiskFull() {}

    /// What came of it.
    ///
    /// @param refusals clients that were told that the disk is full
    /// @param before what was acknowledged before the first of them
    /// @param during what was acknowledged while there was no space
    /// @param after what was acknowledged once there was
    /// @param resumed from the moment that there was space to the next acknowledgement
    /// @param violations in the store when all work was done
    public record Report(
            long refusals,
            long before,
            long during,
            long after,
            Duration resumed,
            List<String> violations) {}

    /// Why this cannot be done on this machine; empty when it can.
    public static Optional<String> impediment(Path folder) throws InterruptedException {
        return Machine.lacksMounts(folder);
    }

    /// Fills the disk once.
    ///
    /// @param free how many KiB there are for the store, before a ballast of 24 MiB is taken away
    public static Report run(Path folder, int free) throws Exception {
        var mount = Files.createDirectory(folder.resolve("memory"));
        var out = folder.resolve("out");
        var keep = folder.resolve("keep.sh");
        Files.writeString(
                keep,
                "out=$1; store=$2; shift 2; \"$@\"; code=$?; cp -a $store $out; exit $code\n");
        var within =
                new ArrayList<>(
                        Machine.within(
                                "mount -t tmpfs -o size=$2k none \"$1\" && mkdir \"$1/store\""
                                        + " && head -c 24m /dev/zero > \"$1/ballast\"",
                                mount,
                                free + 24 * 1024));
        within.addAll(
                List.of("sh", keep.toString(), out.toString(), mount.resolve("store").toString()));
        var plan =
                new Child.Plan(
                        mount.resolve("store"),
                        folder.resolve("marks"),
                        SUBMISSIONS,
                        within,
                        List.of());
        try (var child = Child.start(plan)) {
            var marks = child.marks();
            await(child, () -> marks.refusals() > 0);
            long before = marks.entries();
            LockSupport.parkNanos(FULL.toNanos());
            long during = marks.entries() - before;
            long refusals = marks.refusals();
            Files.delete(Path.of("/proc/" + child.pid() + "/root").resolve(relative(mount)));
            long space = System.nanoTime();
            await(child, () -> marks.entries() > before + during);
            var resumed = Duration.ofNanos(System.nanoTime() - space);
            child.await(CommitMarks.Phase.DONE);
            child.end();
            var found =
                    Aftermath.atRest(out, marks.acknowledged(), marks.submissions(), SUBMISSIONS);
            return new Report(
                    refusals,
                    before,
                    during,
                    marks.entries() - before - during,
                    resumed,
                    found.violations());
        }
    }

    private static Path relative(Path mount) {
        return Path.of("/").relativize(mount.toAbsolutePath().resolve("ballast"));
    }

    private static String last(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Child child, Condition condition) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (!child.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        "what was waited for did not come; the worker "
                                + (child.isAlive() ? "waits" : "has ended")
                                + ", has "
                                + child.marks().entries()
                                + " acknowledged, and said last: "
                                + last(child.log()));
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }
}
