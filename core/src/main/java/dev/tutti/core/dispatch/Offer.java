package dev.tutti.core.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.TaskId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place at an agent, set aside for a task until the next commit.
///
/// @param candidates who was considered, best first
/// @param timeout the longest that the agent lets an attempt run, or null
public record Offer(
        TaskId task, AgentId agent, List<Candidate> candidates, @Nullable Duration timeout) {
    public Offer {
        candidates = List.copyOf(candidates);
    }
}
