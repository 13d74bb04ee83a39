package dev.tutti.core.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place at an agent, and the locks that the task needs, set aside for it until the next commit.
///
/// @param agent whose place it is, or null for a task that is a run of its own
/// @param candidates who was considered, best first
/// @param choosing how the agent was chosen
public record Offer(
        TaskId task, @Nullable Agent agent, List<Candidate> candidates, Choosing choosing) {
    public Offer {
        candidates = List.copyOf(candidates);
    }

    /// Where nothing is said of the choice.
    public Offer(TaskId task, @Nullable Agent agent, List<Candidate> candidates) {
        this(task, agent, candidates, Choosing.UNSAID);
    }
}
