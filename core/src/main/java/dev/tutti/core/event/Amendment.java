package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A change of a plan.
///
/// @param base the version of the plan that the author saw: the number of earlier amendments
/// @param author `workflow`, `run`, `undo`, `operator`, or the name of an agent
/// @param reason why, in words
/// @param tasks what is added
/// @param drops tasks that are not finished, or have failed, and that the plan goes on without
/// @param output the template of the run's output from now on, or null where it stays
/// @param partial whether the plan is to grow once all of it is done
/// @param progress whether the author sees the run getting nearer to its goal
/// @param ledger what the author knows, guesses and still misses, for the next round to read
public record Amendment(
        int base,
        String author,
        String reason,
        List<Task> tasks,
        List<String> drops,
        @Nullable Value output,
        boolean partial,
        boolean progress,
        Value.Struct ledger) {

    /// The run itself, where it asks its planner again.
    public static final String RUN = "run";

    public Amendment {
        tasks = List.copyOf(tasks);
        drops = List.copyOf(drops);
    }

    /// One that only adds tasks.
    public Amendment(int base, String author, String reason, List<Task> tasks) {
        this(base, author, reason, tasks, List.of(), null, false, true, Value.Struct.EMPTY);
    }

    /// The same, of another version of the plan.
    public Amendment at(int version) {
        return new Amendment(
                version, author, reason, tasks, drops, output, partial, progress, ledger);
    }

    /// The same, but without these tasks as well.
    public Amendment without(List<String> others) {
        var all = new java.util.LinkedHashSet<>(drops);
        all.addAll(others);
        return new Amendment(
                base, author, reason, tasks, List.copyOf(all), output, partial, progress, ledger);
    }
}
