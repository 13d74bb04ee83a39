package dev.tutti.runtime.evidence;

/// A mean in which what came lately counts for more.
final class Mean {
    /// So many observations ago one counts for about a third of the latest.
    private static final double MEMORY = 200;

    private double weight;
    private double mean;

    /// @param first what is expected beforehand
    /// @param trust for how many observations that counts
    Mean(double first, double trust) {
        mean = first;
        weight = trust;
    }

    void learn(double value) {
        weight = weight * (1 - 1 / MEMORY) + 1;
        mean += (value - mean) / weight;
    }

    double get() {
        return mean;
    }
}
