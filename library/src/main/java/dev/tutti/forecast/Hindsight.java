package dev.tutti.forecast;

import dev.tutti.core.event.Status;
import dev.tutti.core.history.Moment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A forecast against what came.
///
/// @param seconds that the run took
/// @param usd that it cost
/// @param timeBelow the share of the foreseen runs that took less
/// @param costBelow the share of the foreseen runs that cost less
/// @param attempts how many each task took, all items together
public record Hindsight(
        Status status,
        double seconds,
        double usd,
        double timeBelow,
        double costBelow,
        Map<String, Integer> attempts) {
    private static final double SAME = 1e-9;

    /// Holds a run that has ended against a forecast made without it.
    public static Hindsight of(Forecast forecast, List<Moment> run) {
        var record = RunRecord.of(run);
        double seconds = record.makespan().toNanos() / 1e9;
        var attempts = new LinkedHashMap<String, Integer>();
        record.attempts().forEach(one -> attempts.merge(one.task(), 1, Integer::sum));
        return new Hindsight(
                record.status(),
                seconds,
                record.usd(),
                below(forecast.time(), seconds),
                below(forecast.cost(), record.usd()),
                attempts);
    }

    /// Of those that are the same, half are taken to be less.
    private static double below(Spread spread, double value) {
        double less = 0;
        for (double one : spread.sorted()) {
            less += Math.abs(one - value) < SAME ? 0.5 : one < value ? 1 : 0;
        }
        return spread.sorted().isEmpty() ? 0 : less / spread.sorted().size();
    }
}
