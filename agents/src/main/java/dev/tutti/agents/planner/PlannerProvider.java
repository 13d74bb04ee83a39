package dev.tutti.agents.planner;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes planners that search (`uses: planner/search`).
public final class PlannerProvider implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("planner/search");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        Settings.require(settings.agent().settings());
        return new SearchPlanner();
    }
}
