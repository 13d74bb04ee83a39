package dev.tutti.core.dispatch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// Gives many tasks to many agents at once, so that what all of it costs together is little.
///
/// The auction algorithm (Bertsekas, *The Auction Algorithm: A Distributed Relaxation Method for
/// the Assignment Problem*, Annals of Operations Research 14, 1988) with alike objects for the
/// places of one agent (Bertsekas and Castañon, 1989). A task that has no place takes the place
/// that is best for it at the prices that stand, and raises its price by what the place is better
/// than its next best, and a little; whoever had it looks anew. Prices begin at zero and are raised
/// only by those who take a place, so that what comes out costs at most that little more for each
/// task than the cheapest way, with fewer tasks than places as well. A task may also have to wait,
/// which costs more than any bid: it waits only where others fill all places that it could have.
///
/// A pure function: the same in, the same out.
public final class Assignment {
    /// What the raise of one bid is, in parts of what a task costs at least.
    private static final double SLACK = 0.03;

    /// How many times the dearest bid it costs to wait.
    private static final double WAITING = 4;

    /// Raises are never smaller than this part of the dearest bid, so that it comes to an end soon
    /// where most bids cost nothing.
    private static final double FINEST = 1.0 / 20_000;

    /// The most bids in one assignment, for each task; then those left take what is free.
    private static final long MOST_BIDS = 20_000;

    private final List<List<Edge>> edges;
    private final int[] has;
    private final List<PriorityQueue<Slot>> slots;
    private final double raise;
    private final double waiting;

    /// What a task would cost at an agent.
    ///
    /// @param agent its place among the agents
    /// @param cost at least 0
    public record Edge(int agent, double cost) {}

    /// A place of an agent.
    ///
    /// @param task who has it, or -1
    private record Slot(double price, int number, int task) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int order = Double.compare(price, other.price);
            return order == 0 ? Integer.compare(number, other.number) : order;
        }
    }

    private Assignment(List<List<Edge>> edges, int[] places, double raise, double waiting) {
        this.edges = edges;
        this.raise = raise;
        this.waiting = waiting;
        has = new int[edges.size()];
        Arrays.fill(has, -1);
        slots =
                Arrays.stream(places)
                        .mapToObj(count -> {
                            var queue = new PriorityQueue<Slot>();
                            for (int i = 0; i < Math.min(count, edges.size()); i++) {
                                queue.add(new Slot(0, i, -1));
                            }
                            return queue;
                        })
                        .toList();
    }

    /// The agent for each task, or -1 for one that must wait.
    ///
    /// @param edges what each task would cost at whom
    /// @param places how many tasks each agent takes
    public static int[] of(List<List<Edge>> edges, int[] places) {
        double least = 0;
        double most = 0;
        for (var task : edges) {
            double own = Double.POSITIVE_INFINITY;
            for (var edge : task) {
                own = Math.min(own, edge.cost());
                most = Math.max(most, edge.cost());
            }
            least += task.isEmpty() ? 0 : own;
        }
        double mean = edges.isEmpty() ? 0 : least / edges.size();
        double dearest = most > 0 ? most : 1;
        double raise = Math.max(mean * SLACK, dearest * FINEST);
        var assignment = new Assignment(edges, places, raise, dearest * WAITING);
        assignment.run();
        return assignment.has;
    }

    private void run() {
        var looking = new ArrayDeque<Integer>();
        for (int task = 0; task < has.length; task++) {
            looking.add(task);
        }
        long left = MOST_BIDS * Math.max(1, has.length);
        while (!looking.isEmpty() && left-- > 0) {
            int displaced = bid(looking.remove());
            if (displaced >= 0) {
                looking.add(displaced);
            }
        }
        for (var task : looking) {
            takeWhatIsFree(task);
        }
    }

    /// Takes the best place for a task; returns who had it, or -1.
    private int bid(int task) {
        Edge best = null;
        double bestCost = Double.POSITIVE_INFINITY;
        double next = waiting;
        for (var edge : edges.get(task)) {
            var slot = slots.get(edge.agent()).peek();
            if (slot == null) {
                continue;
            }
            double cost = edge.cost() + slot.price();
            if (cost < bestCost) {
                next = Math.min(next, bestCost);
                best = edge;
                bestCost = cost;
            } else {
                next = Math.min(next, cost);
            }
        }
        if (best == null || bestCost >= waiting) {
            return -1;
        }
        var queue = slots.get(best.agent());
        var slot = queue.remove();
        var second = queue.peek();
        if (second != null) {
            next = Math.min(next, best.cost() + second.price());
        }
        double price = slot.price() + Math.max(0, next - bestCost) + raise;
        queue.add(new Slot(price, slot.number(), task));
        has[task] = best.agent();
        if (slot.task() >= 0) {
            has[slot.task()] = -1;
        }
        return slot.task();
    }

    private void takeWhatIsFree(int task) {
        Edge best = null;
        for (var edge : edges.get(task)) {
            boolean free = slots.get(edge.agent()).stream().anyMatch(slot -> slot.task() < 0);
            if (free && (best == null || edge.cost() < best.cost())) {
                best = edge;
            }
        }
        if (best == null) {
            return;
        }
        var queue = slots.get(best.agent());
        var slot = queue.stream().filter(one -> one.task() < 0).sorted().findFirst().orElseThrow();
        queue.remove(slot);
        queue.add(new Slot(slot.price(), slot.number(), task));
        has[task] = best.agent();
    }
}
