package dev.tutti.view;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.Collection;
import java.util.List;

/// Whether an amount of money leaves out what calls of models cost: of models that the team gives
/// no price. Nothing spent and not known what was spent must not look the same.
public final class Unpriced {
    /// Said beside an amount that is not all.
    public static final String NOTE = "calls of models without a price are not in it";

    private Unpriced() {}

    /// Whether what these agents used up is not all in the money.
    public static boolean is(Team team, Collection<AgentId> agents, Usage usage) {
        return usage.inputTokens() + usage.outputTokens() > 0
                && team.agents().stream()
                        .filter(agent -> agents.contains(agent.id()))
                        .anyMatch(agent -> lacksPrice(agent, usage));
    }

    /// Whether any task of a run is such.
    public static boolean is(Team team, Overview overview) {
        return overview.tasks().stream().anyMatch(task -> is(team, task.agents(), task.usage()));
    }

    /// Of several models any may have answered: one without a price is reckoned with unless money
    /// shows that another did.
    private static boolean lacksPrice(Agent agent, Usage usage) {
        if (!agent.uses().equals("llm")) {
            return false;
        }
        var models =
                agent.settings().get("model") instanceof Value.Array(var items)
                        ? items
                        : List.<Value>of();
        long without =
                models.stream()
                        .filter(model ->
                                model instanceof Value.Struct struct && struct.get("price") == null)
                        .count();
        return without > 0 && (without == models.size() || usage.usd().usd().signum() == 0);
    }
}
