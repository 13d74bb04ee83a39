package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a ready task needs to begin its next attempt.
///
/// @param team hash of the team's definition: runs of one definition share its agents
/// @param excluded agents that had their attempts
/// @param preferred who comes first whoever's turn it is, or null
/// @param locks what no other attempt may hold meanwhile
/// @param wish how its agent is chosen, and when its turn is
/// @param denied agents that a rule of the task's policy takes out
public record Want(
        StreamId run,
        TaskId task,
        Performer performer,
        String team,
        List<AgentId> excluded,
        @Nullable AgentId preferred,
        List<String> locks,
        Wish wish,
        List<AgentId> denied) {
    /// Where any agent may have it.
    public Want(
            StreamId run,
            TaskId task,
            Performer performer,
            String team,
            List<AgentId> excluded,
            @Nullable AgentId preferred,
            List<String> locks,
            Wish wish) {
        this(run, task, performer, team, excluded, preferred, locks, wish, List.of());
    }

    /// Where nothing is asked.
    public Want(
            StreamId run,
            TaskId task,
            Performer performer,
            String team,
            List<AgentId> excluded,
            @Nullable AgentId preferred,
            List<String> locks) {
        this(run, task, performer, team, excluded, preferred, locks, Wish.NONE);
    }

    /// Who is asked first: the longest way to go first among those of a run.
    public static final Comparator<Want> ORDER =
            Comparator.comparingInt((Want want) -> -want.wish.priority())
                    .thenComparingDouble(want -> -want.wish.rank());

    public Want {
        excluded = List.copyOf(excluded);
        locks = List.copyOf(locks);
        denied = List.copyOf(denied);
    }
}
