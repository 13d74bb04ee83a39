package dev.tutti.core.planner;

import dev.tutti.core.planner.Relaxation.Landmark;
import dev.tutti.core.planner.Sketch.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// A* from the goal backwards.
///
/// A state says for some of the facts that are needed which action yields them; it is done when it
/// says so for all. From each state one fact is settled, that with the fewest ways, so that no
/// state is met twice. What is still to pay is estimated by landmarks, handed on from state to
/// state (Pommerening and Helmert, Incremental LM-cut, ICAPS 2013), and by the longest path over
/// time and what the landmarks leave unpaid. Both hold for every plan, so the first state that is
/// done is the best plan.
///
/// Good plans are sketched on the way: when the search is cut short, the best of them is the
/// answer, and the least estimate that is left is what no plan can be better than.
final class Frontier {
    private static final int NOBODY = -1;

    /// States kept at once; more than that is cut short.
    private static final int MOST_STATES = 200_000;

    private final Network network;
    private final Relaxation relaxation;
    private final Sketch sketch;
    private final PriorityQueue<State> open =
            new PriorityQueue<>(
                    Comparator.comparingLong(State::value)
                            .thenComparing(State::depth, Comparator.reverseOrder())
                            .thenComparingLong(State::number));
    private final long most;
    private long made;
    private Plan best;
    private long bound;

    private Frontier(Network network, long most) {
        this.network = network;
        this.most = most;
        relaxation = new Relaxation(network);
        sketch = new Sketch(network);
        best = sketch.improve(sketch.first(), most / 4);
    }

    /// The best plan found, and what no plan can be better than.
    record Best(Plan plan, long bound) {}

    /// @param most facts and actions to look at
    static Best search(Network network, long most) {
        var frontier = new Frontier(network, most);
        frontier.run();
        return new Best(frontier.best, Math.min(frontier.bound, frontier.best.value()));
    }

    /// @param settled the fact that was settled last, or -1 at the root
    /// @param by the action that yields it
    /// @param landmarks of every plan from here on, without those paid by settled facts
    private record State(
            @Nullable State parent,
            int settled,
            int by,
            List<Landmark> landmarks,
            long value,
            int depth,
            long number) {}

    private void run() {
        var root = child(null, NOBODY, NOBODY);
        if (root != null) {
            open.add(root);
        }
        while (!open.isEmpty()) {
            var state = open.remove();
            bound = Math.max(bound, state.value());
            if (bound >= best.value()
                    || relaxation.work() + sketch.work() > most
                    || open.size() > MOST_STATES) {
                return;
            }
            expand(state);
        }
        bound = best.value();
    }

    private void expand(State from) {
        var state = from;
        while (true) {
            int[] support = support(state);
            int fact = next(support);
            if (fact == NOBODY) {
                consider(sketch.complete(chosen(support), support));
                return;
            }
            int[] producers = network.producers()[fact];
            if (producers.length > 1) {
                consider(sketch.complete(chosen(support), support));
                for (int producer : producers) {
                    var child = child(state, fact, producer);
                    if (child != null && child.value() < best.value()) {
                        open.add(child);
                    }
                }
                return;
            }
            // There is no choice: the same state, said in full.
            state =
                    new State(
                            state,
                            fact,
                            producers[0],
                            without(state.landmarks(), producers[0]),
                            state.value(),
                            state.depth() + 1,
                            made++);
        }
    }

    private void consider(Plan plan) {
        if (plan.value() < best.value()) {
            best = sketch.improve(plan, sketch.work() + most / 16);
        }
    }

    /// The state with one more fact settled; null where it leads to no plan.
    private @Nullable State child(@Nullable State parent, int fact, int by) {
        int[] support = support(parent);
        if (fact != NOBODY) {
            support[fact] = by;
        }
        var landmarks =
                new ArrayList<>(parent == null ? List.of() : without(parent.landmarks(), by));
        var left = network.cost().clone();
        long value = 0;
        for (var landmark : landmarks) {
            value += landmark.cost();
            for (int action : landmark.actions()) {
                left[action] -= landmark.cost();
            }
        }
        var chosen = chosen(support);
        for (int a = 0; a < left.length; a++) {
            if (chosen[a]) {
                value += network.cost()[a];
                left[a] = 0;
            }
        }
        relaxation.restrict(support);
        long path = relaxation.path(left);
        if (path >= Relaxation.NEVER) {
            return null;
        }
        value += path + relaxation.cuts(left, landmarks);
        return new State(
                parent,
                fact,
                by,
                landmarks,
                parent == null ? value : Math.max(value, parent.value()),
                parent == null ? 0 : parent.depth() + 1,
                made++);
    }

    private static List<Landmark> without(List<Landmark> landmarks, int action) {
        return landmarks.stream().filter(landmark -> !landmark.has(action)).toList();
    }

    private int[] free() {
        int[] support = new int[network.facts()];
        Arrays.fill(support, NOBODY);
        return support;
    }

    private int[] support(@Nullable State state) {
        int[] support = free();
        for (var at = state; at != null && at.settled() != NOBODY; at = at.parent()) {
            support[at.settled()] = at.by();
        }
        return support;
    }

    private boolean[] chosen(int[] support) {
        var chosen = new boolean[network.pre().length];
        for (int action : support) {
            if (action != NOBODY) {
                chosen[action] = true;
            }
        }
        return chosen;
    }

    /// The fact to settle: of those needed so far, one with the fewest producers; -1 when all are
    /// settled.
    private int next(int[] support) {
        int best = NOBODY;
        var seen = new boolean[network.facts()];
        int[] waiting = new int[network.facts()];
        int top = 0;
        for (int fact : network.pre()[network.goal()]) {
            seen[fact] = true;
            waiting[top++] = fact;
        }
        while (top > 0) {
            int fact = waiting[--top];
            if (support[fact] == NOBODY) {
                int ways = network.producers()[fact].length;
                if (best == NOBODY || ways < network.producers()[best].length) {
                    best = fact;
                }
                continue;
            }
            for (int need : network.pre()[support[fact]]) {
                if (!seen[need]) {
                    seen[need] = true;
                    waiting[top++] = need;
                }
            }
        }
        return best;
    }
}
