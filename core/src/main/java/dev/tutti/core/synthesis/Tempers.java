package dev.tutti.core.synthesis;

/// How far probabilities are moved towards ignorance: 1 is not at all, 0 would be to know nothing.
final class Tempers {
    private static final double COOLEST = 0.1;
    static final double STEP = 0.05;

    static final int COUNT = 1 + (int) Math.round((1 - COOLEST) / STEP);

    private Tempers() {}

    /// The one of that number; the first is 1.
    static double of(int step) {
        return 1 - step * STEP;
    }

    /// Each share raised to `temper`, made to add up to 1 again. The order stays.
    static double[] soften(double[] shares, double temper) {
        if (temper == 1) {
            return shares;
        }
        var softer = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            softer[i] = Math.pow(shares[i], temper);
        }
        Estimate.normalise(softer);
        return softer;
    }
}
