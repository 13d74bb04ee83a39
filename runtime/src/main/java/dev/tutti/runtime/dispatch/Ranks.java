package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Task;
import dev.tutti.core.plan.Graph;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// How long the longest way from the start of each task to the end of its run is expected to take:
/// the upward rank of list scheduling (Topcuoglu, Hariri and Wu, Performance-Effective and
/// Low-Complexity Task Scheduling, IEEE TPDS 2002), by what is expected now.
///
/// Only the order follows from it. Who does a task is decided when its turn has come, so that a
/// wrong guess costs little: a schedule made beforehand from guesses that are off by a factor of
/// two or three is worse than none.
public final class Ranks {
    /// Observations that a run of few tasks waits for before it looks again.
    private static final long LEAST = 16;

    private Map<String, Double> ranks = Map.of();
    private int version = -1;
    private long next;

    /// The rank of a task of this plan, in seconds.
    ///
    /// @param seconds how long a task is expected to take
    /// @param seen grows with what is known of that
    public double of(String task, Graph plan, ToDoubleFunction<Task> seconds, long seen) {
        if (plan.version() != version || seen >= next) {
            ranks = rank(plan, seconds);
            version = plan.version();
            next = seen + Math.max(LEAST, plan.order().size());
        }
        return ranks.getOrDefault(task, 0.0);
    }

    /// The ranks of all tasks of a plan.
    public static Map<String, Double> rank(Graph plan, ToDoubleFunction<Task> seconds) {
        var ranks = new HashMap<String, Double>();
        var longest = new HashMap<String, Double>();
        var left = new HashMap<String, Integer>();
        var done = new ArrayDeque<String>();
        for (var name : plan.order()) {
            var dependents = plan.dependents().get(name);
            int after = dependents == null ? 0 : dependents.size();
            left.put(name, after);
            if (after == 0) {
                done.add(name);
            }
        }
        for (var name = done.poll(); name != null; name = done.poll()) {
            var task = plan.node(name).task();
            double rank = seconds.applyAsDouble(task) + longest.getOrDefault(name, 0.0);
            ranks.put(name, rank);
            for (var before : task.dependencies()) {
                longest.merge(before, rank, Math::max);
                if (left.merge(before, -1, Integer::sum) == 0) {
                    done.add(before);
                }
            }
        }
        return ranks;
    }
}
