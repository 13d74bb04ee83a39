package dev.tutti.forecast;

import java.util.ArrayList;
import java.util.List;

/// What a figure came to in many runs.
///
/// @param sorted every value, the least first
public record Spread(List<Double> sorted) {

    public Spread {
        sorted = sorted.stream().sorted().toList();
    }

    /// All of them higher by this.
    public Spread plus(double more) {
        return new Spread(sorted.stream().map(one -> one + more).toList());
    }

    /// The value that a share of the runs stays below, between those on record in proportion; 0
    /// where there is none.
    public double quantile(double share) {
        if (sorted.isEmpty()) {
            return 0;
        }
        double at = share * (sorted.size() - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    /// The mean of all; 0 where there is none.
    public double mean() {
        return sorted.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /// The share of the runs that come to more than `value`.
    public double above(double value) {
        return sorted.isEmpty()
                ? 0
                : (double) sorted.stream().filter(one -> one > value).count() / sorted.size();
    }

    /// How many values lie in each of so many equal parts between the least and a value that nearly
    /// all stay below; the last part has what is beyond it as well.
    public List<Integer> histogram(int parts) {
        double from = quantile(0);
        double to = quantile(0.98);
        var counts = new ArrayList<Integer>();
        for (int i = 0; i < parts; i++) {
            counts.add(0);
        }
        for (double value : sorted) {
            int part = to > from ? (int) ((value - from) / (to - from) * parts) : 0;
            int within = Math.clamp(part, 0, parts - 1);
            counts.set(within, counts.get(within) + 1);
        }
        return counts;
    }
}
