package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.SqliteJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// Lets the kernel answer a [Worker] with an error where it syncs or writes, from one call on: what
/// is acknowledged after that, how soon the worker stops, and whether the store goes on once the
/// disk is well.
public final class FailedWrites {
    private static final int SUBMISSIONS = 10;
    private static final int REFUSALS = 3 * Clients.CLIENTS;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern FAILED =
            Pattern.compile("(?m)^\\d+ +(\\d+\\.\\d+) .*\\(INJECTED\\)");
    private static final Pattern ENDED =
            Pattern.compile("(?m)^\\d+ +(\\d+\\.\\d+) \\+\\+\\+ exited with (\\d+) \\+\\+\\+");

    private FailedWrites() {}

    /// What fails.
    ///
    /// @param calls names of system calls
    /// @param error its name
    /// @param when which calls of each thread, as `strace` says it: `5+` for all from the fifth on
    public record Fault(String calls, String error, String when) {}

    /// What came of it.
    ///
    /// @param hit whether a call failed at all
    /// @param late what was acknowledged after the first call that failed
    /// @param before what had been acknowledged
    /// @param stopped from the first call that failed to the first client that was refused, or to
    ///   the end of the process where none had got so far
    /// @param exit the exit code of the process, empty when it lived on and refused
    /// @param violations in the store afterwards, and once its work was finished on a sound disk
    public record Outcome(
            boolean hit,
            int late,
            int before,
            Duration stopped,
            Optional<Integer> exit,
            List<String> violations) {}

    /// Why this cannot be done on this machine; empty when it can.
    public static Optional<String> impediment() throws InterruptedException {
        return Machine.lacksTracing();
    }

    /// Works until the fault comes and has taken effect.
    ///
    /// @param folder an empty one
    public static Outcome run(Path folder, Fault fault) throws Exception {
        var store = Files.createDirectory(folder.resolve("store"));
        SqliteJournal.open(Worker.database(store), Worker.artifacts(store)).close();
        var trace = folder.resolve("trace");
        var plan =
                new Child.Plan(
                        store,
                        folder.resolve("marks"),
                        SUBMISSIONS,
                        strace(fault, trace),
                        List.of());
        try (var child = Child.start(plan)) {
            awaitEffect(child);
            boolean lives = child.isAlive();
            var exit = lives ? Optional.<Integer>empty() : Optional.of(child.end());
            child.kill();
            var said = Files.readString(trace);
            var failed = time(FAILED, said, false);
            var ended = child.marks().firstRefusal().or(() -> time(ENDED, said, true));
            var entries = child.marks().acknowledged();
            var submissions = child.marks().submissions();
            int late = failed.isEmpty() ? 0 : late(failed.get(), entries);
            var violations =
                    new ArrayList<>(Aftermath.look(store, entries, submissions).violations());
            Worker.finish(store, SUBMISSIONS);
            violations.addAll(
                    Aftermath.atRest(store, entries, submissions, SUBMISSIONS).violations());
            return new Outcome(
                    failed.isPresent(),
                    late,
                    entries.size() + submissions.size(),
                    failed.isEmpty() || ended.isEmpty()
                            ? Duration.ZERO
                            : Duration.between(failed.get(), ended.get()),
                    exit,
                    violations);
        }
    }

    private static List<String> strace(Fault fault, Path trace) {
        return List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-ttt",
                "-o",
                trace.toString(),
                "-e",
                "trace=" + fault.calls(),
                "-e",
                "inject=" + fault.calls() + ":error=" + fault.error() + ":when=" + fault.when());
    }

    /// Waits until the process has ended, or clients were refused for a while.
    private static void awaitEffect(Child child) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (child.isAlive() && child.marks().refusals() < REFUSALS && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static Optional<Instant> time(Pattern what, String trace, boolean last) {
        var found = Optional.<Instant>empty();
        var matcher = what.matcher(trace);
        while (matcher.find() && (last || found.isEmpty())) {
            var micros = Math.round(Double.parseDouble(matcher.group(1)) * 1e6);
            found = Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }
        return found;
    }

    /// An entry is acknowledged on the thread that commits, so its time is exact. A client may hear
    /// late of what was committed before.
    private static int late(Instant failed, List<CommitMarks.Acknowledged> entries) {
        return (int) entries.stream().filter(entry -> entry.at().isAfter(failed)).count();
    }
}
