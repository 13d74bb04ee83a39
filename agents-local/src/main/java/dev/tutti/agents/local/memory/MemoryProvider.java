package dev.tutti.agents.local.memory;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.time.Clock;
import java.util.List;

/// Makes agents that recall what earlier runs told (`uses: local/memory`).
public final class MemoryProvider implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("local/memory");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new RecallAgent(settings, Clock.systemUTC());
    }
}
