package dev.tutti.core.planner;

import dev.tutti.core.planner.Variant.Condition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What can be had from what is known, whatever it costs.
final class Reach {
    private final Set<Condition> met = new LinkedHashSet<>();
    private final List<Variant> usable = new ArrayList<>();

    private Reach() {}

    static Reach of(Grounding grounding) {
        var reach = new Reach();
        var waiting = new LinkedHashMap<Condition, List<Integer>>();
        int[] lacking = new int[grounding.variants().size()];
        var ready = new ArrayDeque<Integer>();
        grounding.conditions().stream()
                .filter(condition -> grounding.known(condition) != null)
                .forEach(reach.met::add);
        for (int i = 0; i < lacking.length; i++) {
            for (var condition : grounding.variants().get(i).conditions()) {
                if (!reach.met.contains(condition)) {
                    lacking[i]++;
                    waiting.computeIfAbsent(condition, _ -> new ArrayList<>()).add(i);
                }
            }
            if (lacking[i] == 0) {
                ready.add(i);
            }
        }
        reach.spread(grounding, waiting, lacking, ready);
        return reach;
    }

    private void spread(
            Grounding grounding,
            Map<Condition, List<Integer>> waiting,
            int[] lacking,
            ArrayDeque<Integer> ready) {
        while (!ready.isEmpty()) {
            var variant = grounding.variants().get(ready.remove());
            usable.add(variant);
            for (var condition : grounding.met(variant)) {
                if (met.add(condition)) {
                    for (int next : waiting.getOrDefault(condition, List.of())) {
                        if (--lacking[next] == 0) {
                            ready.add(next);
                        }
                    }
                }
            }
        }
    }

    boolean met(Condition condition) {
        return met.contains(condition);
    }

    /// What can be used, each after what it builds upon.
    List<Variant> usable() {
        return usable;
    }
}
