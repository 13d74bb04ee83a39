package dev.tutti.core.planner;

import java.util.Arrays;
import java.util.List;

/// Estimates of what is still to pay, by shortest paths over facts and actions.
///
/// [#reach] is h-max of Bonet and Geffner (Planning as heuristic search, AIJ 129, 2001): the value
/// of a fact is that of its cheapest producer, the value of an action that of its dearest need.
/// [#cuts] is LM-cut of Helmert and Domshlak (Landmarks, critical paths and abstractions, ICAPS
/// 2009): sets of actions of which every plan has one, each paid once.
///
/// Works on arrays of its own that it uses again; one thread at a time.
final class Relaxation {
    static final long NEVER = Long.MAX_VALUE / 4;

    /// Stands for what is known from the start.
    private static final int NOTHING = -1;

    private final Network network;
    private final int goal;

    /// By fact, the only action that may yield it, or -1 where any may.
    private int[] support = new int[0];

    private final long[] value;
    private final long[] arrival;
    private final int[] lacking;
    private final int[] latest;
    private final boolean[] zone;
    private final boolean[] crosses;
    private final int[] stack;
    private final int[] crossing;
    private final Heap heap = new Heap();
    private long work;

    Relaxation(Network network) {
        this.network = network;
        goal = network.goal();
        value = new long[network.facts()];
        arrival = new long[network.pre().length];
        lacking = new int[network.pre().length];
        latest = new int[network.pre().length];
        zone = new boolean[network.facts()];
        crosses = new boolean[network.pre().length];
        stack = new int[network.facts() + 1];
        crossing = new int[network.pre().length];
    }

    /// How many facts and actions were looked at so far.
    long work() {
        return work;
    }

    /// Says which facts have one producer only from here on.
    void restrict(int[] support) {
        this.support = support;
    }

    private boolean may(int action, int fact) {
        return support[fact] == NOTHING || support[fact] == action;
    }

    /// The value of the goal by h-max, and of every fact and action on the way.
    long reach(long[] weight) {
        Arrays.fill(value, NEVER);
        Arrays.fill(arrival, NEVER);
        heap.clear();
        int[][] pre = network.pre();
        for (int a = 0; a < pre.length; a++) {
            lacking[a] = pre[a].length;
            if (lacking[a] == 0) {
                arrive(a, 0, NOTHING, weight[a]);
            }
        }
        while (!heap.isEmpty()) {
            long at = heap.leastKey();
            int fact = heap.remove();
            if (at > value[fact]) {
                continue;
            }
            for (int a : network.consumers()[fact]) {
                work++;
                if (--lacking[a] == 0) {
                    arrive(a, at, fact, weight[a]);
                }
            }
        }
        return arrival[goal];
    }

    private void arrive(int action, long at, int because, long weight) {
        arrival[action] = at;
        latest[action] = because;
        long then = at + weight;
        for (int fact : network.add()[action]) {
            work++;
            if (then < value[fact] && may(action, fact)) {
                value[fact] = then;
                heap.add(then, fact);
            }
        }
    }

    /// When the action can begin, by the last [#reach].
    long arrival(int action) {
        return arrival[action];
    }

    /// When the fact is there, by the last [#reach].
    long value(int fact) {
        return value[fact];
    }

    /// The least that any plan pays along one path, in time and in what is `left` to pay; takes off
    /// `left` what the path pays beyond its time, so that it can be paid for once more.
    ///
    /// Time counts along one path only, so it is used up here. Of a path's actions each pays no
    /// more than the way from what it waits for longest to what it yields.
    long path(long[] left) {
        long[] weight = new long[left.length];
        for (int a = 0; a < left.length; a++) {
            weight[a] = left[a] + network.time()[a];
        }
        long whole = reach(weight);
        if (whole >= NEVER) {
            return NEVER;
        }
        for (int a = 0; a < goal; a++) {
            if (arrival[a] < whole) {
                long farthest = 0;
                for (int fact : network.add()[a]) {
                    work++;
                    if (may(a, fact)) {
                        farthest = Math.max(farthest, Math.min(value[fact], whole));
                    }
                }
                left[a] -= Math.max(0, farthest - arrival[a] - network.time()[a]);
            }
        }
        return whole;
    }

    /// A set of actions of which every plan has one.
    ///
    /// @param cost what is paid for it
    record Landmark(int[] actions, long cost) {
        boolean has(int action) {
            for (int one : actions) {
                if (one == action) {
                    return true;
                }
            }
            return false;
        }
    }

    /// Pays for landmarks as long as there are any to pay for, and takes what is paid off `left`.
    ///
    /// @param found where the landmarks are added
    /// @return what was paid, or [#NEVER] where the goal cannot be reached
    long cuts(long[] left, List<Landmark> found) {
        long paid = 0;
        reach(left);
        while (arrival[goal] > 0) {
            if (arrival[goal] >= NEVER) {
                return NEVER;
            }
            int size = cut(left);
            long least = NEVER;
            for (int i = 0; i < size; i++) {
                least = Math.min(least, left[crossing[i]]);
            }
            for (int i = 0; i < size; i++) {
                left[crossing[i]] -= least;
            }
            paid += least;
            found.add(new Landmark(Arrays.copyOf(crossing, size), least));
            lower(left, size);
        }
        return paid;
    }

    /// Makes the values what [#reach] would make them, now that the first actions of `crossing` are
    /// cheaper than they were.
    private void lower(long[] weight, int size) {
        heap.clear();
        for (int i = 0; i < size; i++) {
            lower(crossing[i], weight);
        }
        while (!heap.isEmpty()) {
            long at = heap.leastKey();
            int fact = heap.remove();
            if (at > value[fact]) {
                continue;
            }
            for (int a : network.consumers()[fact]) {
                work++;
                if (latest[a] == fact && arrival[a] > at && arrival[a] < NEVER) {
                    long before = arrival[a];
                    latest(a);
                    if (arrival[a] < before) {
                        lower(a, weight);
                    }
                }
            }
        }
    }

    private void lower(int action, long[] weight) {
        long then = arrival[action] + weight[action];
        for (int fact : network.add()[action]) {
            work++;
            if (then < value[fact] && may(action, fact)) {
                value[fact] = then;
                heap.add(then, fact);
            }
        }
    }

    /// Finds the need that an action waits for longest.
    private void latest(int action) {
        long most = -1;
        for (int fact : network.pre()[action]) {
            work++;
            if (value[fact] > most) {
                most = value[fact];
                latest[action] = fact;
            }
        }
        arrival[action] = most;
    }

    /// The actions through which every way to the goal passes: those that lead to what leads on to
    /// the goal for nothing, and do not begin there.
    private int cut(long[] left) {
        int zoned = 0;
        zone[latest[goal]] = true;
        stack[zoned++] = latest[goal];
        for (int at = 0; at < zoned; at++) {
            int fact = stack[at];
            for (int a : network.producers()[fact]) {
                work++;
                if (left[a] == 0 && arrival[a] < NEVER && may(a, fact)) {
                    int from = latest[a];
                    if (from != NOTHING && !zone[from]) {
                        zone[from] = true;
                        stack[zoned++] = from;
                    }
                }
            }
        }
        int size = 0;
        for (int at = 0; at < zoned; at++) {
            int fact = stack[at];
            for (int a : network.producers()[fact]) {
                work++;
                boolean outside = latest[a] == NOTHING || !zone[latest[a]];
                if (outside && arrival[a] < NEVER && may(a, fact) && !crosses[a]) {
                    crosses[a] = true;
                    crossing[size++] = a;
                }
            }
        }
        for (int i = 0; i < size; i++) {
            crosses[crossing[i]] = false;
        }
        for (int at = 0; at < zoned; at++) {
            zone[stack[at]] = false;
        }
        return size;
    }
}
