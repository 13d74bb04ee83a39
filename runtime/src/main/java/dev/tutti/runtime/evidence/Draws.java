package dev.tutti.runtime.evidence;

/// Draws of a standard normal distribution, among so many values of the same chance that nobody
/// notices: a decision takes one for every agent, and has some nanoseconds for each.
final class Draws {
    private static final int BITS = 13;
    private static final int VALUES = 1 << BITS;
    private static final int A_WORD = Long.SIZE / BITS;
    private static final double[] NORMAL = values();

    private long seed;
    private long word;
    private int left;

    /// @param seed from outside: the same gives the same draws
    Draws(long seed) {
        this.seed = seed;
    }

    double next() {
        if (left == 0) {
            word = word();
            left = A_WORD;
        }
        left--;
        double value = NORMAL[(int) (word & (VALUES - 1))];
        word >>>= BITS;
        return value;
    }

    /// SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA
    /// 2014).
    private long word() {
        seed += 0x9E3779B97F4A7C15L;
        long mixed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /// The middle of each of the parts of the same chance, by halving.
    private static double[] values() {
        var values = new double[VALUES];
        for (int i = 0; i < VALUES / 2; i++) {
            double chance = (i + 0.5) / VALUES;
            double low = -6;
            double high = 0;
            for (int half = 0; half < 50; half++) {
                double middle = (low + high) / 2;
                if (below(middle) < chance) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            values[i] = low;
            values[VALUES - 1 - i] = -low;
        }
        return values;
    }

    /// The chance of a value below `x`, for `x` below 0: Abramowitz and Stegun, Handbook of
    /// Mathematical Functions, 26.2.17.
    private static double below(double x) {
        double t = 1 / (1 - 0.2316419 * x);
        double sum =
                t
                        * (0.319381530
                                + t
                                        * (-0.356563782
                                                + t
                                                        * (1.781477937
                                                                + t
                                                                        * (-1.821255978
                                                                                + t
                                                                                        * 1.330274429))));
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum;
    }
}
