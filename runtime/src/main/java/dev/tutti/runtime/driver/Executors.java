package dev.tutti.runtime.driver;

import dev.tutti.core.event.Agent;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Upkeep;
import java.util.List;

/// Where the driver finds the executor of an agent.
public interface Executors extends AutoCloseable {

    /// Whether there is an executor for the agent in this process.
    boolean has(Agent agent);

    /// The executor of an agent of a team; always the same one for the same agent.
    ///
    /// @param team hash of the team's definition
    /// @throws IllegalArgumentException when there is none, saying what to do
    AgentExecutor of(String team, Agent agent);

    /// What the executors made so far still have to do.
    List<Upkeep> upkeep();

    @Override
    void close();
}
