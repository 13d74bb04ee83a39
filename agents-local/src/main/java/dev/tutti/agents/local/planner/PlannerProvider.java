package dev.tutti.agents.local.planner;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes planners that go by past plans (`uses: local/planner`).
public final class PlannerProvider implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("local/planner");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new LocalPlanner(settings);
    }
}
