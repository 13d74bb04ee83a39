package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choosing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The agents of a team from which filters take out one after the other who may not have a task,
/// and note whom.
final class Sieve {
    /// Agents that a filter names, at most.
    private static final int MOST_NAMED = 8;

    private final List<Choosing.Filter> filters = new ArrayList<>();
    private List<Agent> left;

    Sieve(List<Agent> agents) {
        left = List.copyOf(agents);
    }

    /// Keeps those that pass.
    void keep(Choosing.Reason reason, Predicate<Agent> passes) {
        var out = left.stream().filter(passes.negate()).toList();
        left = left.stream().filter(passes).toList();
        if (!out.isEmpty()) {
            filters.add(
                    new Choosing.Filter(
                            reason,
                            out.stream().limit(MOST_NAMED).map(Agent::id).toList(),
                            out.size()));
        }
    }

    /// Those that passed all, in the order of the team.
    List<Agent> left() {
        return left;
    }

    /// Who was taken out, in the order in which it was done.
    List<Choosing.Filter> filters() {
        return List.copyOf(filters);
    }
}
