package dev.tutti.simulation.world;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What many worlds came to together: how much was simulated, what went wrong in them, and what
/// never occurred, so that a void run is noticed.
public final class Tally {
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Set<String> kinds = new TreeSet<>();
    private final Set<String> keys = new TreeSet<>();
    private final List<Report> failed = new ArrayList<>();
    private Duration time = Duration.ZERO;
    private long worlds;
    private long steps;
    private long events;
    private long runs;

    /// Adds a world.
    public void add(Report report) {
        worlds++;
        steps += report.steps();
        events += report.events();
        runs += report.runs();
        time = time.plus(report.time());
        report.faults().forEach((fault, times) -> faults.merge(fault, times, Long::sum));
        kinds.addAll(report.kinds());
        keys.addAll(report.keys());
        if (!report.violations().isEmpty()) {
            failed.add(report);
        }
    }

    public long worlds() {
        return worlds;
    }

    /// How often each fault happened.
    public Map<Fault, Long> faults() {
        return new EnumMap<>(faults);
    }

    /// The types of events that occurred.
    public Set<String> kinds() {
        return Set.copyOf(kinds);
    }

    /// The task keys that occurred.
    public Set<String> keys() {
        return Set.copyOf(keys);
    }

    /// The worlds in which something did not hold.
    public List<Report> failed() {
        return List.copyOf(failed);
    }

    /// Says it in a few lines.
    ///
    /// @param took in real time
    void print(PrintStream out, Duration took) {
        double seconds = Math.max(took.toMillis(), 1) / 1000.0;
        out.printf(
                Locale.ROOT,
                "%,d seeds in %,.1f s (%.1f a second): %,.1f simulated hours, %,d steps, %,d events in %,d"
                        + " runs, %d violations%n",
                worlds,
                seconds,
                worlds / seconds,
                time.toMinutes() / 60.0,
                steps,
                events,
                runs,
                failed.size());
        for (var fault : Fault.values()) {
            out.printf(
                    Locale.ROOT, "  %-20s %,12d%n", fault.word(), faults.getOrDefault(fault, 0L));
        }
    }
}
