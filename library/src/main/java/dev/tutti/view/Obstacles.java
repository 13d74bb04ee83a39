package dev.tutti.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import java.time.Instant;
import java.util.Optional;

/// What of its store may stand in the way of a task, beside its run.
public interface Obstacles {
    /// Nothing that is known of.
    Obstacles NONE =
            new Obstacles() {
                @Override
                public Optional<RunId> holder(String lock) {
                    return Optional.empty();
                }

                @Override
                public boolean isOff(AgentId agent) {
                    return false;
                }

                @Override
                public Optional<Instant> leftAlone(AgentId agent) {
                    return Optional.empty();
                }
            };

    /// The run whose attempt holds a lock.
    Optional<RunId> holder(String lock);

    /// Whether an agent is switched off.
    boolean isOff(AgentId agent);

    /// Until when an agent is left alone for failing; empty where it is not.
    Optional<Instant> leftAlone(AgentId agent);
}
