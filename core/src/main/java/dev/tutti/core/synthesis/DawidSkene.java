package dev.tutti.core.synthesis;

import java.util.Arrays;

/// Every agent takes one answer for another with probabilities of its own (Dawid and Skene, Maximum
/// Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, 1979), beginning with the
/// plain vote.
///
/// Worth its many parameters, one for each agent and pair of answers, only where each agent gave
/// many answers of each kind.
public record DawidSkene() implements Estimator {
    /// How often each agent is credited beforehand with each way to answer.
    private static final double CREDITED = 0.01;

    private static final double LEAST = 1e-12;

    @Override
    public Estimate estimate(Ballots ballots) {
        int answers = ballots.answers();
        var shares = Majority.shares(ballots);
        var confusion = new double[ballots.agents()][answers][answers];
        for (int round = 0; round < MOST_ROUNDS; round++) {
            maximise(ballots, shares, confusion);
            var next = expect(ballots, shares, confusion);
            double moved = Estimate.distance(shares, next);
            shares = next;
            if (moved < SETTLED) {
                break;
            }
        }
        return new Estimate(shares, (agent, truth, answer) -> confusion[agent][truth][answer]);
    }

    private static void maximise(Ballots ballots, double[][] shares, double[][][] confusion) {
        for (var rows : confusion) {
            for (var row : rows) {
                Arrays.fill(row, CREDITED);
            }
        }
        for (int item = 0; item < ballots.items(); item++) {
            for (int ballot = ballots.first(item); ballot < ballots.end(item); ballot++) {
                var rows = confusion[ballots.agent(ballot)];
                for (int truth = 0; truth < rows.length; truth++) {
                    rows[truth][ballots.answer(ballot)] += shares[item][truth];
                }
            }
        }
        for (var rows : confusion) {
            for (var row : rows) {
                Estimate.normalise(row);
            }
        }
    }

    private static double[][] expect(Ballots ballots, double[][] before, double[][][] confusion) {
        int answers = ballots.answers();
        var common = common(before, answers);
        var logs = new double[ballots.agents() * answers * answers];
        for (int agent = 0; agent < ballots.agents(); agent++) {
            for (int truth = 0; truth < answers; truth++) {
                for (int answer = 0; answer < answers; answer++) {
                    logs[(agent * answers + answer) * answers + truth] =
                            Math.log(confusion[agent][truth][answer]);
                }
            }
        }
        var shares = new double[ballots.items()][];
        for (int item = 0; item < shares.length; item++) {
            var row = common.clone();
            for (int ballot = ballots.first(item); ballot < ballots.end(item); ballot++) {
                int at = (ballots.agent(ballot) * answers + ballots.answer(ballot)) * answers;
                for (int truth = 0; truth < answers; truth++) {
                    row[truth] += logs[at + truth];
                }
            }
            Estimate.fromLogs(row);
            shares[item] = row;
        }
        return shares;
    }

    private static double[] common(double[][] shares, int answers) {
        var common = new double[answers];
        for (var row : shares) {
            for (int answer = 0; answer < answers; answer++) {
                common[answer] += row[answer];
            }
        }
        return Arrays.stream(common)
                .map(count -> Math.log(Math.max(count / Math.max(1, shares.length), LEAST)))
                .toArray();
    }
}
