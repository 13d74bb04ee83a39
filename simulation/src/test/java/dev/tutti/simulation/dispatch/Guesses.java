package dev.tutti.simulation.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// What the scheduling experiments draw by chance.
final class Guesses {
    private static final double[] SPEEDS = {0.5, 1, 2, 4};

    private Guesses() {}

    static double[] speeds(int agents, long seed) {
        var dice = new SplittableRandom(seed);
        var speeds = new double[agents];
        for (int i = 0; i < agents; i++) {
            speeds[i] = SPEEDS[dice.nextInt(SPEEDS.length)];
        }
        return speeds;
    }

    /// What tasks really take, off by a factor whose logarithm is normal.
    static Map<String, Double> of(RealGraph graph, double sigma, long seed) {
        var dice = new SplittableRandom(seed);
        var guesses = new HashMap<String, Double>();
        for (var name : graph.plan().order()) {
            double off = Math.exp(sigma * dice.nextGaussian());
            guesses.put(name, graph.seconds().getOrDefault(name, 0.0) * off);
        }
        return guesses;
    }
}
