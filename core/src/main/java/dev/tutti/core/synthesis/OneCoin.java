package dev.tutti.core.synthesis;

import java.util.Arrays;

/// Every agent is right with a probability of its own, and wrong in any way alike: expectation and
/// maximisation in turn, beginning with the plain vote (Dawid and Skene 1979 with one parameter an
/// agent; Zhang, Chen, Zhou and Jordan 2016, section 2, name it so).
///
/// @param evened how many answers of an average agent each one is credited with beforehand; the
///   fewer answers an agent gave, the more it is taken for average
/// @param doubted how many right and as many wrong answers each one is credited with beforehand
/// @param commonness how much it counts, from 0 to 1, that an answer is common among all questions.
///   In full, what is common becomes more so with every round; not at all, rare answers are given
///   too often
public record OneCoin(double evened, double doubted, double commonness) implements Estimator {

    /// As it is described in the literature, with add-one smoothing.
    public static final OneCoin PLAIN = new OneCoin(0, 1, 0);

    /// Careful with agents that gave few answers: what [Guarded#CAREFUL] follows, and what
    /// [Experience] is the stepwise form of.
    public static final OneCoin CAREFUL = new OneCoin(8, 0, 0.25);

    /// The same where the number of an answer says nothing beyond its own item.
    static final OneCoin APART = new OneCoin(8, 0, 0);

    /// All agents are alike: a plain vote that knows how often it is right.
    static final OneCoin ALIKE = new OneCoin(1e12, 0, 0);

    /// No agent is taken to be always right, or never.
    static final double LEAST = 1e-4;

    @Override
    public Estimate estimate(Ballots ballots) {
        int answers = ballots.answers();
        var shares = Majority.shares(ballots);
        var reliability = new double[ballots.agents()];
        for (int round = 0; round < MOST_ROUNDS; round++) {
            maximise(ballots, shares, reliability);
            var next = expect(ballots, shares, reliability);
            double moved = Estimate.distance(shares, next);
            shares = next;
            if (moved < SETTLED) {
                break;
            }
        }
        return new Estimate(
                shares,
                (agent, truth, answer) ->
                        truth == answer
                                ? reliability[agent]
                                : (1 - reliability[agent]) / (answers - 1));
    }

    private void maximise(Ballots ballots, double[][] shares, double[] reliability) {
        var given = new double[reliability.length];
        Arrays.fill(reliability, 0);
        double right = 0;
        for (int item = 0; item < ballots.items(); item++) {
            for (int ballot = ballots.first(item); ballot < ballots.end(item); ballot++) {
                double share = shares[item][ballots.answer(ballot)];
                reliability[ballots.agent(ballot)] += share;
                given[ballots.agent(ballot)]++;
                right += share;
            }
        }
        double average = ballots.size() == 0 ? 0.5 : right / ballots.size();
        for (int agent = 0; agent < reliability.length; agent++) {
            reliability[agent] = reliability(reliability[agent], given[agent], average);
        }
    }

    /// How often an agent is right that was right so often.
    double reliability(double right, double given, double average) {
        double credited = given + 2 * doubted + evened;
        double share = credited == 0 ? average : (right + doubted + evened * average) / credited;
        return Math.clamp(share, LEAST, 1 - LEAST);
    }

    private double[][] expect(Ballots ballots, double[][] before, double[] reliability) {
        int answers = ballots.answers();
        var common = common(before, answers);
        var weights = new double[reliability.length];
        for (int agent = 0; agent < weights.length; agent++) {
            weights[agent] = weight(reliability[agent], answers);
        }
        var shares = new double[ballots.items()][];
        for (int item = 0; item < shares.length; item++) {
            var row = common.clone();
            for (int ballot = ballots.first(item); ballot < ballots.end(item); ballot++) {
                row[ballots.answer(ballot)] += weights[ballots.agent(ballot)];
            }
            Estimate.fromLogs(row);
            shares[item] = row;
        }
        return shares;
    }

    /// What a ballot of an agent counts: the logarithm of the odds that it is right.
    static double weight(double reliability, int answers) {
        return Math.log(reliability * (answers - 1) / (1 - reliability));
    }

    private double[] common(double[][] shares, int answers) {
        var common = new double[answers];
        if (commonness == 0) {
            return common;
        }
        Arrays.fill(common, 1);
        for (var row : shares) {
            for (int answer = 0; answer < answers; answer++) {
                common[answer] += row[answer];
            }
        }
        return Arrays.stream(common)
                .map(count -> commonness * Math.log(count / (shares.length + answers)))
                .toArray();
    }
}
