package dev.tutti.core.planner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Makes good plans quickly, without knowing how good they are.
///
/// A plan is read off the best producers of facts, as by the additive heuristic, with times taken
/// as the longest path; then improved one action at a time, as by Keyder and Geffner (Trees of
/// shortest paths vs. Steiner trees, IJCAI 2009): what if this one were not there, and all others
/// were already paid?
final class Sketch {
    private static final long NEVER = Relaxation.NEVER;
    private static final int NOBODY = -1;

    private final Network network;
    private final long[] sum;
    private final long[] longest;
    private final long[] key;
    private final int[] best;
    private final int[] lacking;
    private final Heap heap = new Heap();
    private long work;

    Sketch(Network network) {
        this.network = network;
        sum = new long[network.facts()];
        longest = new long[network.facts()];
        key = new long[network.facts()];
        best = new int[network.facts()];
        lacking = new int[network.pre().length];
    }

    long work() {
        return work;
    }

    /// A plan.
    ///
    /// @param support by fact, the action that yields it, or -1 where it is not needed
    /// @param actions those used, each after those it builds upon
    record Plan(int[] support, int[] actions, long value) {}

    /// Actions of which some are already paid.
    ///
    /// @param paid by action, whether it costs nothing more
    /// @param support by fact, the only action that may yield it, or -1
    /// @param without an action that must not be used, or -1
    private record Given(boolean[] paid, int[] support, int without) {}

    /// A plan from nothing.
    Plan first() {
        int[] support = new int[network.facts()];
        Arrays.fill(support, NOBODY);
        return complete(new boolean[network.pre().length], support);
    }

    /// A plan that goes on from what is decided.
    Plan complete(boolean[] paid, int[] support) {
        return evaluate(chosen(new Given(paid, support, NOBODY)));
    }

    /// The plan with actions exchanged as long as that makes it better and `most` work is not done.
    Plan improve(Plan plan, long most) {
        int[] free = new int[network.facts()];
        Arrays.fill(free, NOBODY);
        var best = plan;
        for (boolean better = true; better && work < most; ) {
            better = false;
            for (int action : dearestFirst(best)) {
                if (work >= most) {
                    break;
                }
                var paid = new boolean[network.pre().length];
                for (int other : best.actions()) {
                    paid[other] = true;
                }
                var chosen = chosen(new Given(paid, free, action));
                if (chosen.length == 0) {
                    continue;
                }
                var other = evaluate(chosen);
                if (other.value() < best.value()) {
                    best = other;
                    better = true;
                    break;
                }
            }
        }
        return best;
    }

    private List<Integer> dearestFirst(Plan plan) {
        var actions = new ArrayList<Integer>();
        for (int action : plan.actions()) {
            actions.add(action);
        }
        actions.sort(
                Comparator.<Integer>comparingLong(a -> network.cost()[a] + network.time()[a])
                        .reversed());
        return actions;
    }

    /// The actions that the best producers come to; none where the goal cannot be reached.
    private boolean[] chosen(Given given) {
        if (!spread(given)) {
            return new boolean[0];
        }
        var chosen = new boolean[network.pre().length];
        int[] waiting = new int[network.facts()];
        var seen = new boolean[network.facts()];
        int top = push(network.goal(), waiting, 0, seen);
        while (top > 0) {
            int action = best[waiting[--top]];
            work++;
            if (!chosen[action]) {
                chosen[action] = true;
                top = push(action, waiting, top, seen);
            }
        }
        return chosen;
    }

    private int push(int action, int[] waiting, int top, boolean[] seen) {
        int at = top;
        for (int fact : network.pre()[action]) {
            if (!seen[fact]) {
                seen[fact] = true;
                waiting[at++] = fact;
            }
        }
        return at;
    }

    /// Finds the best producer of every fact; false when the goal cannot be reached.
    private boolean spread(Given given) {
        begin();
        for (int a = 0; a < network.goal(); a++) {
            lacking[a] = network.pre()[a].length;
            if (lacking[a] == 0) {
                offer(a, given);
            }
        }
        int goal = network.goal();
        lacking[goal] = network.pre()[goal].length;
        while (!heap.isEmpty()) {
            long at = heap.leastKey();
            int fact = heap.remove();
            if (at > key[fact]) {
                continue;
            }
            for (int a : network.consumers()[fact]) {
                work++;
                if (--lacking[a] == 0) {
                    if (a == goal) {
                        return true;
                    }
                    offer(a, given);
                }
            }
        }
        return false;
    }

    private void begin() {
        Arrays.fill(key, NEVER);
        Arrays.fill(best, NOBODY);
        heap.clear();
    }

    private void offer(int action, Given given) {
        if (action == given.without()) {
            return;
        }
        long added = given.paid()[action] ? 0 : network.cost()[action];
        long latest = 0;
        for (int fact : network.pre()[action]) {
            added = Math.min(added + sum[fact], NEVER / 2);
            latest = Math.max(latest, longest[fact]);
        }
        latest += network.time()[action];
        long then = Math.min(added + latest, NEVER - 1);
        for (int fact : network.add()[action]) {
            work++;
            boolean may = given.support()[fact] == NOBODY || given.support()[fact] == action;
            if (then < key[fact] && may) {
                key[fact] = then;
                sum[fact] = added;
                longest[fact] = latest;
                best[fact] = action;
                heap.add(then, fact);
            }
        }
    }

    /// The fastest plan out of these actions, without those that it does not need.
    private Plan evaluate(boolean[] chosen) {
        if (chosen.length == 0) {
            return new Plan(new int[0], new int[0], NEVER);
        }
        long makespan = fastest(chosen);
        int[] support = new int[network.facts()];
        Arrays.fill(support, NOBODY);
        int[] used = used(support);
        long value = makespan;
        for (int action : used) {
            value += network.cost()[action];
        }
        return new Plan(support, used, value);
    }

    /// When the goal is reached by these actions; the first producer of every fact is in `best`.
    private long fastest(boolean[] chosen) {
        begin();
        for (int a = 0; a < network.pre().length; a++) {
            lacking[a] = network.pre()[a].length;
            if (chosen[a] && lacking[a] == 0) {
                finish(a, network.time()[a]);
            }
        }
        while (!heap.isEmpty()) {
            long at = heap.leastKey();
            int fact = heap.remove();
            if (at > key[fact]) {
                continue;
            }
            for (int a : network.consumers()[fact]) {
                work++;
                if (--lacking[a] == 0) {
                    if (a == network.goal()) {
                        return at;
                    }
                    if (chosen[a]) {
                        finish(a, at + network.time()[a]);
                    }
                }
            }
        }
        return NEVER;
    }

    private void finish(int action, long then) {
        for (int fact : network.add()[action]) {
            work++;
            if (then < key[fact]) {
                key[fact] = then;
                best[fact] = action;
                heap.add(then, fact);
            }
        }
    }

    /// What the goal builds upon, each action after what it builds upon itself.
    private int[] used(int[] support) {
        var used = new ArrayList<Integer>();
        var seen = new boolean[network.pre().length];
        // An action twice: to look at what it needs, and, as its complement, to be added.
        var stack = new ArrayDeque<Integer>();
        stack.push(network.goal());
        while (!stack.isEmpty()) {
            int action = stack.pop();
            if (action < 0) {
                used.add(~action);
                continue;
            }
            if (seen[action]) {
                continue;
            }
            seen[action] = true;
            stack.push(~action);
            for (int i = network.pre()[action].length - 1; i >= 0; i--) {
                int fact = network.pre()[action][i];
                support[fact] = best[fact];
                if (!seen[best[fact]]) {
                    stack.push(best[fact]);
                }
            }
        }
        used.removeLast();
        return used.stream().mapToInt(a -> a).toArray();
    }
}
