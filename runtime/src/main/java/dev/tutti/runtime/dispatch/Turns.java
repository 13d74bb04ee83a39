package dev.tutti.runtime.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Whose turn it is among those that share something, in a time that passes as they are served:
/// start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996), each task counting for one.
///
/// Who is served waits for as long as its weight says; who was away has lost nothing and saved
/// nothing.
final class Turns<K> {
    /// With more known than this, the half of them with the least to remember is forgotten: runs
    /// that come, are served once and end are without number.
    private static final int MOST = 10_000;

    private final ToDoubleFunction<? super K> weight;
    private final Map<K, Double> ends = new HashMap<>();
    private double now;

    /// @param weight how much of it everyone is to have, compared with the others; above 0
    Turns(ToDoubleFunction<? super K> weight) {
        this.weight = weight;
    }

    /// The turn of one who comes now.
    double next(K key) {
        return Math.max(now, ends.getOrDefault(key, 0.0));
    }

    /// The earliest turn of one who was here all the time.
    double end(K key) {
        return ends.getOrDefault(key, 0.0);
    }

    /// One is served whose turn was `turn`.
    void served(K key, double turn) {
        now = Math.max(now, turn);
        ends.put(key, turn + 1 / weight.applyAsDouble(key));
        if (ends.size() > MOST) {
            forgetHalf();
        }
    }

    private void forgetHalf() {
        var sorted = ends.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double least = Math.max(now, sorted[sorted.length / 2]);
        ends.values().removeIf(end -> end <= least);
    }
}
