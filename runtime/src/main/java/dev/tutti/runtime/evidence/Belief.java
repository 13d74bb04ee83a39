package dev.tutti.runtime.evidence;

import java.util.Arrays;

/// What is believed of a number that depends on a few others linearly, and how surely: a normal
/// distribution over the weights, made narrower by every observation (Agrawal and Goyal, Thompson
/// Sampling for Contextual Bandits with Linear Payoffs, ICML 2013).
///
/// The last weight stands alone, for what does not depend on anything; with no others this is the
/// mean of a normal distribution. Old observations can be made to count less, as in Russac, Vernade
/// and Cappé, Weighted Linear Bandits for Non-Stationary Environments, NeurIPS 2019.
final class Belief {
    private final int size;
    private final double[] prior;
    private final double noise;
    private final double mostDoubt;

    /// Covariance of the weights, row by row.
    private final double[] spread;

    private final double[] sum;
    private final double[] weights;
    private final double[] scratch;

    /// How far the weight that stands alone may be off.
    private double alone;

    /// @param others how many numbers it depends on
    /// @param each how far each of their weights may be from nothing, as a standard deviation
    /// @param alone the same for the weight that stands alone
    /// @param noise the standard deviation of one observation
    Belief(int others, double each, double alone, double noise) {
        size = others + 1;
        this.noise = noise * noise;
        prior = new double[size];
        Arrays.fill(prior, each * each);
        prior[others] = alone * alone;
        spread = new double[size * size];
        for (int i = 0; i < size; i++) {
            spread[i * size + i] = prior[i];
        }
        sum = new double[size];
        weights = new double[size];
        scratch = new double[size];
        this.alone = alone;
        mostDoubt = Math.sqrt(each * each + alone * alone);
    }

    /// The number that is expected.
    double mean(double[] others) {
        double mean = weights[size - 1];
        for (int i = 0; i < size - 1; i++) {
            mean += weights[i] * others[i];
        }
        return mean;
    }

    /// How far off that may be, as a standard deviation.
    double doubt(double[] others) {
        if (size == 1) {
            return alone;
        }
        double variance = 0;
        for (int i = 0; i < size; i++) {
            variance += at(others, i) * along(others, i);
        }
        return Math.sqrt(Math.max(variance, 0));
    }

    /// What [#doubt] is at most, for numbers whose squares add up to 1 at most: what it was before
    /// anything was observed, for to observe something, and to forget it, makes it no more.
    double mostDoubt() {
        return mostDoubt;
    }

    /// One more observation.
    void learn(double[] others, double value) {
        double variance = noise;
        for (int i = 0; i < size; i++) {
            scratch[i] = along(others, i);
            variance += at(others, i) * scratch[i];
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                spread[i * size + j] -= scratch[i] * scratch[j] / variance;
            }
            sum[i] += at(others, i) * value / noise;
        }
        settle();
    }

    /// Lets everything observed so far count for `share` of what it did.
    void forget(double share) {
        var precision = inverse(spread, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                precision[i * size + j] *= share;
            }
            precision[i * size + i] += (1 - share) / prior[i];
            sum[i] *= share;
        }
        System.arraycopy(inverse(precision, size), 0, spread, 0, spread.length);
        settle();
    }

    private void settle() {
        alone = Math.sqrt(spread[size * size - 1]);
        for (int i = 0; i < size; i++) {
            double weight = 0;
            for (int j = 0; j < size; j++) {
                weight += spread[i * size + j] * sum[j];
            }
            weights[i] = weight;
        }
    }

    private double at(double[] others, int place) {
        return place == size - 1 ? 1 : others[place];
    }

    private double along(double[] others, int row) {
        double along = spread[row * size + size - 1];
        for (int j = 0; j < size - 1; j++) {
            along += spread[row * size + j] * others[j];
        }
        return along;
    }

    /// By elimination with the greatest pivot.
    private static double[] inverse(double[] matrix, int size) {
        var left = matrix.clone();
        var right = new double[size * size];
        for (int i = 0; i < size; i++) {
            right[i * size + i] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                if (Math.abs(left[row * size + column]) > Math.abs(left[pivot * size + column])) {
                    pivot = row;
                }
            }
            exchange(left, size, pivot, column);
            exchange(right, size, pivot, column);
            double factor = left[column * size + column];
            for (int j = 0; j < size; j++) {
                left[column * size + j] /= factor;
                right[column * size + j] /= factor;
            }
            for (int row = 0; row < size; row++) {
                double times = left[row * size + column];
                if (row != column && times != 0) {
                    for (int j = 0; j < size; j++) {
                        left[row * size + j] -= times * left[column * size + j];
                        right[row * size + j] -= times * right[column * size + j];
                    }
                }
            }
        }
        return right;
    }

    private static void exchange(double[] matrix, int size, int one, int other) {
        for (int j = 0; j < size && one != other; j++) {
            double kept = matrix[one * size + j];
            matrix[one * size + j] = matrix[other * size + j];
            matrix[other * size + j] = kept;
        }
    }
}
