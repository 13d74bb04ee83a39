package dev.tutti.agents;

import dev.tutti.core.event.AgentId;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes agents that pretend (`uses: simulated`).
public final class SimulatedProvider implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("simulated");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        AgentId agent = settings.agent().id();
        return attempt -> Simulation.of(attempt.settings(), agent).perform(attempt);
    }
}
