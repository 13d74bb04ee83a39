package dev.tutti.server.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Value;
import dev.tutti.document.BudgetDocument;
import dev.tutti.runtime.projection.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the API says of what runs share and use up: places at agents, who waits for one, budgets.
public final class ResourcePages {
    /// Unfinished runs that are looked at, the newest.
    private static final int MOST_RUNS = 500;

    private final Views views;
    private final RunPages runs;

    public ResourcePages(Views views, RunPages runs) {
        this.views = views;
        this.runs = runs;
    }

    private static final class Places {
        int places;
        int taken;
        int waiting;
    }

    /// Places and queues by agent, and the budgets of unfinished runs.
    public Value.Struct document() {
        var agents = new LinkedHashMap<AgentId, Places>();
        var budgets = new ArrayList<Value>();
        var now = Instant.now();
        var unfinished = runs.unfinished(RunFilter.ALL, null, MOST_RUNS).runs();
        for (var run : unfinished) {
            views.now(
                    run,
                    fold -> {
                        count(fold, agents);
                        if (!fold.state().ledger().cap().equals(Budget.NONE)) {
                            budgets.add(
                                    BudgetDocument.of(run, fold.state(), now)
                                            .with("goal", Value.text(fold.state().asked().name())));
                        }
                        return run;
                    });
        }
        var rows = new ArrayList<Value>();
        agents.forEach((agent, places) ->
                rows.add(
                        Value.struct(
                                "agent",
                                Rows.text(agent),
                                "places",
                                Value.of(places.places),
                                "taken",
                                Value.of(places.taken),
                                "waiting",
                                Value.of(places.waiting))));
        return Value.struct(
                "runs",
                Value.of(unfinished.size()),
                "agents",
                new Value.Array(rows),
                "budgets",
                new Value.Array(budgets));
    }

    /// A task that waits is counted at each agent that could do it.
    private void count(RunFold fold, Map<AgentId, Places> agents) {
        var team = views.team(fold);
        if (team.isEmpty()) {
            return;
        }
        for (var agent : team.get().agents()) {
            var places = agents.computeIfAbsent(agent.id(), _ -> new Places());
            places.places = Math.max(places.places, agent.limits().concurrency());
            places.taken += TaskPages.running(fold.state(), agent.id());
        }
        for (var task : fold.state().tasks().entrySet()) {
            if (task.getValue().phase() == TaskState.Phase.READY) {
                for (var agent :
                        Match.capable(team.get().agents(), fold.state().performer(task.getKey()))) {
                    agents.computeIfAbsent(agent.id(), _ -> new Places()).waiting++;
                }
            }
        }
    }
}
