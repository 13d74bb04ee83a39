package dev.tutti.cli.bench;

import dev.tutti.core.event.Value;
import java.util.Arrays;
import java.util.Locale;

/// What a workload came to.
///
/// @param wallNanos of the measured round
/// @param p50 of the time of a step, in microseconds
/// @param p99 of the time of a step, in microseconds
/// @param commit the median of a bare commit, in microseconds
/// @param residentBytes the most memory that the process held
public record Measured(
        String workload,
        int steps,
        long wallNanos,
        long p50,
        long p99,
        long commit,
        long residentBytes) {

    static Measured of(
            String workload, int steps, long wallNanos, long[] stepMicros, long[] commitMicros) {
        return new Measured(
                workload,
                steps,
                wallNanos,
                percentile(stepMicros, 50),
                percentile(stepMicros, 99),
                percentile(commitMicros, 50),
                Memory.peak());
    }

    /// The line that is printed.
    public Value.Struct document() {
        double seconds = wallNanos / 1e9;
        return Value.struct(
                "workload",
                Value.text(workload),
                "steps",
                Value.of(steps),
                "wall_s",
                rounded(seconds, 3),
                "steps_per_s",
                rounded(steps / seconds, 1),
                "p50_us",
                Value.of(p50),
                "p99_us",
                Value.of(p99),
                "commit_p50_us",
                Value.of(commit),
                "rss_mb",
                Value.of(residentBytes >> 20));
    }

    static Value rounded(double number, int digits) {
        return new Value.Real(
                Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", number)));
    }

    /// The nearest-rank percentile; 0 when there is nothing.
    public static long percentile(long[] values, int percent) {
        if (values.length == 0) {
            return 0;
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[
                (int)
                        Math.min(
                                sorted.length - 1L,
                                (sorted.length * (long) percent + 99) / 100 - 1)];
    }
}
