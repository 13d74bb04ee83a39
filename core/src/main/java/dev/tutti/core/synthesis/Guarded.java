package dev.tutti.core.synthesis;

import java.util.Arrays;

/// An estimator that is followed only where the ballots bear it out; else the plain vote is.
///
/// It must foresee ballots that it was not shown better than one who takes all agents for alike:
/// with few or contradictory ballots, learned reliabilities are noise, and do harm. The same
/// ballots say how much to trust it: its probabilities are moved towards ignorance until they
/// foresee best, since agents err together more often than any of these estimators believes.
///
/// @param estimator what is followed where it may be
public record Guarded(Estimator estimator) {

    /// What a batch ([Consensus]) is decided by unless it is said otherwise. Weighted votes within
    /// runs are not counted by this but one by one, by [Experience].
    public static final Guarded CAREFUL = new Guarded(OneCoin.CAREFUL);

    /// The same where each item has answers of its own: nothing is made of how common one is.
    static final Guarded APART = new Guarded(OneCoin.APART);

    /// How many times a ballot of each question is kept back.
    private static final int FOLDS = 3;

    /// Below this many ballots kept back nothing is learned from them.
    private static final int ENOUGH = 8;

    private static final double LEAST = 1e-12;

    /// What came of it.
    ///
    /// @param estimate with probabilities one can rely on
    /// @param followed whether the estimator was followed; else it is the plain vote
    /// @param gain by how much better the estimator foresaw ballots than the plain vote, in nats a
    ///   ballot; negative when worse
    /// @param temper how far its probabilities were moved: 1 is not at all, 0 would be to know
    ///   nothing
    public record Verdict(Estimate estimate, boolean followed, double gain, double temper) {}

    public Verdict estimate(Ballots ballots) {
        double plain = 0;
        var foreseen = new double[Tempers.COUNT];
        var chances = new double[Tempers.COUNT];
        var untouched = new double[1];
        int kept = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            var left = keptBack(ballots, fold);
            var shown = ballots.without(left);
            var alike = OneCoin.ALIKE.estimate(shown);
            var ours = estimator.estimate(shown);
            for (int item = 0; item < left.length; item++) {
                if (left[item] >= 0) {
                    int agent = ballots.agent(left[item]);
                    int answer = ballots.answer(left[item]);
                    alike.foresee(item, agent, answer, untouched);
                    plain += log(untouched[0]);
                    ours.foresee(item, agent, answer, chances);
                    for (int step = 0; step < chances.length; step++) {
                        foreseen[step] += log(chances[step]);
                    }
                    kept++;
                }
            }
        }
        if (kept < ENOUGH) {
            return new Verdict(new Majority().estimate(ballots), false, 0, 1);
        }
        double gain = (foreseen[0] - plain) / kept;
        if (gain <= 0) {
            return new Verdict(new Majority().estimate(ballots), false, gain, 1);
        }
        double temper = Tempers.of(best(foreseen));
        return new Verdict(estimator.estimate(ballots).tempered(temper), true, gain, temper);
    }

    private static double log(double chance) {
        return Math.log(Math.max(chance, LEAST));
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /// One ballot of each question that has at least two; which one depends on the question, so
    /// that it is not always the same agent's.
    private static int[] keptBack(Ballots ballots, int fold) {
        var left = new int[ballots.items()];
        Arrays.fill(left, -1);
        for (int item = 0; item < left.length; item++) {
            int size = ballots.size(item);
            if (size >= 2) {
                left[item] = ballots.first(item) + Math.floorMod(scrambled(item) + fold, size);
            }
        }
        return left;
    }

    /// A number in which nothing of the order of the questions is left (the finaliser of
    /// MurmurHash3).
    private static int scrambled(int number) {
        int mixed = number + 1;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
