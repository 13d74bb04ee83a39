package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.evidence.Content;

/// What a task asks of the one who gives it away.
///
/// @param choice how its agent is chosen
/// @param priority greater goes first among the tasks of one tenant
/// @param rank how many seconds the longest way from its start to the end of its run is expected to
///   take
/// @param content what the task is about
/// @param weight how much of the places its run is to have, compared with the tenant's others
/// @param input of the task, where a program's own policy looks at it; otherwise empty
public record Wish(
        Terms.Choice choice,
        int priority,
        double rank,
        Content content,
        double weight,
        Value.Struct input) {
    /// Where nothing is asked.
    public static final Wish NONE = new Wish(Terms.Choice.ROUND_ROBIN, 0, 0, Content.UNKNOWN);

    /// Where all runs are to have the same.
    public Wish(Terms.Choice choice, int priority, double rank, Content content) {
        this(choice, priority, rank, content, 1, Value.Struct.EMPTY);
    }
}
