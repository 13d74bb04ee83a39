package dev.tutti.forecast;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What recorded attempts say of an agent.
///
/// Attempts are drawn from those on record, each with its time, cost and end together. Three things
/// are added to that:
///
/// - *Recent ones weigh more.* An attempt loses half its weight with every so many later ones; how
///   many is chosen so that each recorded time would have been foretold best from those before it
///   (exponential smoothing of the logarithm, judged one step ahead). An agent that stays as it is
///   gets no such loss.
/// - *Tails go on.* Beyond the highest tenth, values are drawn from a Pareto law with the index of
///   Hill's estimator (B. M. Hill, 1975), so that something worse than all on record can happen.
/// - *What is not known is drawn as well.* For every run the weights are drawn anew around
///   themselves (Bayesian bootstrap, D. B. Rubin, 1981): few attempts on record give wide
///   forecasts.
final class Learned implements Odds {

    /// Fewer attempts than this say too little.
    static final int LEAST = 5;

    private static final double TAIL = 0.9;
    private static final int LEAST_IN_TAIL = 8;
    private static final double HEAVIEST = 0.7;
    private static final double MOST_BEYOND = 20;
    private static final int[] HALVES = {8, 16, 32, 64, 128};
    private static final int WARM = 5;

    private final List<Attempted> attempts;
    private final double[] weights;
    private final int half;
    private final Tail time;
    private final Tail cost;
    private final String source;

    /// Where the tail begins, and how heavy it is; index 0 for none.
    private record Tail(double from, double index, double most) {
        double draw(double value, SplittableRandom dice) {
            return index == 0 || value <= from
                    ? value
                    : Math.min(most, from * Math.pow(1 - dice.nextDouble(), -index));
        }
    }

    /// @param attempts on record, oldest first, at least one
    Learned(List<Attempted> attempts, String source) {
        this.attempts = List.copyOf(attempts);
        half = half(this.attempts);
        weights = new double[attempts.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weight(half, weights.length - 1 - i);
        }
        time = tail(this.attempts.stream().mapToDouble(one -> one.time().toNanos()).toArray());
        cost = tail(this.attempts.stream().mapToDouble(Attempted::usd).toArray());
        this.source = source;
    }

    private static double weight(int half, int age) {
        return half == 0 ? 1 : Math.pow(0.5, (double) age / half);
    }

    /// After how many later attempts one counts half; 0 for never.
    int half() {
        return half;
    }

    @Override
    public String source() {
        return source + (half == 0 ? "" : ", recent ones most");
    }

    /// The half-life with the least error one step ahead; none unless it is better by a twentieth.
    private static int half(List<Attempted> attempts) {
        double[] logs =
                attempts.stream()
                        .mapToDouble(one -> Math.log(Math.max(1.0, (double) one.time().toNanos())))
                        .toArray();
        int best = 0;
        double least = error(logs, 0) * 0.95;
        for (int half : HALVES) {
            double error = error(logs, half);
            if (half * 2 <= logs.length && error < least) {
                least = error;
                best = half;
            }
        }
        return best;
    }

    private static double error(double[] logs, int half) {
        double keep = half == 0 ? 1 : Math.pow(0.5, 1.0 / half);
        double sum = 0;
        double weight = 0;
        double error = 0;
        for (int i = 0; i < logs.length; i++) {
            if (i >= WARM) {
                double miss = logs[i] - sum / weight;
                error += miss * miss;
            }
            sum = sum * keep + logs[i];
            weight = weight * keep + 1;
        }
        return error;
    }

    private Tail tail(double[] values) {
        var order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        double all = Arrays.stream(weights).sum();
        double below = 0;
        int first = 0;
        while (first < order.length - 1 && below + weights[order[first]] < TAIL * all) {
            below += weights[order[first++]];
        }
        double from = values[order[first]];
        double logs = 0;
        double mass = 0;
        int count = 0;
        for (int i = first + 1; i < order.length; i++) {
            if (values[order[i]] > from) {
                logs += weights[order[i]] * Math.log(values[order[i]] / from);
                mass += weights[order[i]];
                count++;
            }
        }
        if (count < LEAST_IN_TAIL || from <= 0) {
            return new Tail(from, 0, from);
        }
        double highest = values[order[order.length - 1]];
        return new Tail(from, Math.min(HEAVIEST, logs / mass), highest * MOST_BEYOND);
    }

    @Override
    public Draw inOneRun(SplittableRandom dice) {
        double[] sums = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += weights[i] * -Math.log(1 - dice.nextDouble());
            sums[i] = sum;
        }
        return next -> drawn(sums, next);
    }

    private Attempted drawn(double[] sums, SplittableRandom dice) {
        double at = dice.nextDouble() * sums[sums.length - 1];
        int found = Arrays.binarySearch(sums, at);
        var one = attempts.get(Math.min(found < 0 ? -found - 1 : found, sums.length - 1));
        return new Attempted(
                Duration.ofNanos((long) time.draw((double) one.time().toNanos(), dice)),
                cost.draw(one.usd(), dice),
                one.failure(),
                one.again());
    }
}
