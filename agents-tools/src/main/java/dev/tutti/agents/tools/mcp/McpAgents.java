package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.pins.Pins;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes agents that are one tool of a server (`uses: mcp`).
public final class McpAgents implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("mcp");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new McpAgent(
                settings.agent().id().value(),
                settings.base(),
                new Pins(settings.store(), settings.base()));
    }
}
