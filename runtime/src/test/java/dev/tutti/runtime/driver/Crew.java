package dev.tutti.runtime.driver;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.journal.Journal;
import java.time.Clock;
import java.util.List;

/// A team whose agents are all performed by one executor.
final class Crew {
    private Crew() {}

    /// A driver of its own over the journal.
    static Driver drive(Journal journal, Team team, AgentExecutor executor) {
        var executors =
                new Executors() {
                    @Override
                    public boolean has(Agent agent) {
                        return true;
                    }

                    @Override
                    public AgentExecutor of(String hash, Agent agent) {
                        return executor;
                    }

                    @Override
                    public List<Upkeep> upkeep() {
                        return List.of();
                    }

                    @Override
                    public void close() {}
                };
        return Driver.start(
                new Driver.Parts(
                        journal,
                        new MemoryArtifacts(),
                        _ -> team,
                        executors,
                        new Expressions(),
                        Value.Struct.EMPTY,
                        Clock.systemUTC()));
    }
}
