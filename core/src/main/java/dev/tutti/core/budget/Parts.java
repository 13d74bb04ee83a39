package dev.tutti.core.budget;

import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import org.pcollections.HashTreePMap;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;

/// The attempts, tasks and runs that runs within may have of a run's budget, and have had.
///
/// @param begun how many runs the run itself began
/// @param aside the parts of runs within that have not said what they used, by the attempt that
///   each is
/// @param held all of it together
/// @param used by runs within that have
/// @param waiting tasks that wait to be runs until others give back, with what each needs
public record Parts(
        int begun, PMap<Long, Tally> aside, Tally held, Tally used, PMap<TaskId, Tally> waiting) {
    static final Parts NONE =
            new Parts(0, HashTreePMap.empty(), Tally.NONE, Tally.NONE, OrderedPMap.empty());

    /// What runs within have used or may still use.
    public Tally taken() {
        return held.plus(used);
    }

    /// The part of a run within.
    public Tally aside(long token) {
        return aside.getOrDefault(token, Tally.NONE);
    }

    Parts begin(long token, Tally part) {
        return new Parts(
                begun + 1,
                part.isNone() ? aside : aside.plus(token, part),
                held.plus(part),
                used,
                waiting);
    }

    Parts returned(long token, Tally took) {
        return new Parts(
                begun, aside.minus(token), held.minus(aside(token)), used.plus(took), waiting);
    }

    Parts await(TaskId task, Tally need) {
        return need.isNone() ? this : new Parts(begun, aside, held, used, waiting.plus(task, need));
    }

    Parts goesOn(TaskId task) {
        return waiting.containsKey(task)
                ? new Parts(begun, aside, held, used, waiting.minus(task))
                : this;
    }
}
