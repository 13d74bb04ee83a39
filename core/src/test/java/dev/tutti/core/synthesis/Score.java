package dev.tutti.core.synthesis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// How good shares are where the truth is known.
///
/// @param accuracy the share of right answers; an item with equally probable answers counts by the
///   chance to draw the right one of them
/// @param brier mean square of confidence minus rightness
/// @param calibration how far confidence and accuracy are apart, over ten classes of confidence
record Score(double accuracy, double brier, double calibration) {
    static final int CLASSES = 10;

    static double[][] shares(Estimate estimate, TruthSet set) {
        var shares = new double[set.truth().length][Math.max(2, set.answers())];
        for (int item = 0; item < shares.length; item++) {
            for (int answer = 0; answer < shares[item].length; answer++) {
                shares[item][answer] = estimate.share(item, answer);
            }
        }
        return shares;
    }

    static Score of(double[][] shares, int[] truth) {
        double right = 0;
        double square = 0;
        var classes = new double[CLASSES][3];
        for (int item = 0; item < shares.length; item++) {
            double confidence = confidence(shares[item]);
            double rightness = rightness(shares[item], truth[item]);
            right += rightness;
            square += (confidence - rightness) * (confidence - rightness);
            add(classes, confidence, rightness);
        }
        double apart = Arrays.stream(classes).mapToDouble(one -> Math.abs(one[1] - one[2])).sum();
        return new Score(right / shares.length, square / shares.length, apart / shares.length);
    }

    /// Counts an item in the class of its confidence: how many, confidences, right ones.
    static void add(double[][] classes, double confidence, double rightness) {
        var one = classes[(int) Math.min(CLASSES - 1, confidence * CLASSES)];
        one[0]++;
        one[1] += confidence;
        one[2] += rightness;
    }

    static double confidence(double[] shares) {
        return Arrays.stream(shares).max().orElse(0);
    }

    static double rightness(double[] shares, int truth) {
        double most = confidence(shares) - 1e-9;
        long best = Arrays.stream(shares).filter(share -> share >= most).count();
        return truth >= 0 && shares[truth] >= most ? 1.0 / best : 0;
    }

    /// The accuracy of what is left when the least certain `share` of the items is escalated.
    static double kept(double[][] shares, int[] truth, double share) {
        var order =
                IntStream.range(0, shares.length)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble((Integer i) -> confidence(shares[i]))
                                        .thenComparingInt(i -> Integer.reverse(i * 0x9e3779b9)))
                        .toList();
        return order.stream()
                .skip(Math.round(share * shares.length))
                .mapToDouble(item -> rightness(shares[item], truth[item]))
                .average()
                .orElse(1);
    }
}
