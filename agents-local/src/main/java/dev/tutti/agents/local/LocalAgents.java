package dev.tutti.agents.local;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Provides `local/retriever`, `local/summarizer`, `local/composer` and `local/consensus`.
public final class LocalAgents implements AgentProvider {

    @Override
    public List<String> uses() {
        return List.of("local/retriever", "local/summarizer", "local/composer", "local/consensus");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return switch (settings.uses()) {
            case "local/retriever" -> new Retriever(settings);
            case "local/summarizer" -> new Summarizer(settings);
            case "local/composer" -> new Composer(settings);
            case "local/consensus" -> new ConsensusAgent(settings);
            default ->
                    throw new IllegalArgumentException(
                            "there is no " + settings.uses() + "; there are " + uses());
        };
    }
}
