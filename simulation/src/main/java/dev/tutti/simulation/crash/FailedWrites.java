package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
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
    private static final Pattern LINE = Pattern.compile("(\\d+) +(\\d+\\.\\d+) (.*)");
    private static final Pattern ENDED = Pattern.compile("\\+\\+\\+ exited with \\d+ \\+\\+\\+");
    private static final String BEGUN = "<unfinished ...>";
    private static final String RESUMED = "<... ";

    private FailedWrites() {}

    /// What fails.
    ///
    /// @param calls names of system calls
    /// @param error its name
    /// @param when which calls of each thread, as `strace` says it: `5+` for all from the fifth on
    public record Fault(String calls, String error, String when) {}

    /// What came of it.
    ///
    /// @param hit whether a call failed that an acknowledgement rests on
    /// @param late what was acknowledged after the first such call
    /// @param before what had been acknowledged
    /// @param stopped from the first such call to the first client that was refused, or to the end
    ///   of the process where none had got so far
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
            var calls = calls(trace);
            var failed = calls.stream().filter(FailedWrites::failed).findFirst().map(Call::at);
            var ended =
                    child.marks()
                            .firstRefusal()
                            .or(() ->
                                    calls.reversed().stream()
                                            .filter(call -> ENDED.matcher(call.said()).matches())
                                            .findFirst()
                                            .map(Call::at));
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
                "-y",
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

    /// A line of the trace, or two where another thread came between.
    private record Call(Instant at, String said) {}

    private static List<Call> calls(Path trace) throws IOException {
        var calls = new ArrayList<Call>();
        var begun = new HashMap<String, String>();
        for (var line : Files.readAllLines(trace)) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            var thread = matcher.group(1);
            var said = matcher.group(3);
            if (said.endsWith(BEGUN)) {
                begun.put(thread, said);
            } else {
                var before = said.startsWith(RESUMED) ? begun.remove(thread) : null;
                calls.add(new Call(time(matcher.group(2)), before == null ? said : before + said));
            }
        }
        return calls;
    }

    private static Instant time(String seconds) {
        var micros = Math.round(Double.parseDouble(seconds) * 1e6);
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// The mark beside the store does not count: it is written when the commit is on disk already,
    /// and the next one makes up for it (see `HighWater`).
    private static boolean failed(Call call) {
        return call.said().endsWith("(INJECTED)") && !call.said().contains("-mark>");
    }

    /// An entry is acknowledged on the thread that commits, so its time is exact. A client may hear
    /// late of what was committed before.
    private static int late(Instant failed, List<CommitMarks.Acknowledged> entries) {
        return (int) entries.stream().filter(entry -> entry.at().isAfter(failed)).count();
    }
}
