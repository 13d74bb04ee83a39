package dev.tutti.agents.http;

import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.time.Duration;
import java.util.List;

/// Makes agents that are services (`uses: http`).
public final class HttpProvider implements AgentProvider {
    private static final Duration OPEN_FOR = Duration.ofSeconds(30);

    @Override
    public List<String> uses() {
        return List.of("http");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new HttpAgent(new Breaker(OPEN_FOR));
    }
}
