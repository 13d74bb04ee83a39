package dev.tutti.core.synthesis;

import java.util.Arrays;

/// What is believed of every question, and of every agent, after the ballots were looked at.
public final class Estimate {
    private final double[][] shares;
    private final Errors errors;

    /// How an agent answers when the truth is known.
    @FunctionalInterface
    interface Errors {
        /// The probability that `agent` says `answer` where `truth` is right.
        double chance(int agent, int truth, int answer);
    }

    /// @param shares by question and answer; those of a question add up to 1
    Estimate(double[][] shares, Errors errors) {
        this.shares = shares;
        this.errors = errors;
    }

    /// How probable an answer to a question is.
    public double share(int item, int answer) {
        return shares[item][answer];
    }

    /// The most probable answer; of equally probable ones the first.
    public int answer(int item) {
        int best = 0;
        for (int answer = 1; answer < shares[item].length; answer++) {
            if (shares[item][answer] > shares[item][best]) {
                best = answer;
            }
        }
        return best;
    }

    /// How probable the most probable answer is.
    public double confidence(int item) {
        return shares[item][answer(item)];
    }

    /// The probability that `agent` says `answer` where `truth` is right.
    public double chance(int agent, int truth, int answer) {
        return errors.chance(agent, truth, answer);
    }

    /// How probable it is that `agent` says `answer` to a question, as far as is known, by how far
    /// the shares of the question are moved towards ignorance.
    void foresee(int item, int agent, int answer, double[] chances) {
        double[] row = shares[item];
        Arrays.fill(chances, 0);
        var sums = new double[chances.length];
        for (int truth = 0; truth < row.length; truth++) {
            double chance = errors.chance(agent, truth, answer);
            // Steps of one size: each power is the one before, times the same factor.
            double share = row[truth];
            double softer = share <= 0 ? 0 : Math.pow(share, -Tempers.STEP);
            for (int step = 0; step < chances.length; step++) {
                sums[step] += share;
                chances[step] += share * chance;
                share *= softer;
            }
        }
        for (int step = 0; step < chances.length; step++) {
            chances[step] = sums[step] == 0 ? 1.0 / row.length : chances[step] / sums[step];
        }
    }

    /// This with every probability moved towards ignorance: raised to `temper` and made to add up
    /// to 1 again. The order of the answers stays.
    Estimate tempered(double temper) {
        var softer =
                Arrays.stream(shares)
                        .map(row -> Tempers.soften(row, temper))
                        .toArray(double[][]::new);
        return new Estimate(softer, errors);
    }

    /// Makes a row add up to 1; all alike where it adds up to nothing.
    static void normalise(double[] row) {
        double sum = 0;
        for (double one : row) {
            sum += one;
        }
        if (sum > 0) {
            for (int i = 0; i < row.length; i++) {
                row[i] /= sum;
            }
        } else {
            Arrays.fill(row, 1.0 / row.length);
        }
    }

    /// Turns logarithms of odds into shares.
    static void fromLogs(double[] row) {
        double most = Double.NEGATIVE_INFINITY;
        for (double one : row) {
            most = Math.max(most, one);
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.exp(row[i] - most);
        }
        normalise(row);
    }

    /// The greatest difference between two sets of shares.
    static double distance(double[][] one, double[][] other) {
        double most = 0;
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < one[i].length; j++) {
                most = Math.max(most, Math.abs(one[i][j] - other[i][j]));
            }
        }
        return most;
    }
}
