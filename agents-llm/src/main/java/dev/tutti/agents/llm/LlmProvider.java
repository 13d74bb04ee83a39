package dev.tutti.agents.llm;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes agents that use language models.
public final class LlmProvider implements AgentProvider {
    @Override
    public List<String> uses() {
        return List.of("llm");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new LlmAgent(settings);
    }
}
