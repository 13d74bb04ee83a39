package dev.tutti.forecast;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Moment;
import dev.tutti.history.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How often what came lies within what was foreseen.
///
/// @param runs that were foreseen
/// @param time how many of them took a time from p10 to p90
/// @param timeAbove how many took longer
/// @param cost how many cost from p10 to p90
/// @param costAbove how many cost more
/// @param forecasts how many were made
record Calibration(int runs, int time, int timeAbove, int cost, int costAbove, int forecasts) {
    static final int FITTED_ON = 200;

    double timeWithin() {
        return 100.0 * time / runs;
    }

    double costWithin() {
        return 100.0 * cost / runs;
    }

    Calibration plus(Calibration other) {
        return new Calibration(
                runs + other.runs,
                time + other.time,
                timeAbove + other.timeAbove,
                cost + other.cost,
                costAbove + other.costAbove,
                forecasts + other.forecasts);
    }

    /// Foresees each run from the 200 that had ended when it began, and compares.
    ///
    /// @param refitted after so many runs the forecast is made anew
    static Calibration of(
            List<List<Moment>> runs, int refitted, int samples, Duration every, long seed) {
        var sum = new Calibration(0, 0, 0, 0, 0, 0);
        for (int from = FITTED_ON; from < runs.size(); from += refitted) {
            var forecast = forecast(before(runs, from), samples, every, seed + from);
            sum = sum.plus(compare(forecast, runs, from, Math.min(from + refitted, runs.size())));
        }
        return sum;
    }

    /// The latest runs that had ended when run `from` began.
    private static List<List<Moment>> before(List<List<Moment>> runs, int from) {
        Instant begin = runs.get(from).getFirst().at();
        var ended = new ArrayList<List<Moment>>();
        for (int i = from - 1; i >= 0 && ended.size() < FITTED_ON; i--) {
            if (!runs.get(i).getLast().at().isAfter(begin)) {
                ended.add(runs.get(i));
            }
        }
        return ended;
    }

    private static Forecast forecast(
            List<List<Moment>> fitted, int samples, Duration every, long seed) {
        var team = Truth.team();
        var experience = Experience.of(fitted);
        return Forecaster.of(
                new Forecaster.Asked(
                        team,
                        team.workflows().getFirst(),
                        Value.struct("question", Value.text("why?")),
                        experience,
                        Guesses.NONE,
                        Forecast.Bounds.NONE,
                        every.isZero() ? null : experience.every(),
                        samples,
                        Duration.ofHours(1),
                        seed),
                Watch.NOBODY);
    }

    private static Calibration compare(
            Forecast forecast, List<List<Moment>> runs, int from, int to) {
        int time = 0;
        int timeAbove = 0;
        int cost = 0;
        int costAbove = 0;
        for (var run : runs.subList(from, to)) {
            double seconds =
                    Duration.between(run.getFirst().at(), run.getLast().at()).toNanos() / 1e9;
            double usd = usd(run);
            time += within(forecast.time(), seconds) ? 1 : 0;
            timeAbove += seconds > forecast.time().quantile(0.9) ? 1 : 0;
            cost += within(forecast.cost(), usd) ? 1 : 0;
            costAbove += usd > forecast.cost().quantile(0.9) ? 1 : 0;
        }
        return new Calibration(to - from, time, timeAbove, cost, costAbove, 1);
    }

    private static boolean within(Spread spread, double value) {
        return value >= spread.quantile(0.1) && value <= spread.quantile(0.9);
    }

    private static double usd(List<Moment> run) {
        double usd = 0;
        for (var moment : run) {
            usd +=
                    switch (moment.event()) {
                        case Event.AttemptEnded e -> e.usage().usd().usd().doubleValue();
                        case Event.ResultAccepted e -> e.usage().usd().usd().doubleValue();
                        case Event.ResultProposed e -> e.usage().usd().usd().doubleValue();
                        default -> 0;
                    };
        }
        return usd;
    }

    @Override
    public String toString() {
        return "%d runs, %d forecasts: time within %.1f %% (above %.1f %%), cost within %.1f %% (above %.1f %%)"
                .formatted(
                        runs,
                        forecasts,
                        timeWithin(),
                        100.0 * timeAbove / runs,
                        costWithin(),
                        100.0 * costAbove / runs);
    }

    public static void main(String[] arguments) {
        int tested = Integer.parseInt(arguments[0]);
        int samples = Integer.parseInt(arguments[1]);
        int refitted = Integer.parseInt(arguments[2]);
        for (var every : List.of(Duration.ofSeconds(15), Duration.ofMinutes(10))) {
            for (double drift : new double[] {1, 2, 4}) {
                for (long seed = 1; seed <= Integer.parseInt(arguments[3]); seed++) {
                    long t0 = System.nanoTime();
                    var runs = Truth.play(seed, FITTED_ON + tested, every, drift);
                    long t1 = System.nanoTime();
                    var calibration = of(runs, refitted, samples, every, seed);
                    System.out.printf(
                            "every %s drift %.0f seed %d: %s [truth %d ms, forecasts %d ms]%n",
                            every,
                            drift,
                            seed,
                            calibration,
                            (t1 - t0) / 1_000_000,
                            (System.nanoTime() - t1) / 1_000_000);
                }
            }
        }
    }
}
