package dev.tutti.agents;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes agents that are commands of this machine (`uses: process`).
public final class CommandProvider implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("process");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new CommandAgent(settings.base());
    }
}
