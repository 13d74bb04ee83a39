package dev.tutti.simulation;

import dev.tutti.agents.SimulatedProvider;
import dev.tutti.core.event.Agent;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.driver.Executors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Simulated agents and no others.
public final class SimulatedExecutors implements Executors {
    public static final String SIMULATED = "simulated";

    private final SimulatedProvider provider = new SimulatedProvider();
    private final Map<String, AgentExecutor> made = new ConcurrentHashMap<>();

    @Override
    public boolean has(Agent agent) {
        return agent.uses().equals(SIMULATED);
    }

    @Override
    public AgentExecutor of(String team, Agent agent) {
        return made.computeIfAbsent(
                agent.id().value(),
                _ ->
                        provider.create(
                                new AgentSettings(agent, agent.uses(), Path.of(""), Path.of(""))));
    }

    @Override
    public List<Upkeep> upkeep() {
        return List.of();
    }

    @Override
    public void close() {}
}
