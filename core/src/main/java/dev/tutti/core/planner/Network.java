package dev.tutti.core.planner;

import dev.tutti.core.planner.Variant.Condition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Facts and variants as numbers, only those that a good plan can contain.
///
/// Facts that are known from the start are left out. The last action stands for the goal: it needs
/// what is wanted, costs nothing and yields nothing.
///
/// @param conditions what the facts stand for
/// @param variants what the actions stand for, without the goal
/// @param pre the facts that each action needs
/// @param add the facts that each action yields
/// @param consumers the actions that need each fact
/// @param producers the actions that yield each fact
/// @param cost of each action, in units
/// @param time of each action, in units
record Network(
        List<Condition> conditions,
        List<Variant> variants,
        int[][] pre,
        int[][] add,
        int[][] consumers,
        int[][] producers,
        long[] cost,
        long[] time) {

    int facts() {
        return conditions.size();
    }

    int goal() {
        return pre.length - 1;
    }

    /// What can be had and is of use, and of it nothing that something else does as well.
    static Network of(Grounding grounding, Prices prices) {
        var reach = Reach.of(grounding);
        var needed = needed(grounding, reach);
        var all = new ArrayList<Candidate>();
        for (var variant : grounding.variants()) {
            if (!variant.conditions().stream().allMatch(reach::met)) {
                continue;
            }
            int[] add = numbers(grounding.met(variant), needed);
            if (add.length > 0) {
                all.add(
                        new Candidate(
                                variant,
                                numbers(variant.conditions(), needed),
                                add,
                                prices.cost(variant),
                                prices.time(variant)));
            }
        }
        return of(
                List.copyOf(needed.keySet()),
                undominated(all, needed.size()),
                numbers(grounding.wanted(), needed));
    }

    /// The conditions that are not known and that lead to what is wanted, numbered.
    private static Map<Condition, Integer> needed(Grounding grounding, Reach reach) {
        var byMet = new LinkedHashMap<Condition, List<Variant>>();
        for (var variant : reach.usable()) {
            for (var condition : grounding.met(variant)) {
                byMet.computeIfAbsent(condition, _ -> new ArrayList<>()).add(variant);
            }
        }
        var needed = new LinkedHashMap<Condition, Integer>();
        var waiting = new ArrayDeque<>(grounding.wanted());
        while (!waiting.isEmpty()) {
            var condition = waiting.remove();
            if (grounding.known(condition) == null
                    && needed.putIfAbsent(condition, needed.size()) == null) {
                for (var variant : byMet.getOrDefault(condition, List.of())) {
                    waiting.addAll(variant.conditions());
                }
            }
        }
        return needed;
    }

    /// @param pre sorted
    /// @param add sorted
    private record Candidate(Variant variant, int[] pre, int[] add, long cost, long time) {
        /// Whether this does all that `other` does, with no more than it needs, for no more.
        boolean replaces(Candidate other) {
            return cost <= other.cost
                    && time <= other.time
                    && within(other.add, add)
                    && within(pre, other.pre);
        }

        private static boolean within(int[] some, int[] all) {
            int at = 0;
            for (int one : some) {
                while (at < all.length && all[at] < one) {
                    at++;
                }
                if (at == all.length || all[at] != one) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Candidate> undominated(List<Candidate> all, int facts) {
        var byFact = new ArrayList<List<Integer>>();
        for (int fact = 0; fact < facts; fact++) {
            byFact.add(new ArrayList<>());
        }
        for (int i = 0; i < all.size(); i++) {
            for (int fact : all.get(i).add()) {
                byFact.get(fact).add(i);
            }
        }
        var kept = new ArrayList<Candidate>();
        for (int i = 0; i < all.size(); i++) {
            var one = all.get(i);
            int self = i;
            boolean replaced =
                    byFact.get(one.add()[0]).stream()
                            .anyMatch(other ->
                                    other != self
                                            && all.get(other).replaces(one)
                                            && (other < self || !one.replaces(all.get(other))));
            if (!replaced) {
                kept.add(one);
            }
        }
        return kept;
    }

    private static Network of(List<Condition> conditions, List<Candidate> kept, int[] goal) {
        int actions = kept.size() + 1;
        var pre = new int[actions][];
        var add = new int[actions][];
        var cost = new long[actions];
        var time = new long[actions];
        for (int a = 0; a < kept.size(); a++) {
            pre[a] = kept.get(a).pre();
            add[a] = kept.get(a).add();
            cost[a] = kept.get(a).cost();
            time[a] = kept.get(a).time();
        }
        pre[actions - 1] = goal;
        add[actions - 1] = new int[0];
        return new Network(
                conditions,
                kept.stream().map(Candidate::variant).toList(),
                pre,
                add,
                inverse(pre, conditions.size()),
                inverse(add, conditions.size()),
                cost,
                time);
    }

    private static int[][] inverse(int[][] of, int size) {
        int[] counts = new int[size];
        for (int[] row : of) {
            for (int to : row) {
                counts[to]++;
            }
        }
        var inverse = new int[size][];
        for (int to = 0; to < size; to++) {
            inverse[to] = new int[counts[to]];
        }
        Arrays.fill(counts, 0);
        for (int from = 0; from < of.length; from++) {
            for (int to : of[from]) {
                inverse[to][counts[to]++] = from;
            }
        }
        return inverse;
    }

    private static int[] numbers(List<Condition> conditions, Map<Condition, Integer> numbers) {
        return conditions.stream()
                .map(numbers::get)
                .filter(number -> number != null)
                .mapToInt(number -> number)
                .sorted()
                .distinct()
                .toArray();
    }
}
