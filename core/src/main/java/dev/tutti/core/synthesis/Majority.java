package dev.tutti.core.synthesis;

/// The plain vote: every ballot counts the same, and an answer is as probable as its share of them.
public record Majority() implements Estimator {
    @Override
    public Estimate estimate(Ballots ballots) {
        var shares = shares(ballots);
        return new Estimate(shares, (_, truth, answer) -> truth == answer ? 1 : 0);
    }

    static double[][] shares(Ballots ballots) {
        var shares = new double[ballots.items()][ballots.answers()];
        for (int item = 0; item < shares.length; item++) {
            for (int ballot = ballots.first(item); ballot < ballots.end(item); ballot++) {
                shares[item][ballots.answer(ballot)]++;
            }
            Estimate.normalise(shares[item]);
        }
        return shares;
    }
}
