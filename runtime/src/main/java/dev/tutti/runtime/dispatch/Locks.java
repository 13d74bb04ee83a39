package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Named locks, each held by one task at a time, all of a task's or none. Who waits is served in
/// the order of asking: no one overtakes another who wants one of the same locks.
final class Locks {
    private final Map<String, Holder> held = new LinkedHashMap<>();
    private final Set<Want> waiting = new LinkedHashSet<>();

    /// A task that holds locks.
    record Holder(StreamId run, TaskId task) {}

    /// Takes all locks of a task, or puts it in line.
    boolean take(Want want) {
        if (want.locks().isEmpty() || holds(want)) {
            return true;
        }
        var wanted = new LinkedHashSet<String>();
        waiting.forEach(other -> wanted.addAll(other.locks()));
        if (want.locks().stream()
                .anyMatch(lock -> held.containsKey(lock) || wanted.contains(lock))) {
            waiting.add(want);
            return false;
        }
        hold(new Holder(want.run(), want.task()), want.locks());
        return true;
    }

    Optional<Holder> holder(String lock) {
        return Optional.ofNullable(held.get(lock));
    }

    private boolean holds(Want want) {
        var holder = new Holder(want.run(), want.task());
        return want.locks().stream().allMatch(lock -> holder.equals(held.get(lock)));
    }

    void hold(Holder holder, List<String> locks) {
        locks.forEach(lock -> held.put(lock, holder));
    }

    /// The task holds nothing any more.
    ///
    /// @return those in line whose turn it is now; they hold their locks
    List<Want> release(StreamId run, TaskId task) {
        if (!held.values().removeIf(new Holder(run, task)::equals)) {
            return List.of();
        }
        return next();
    }

    private List<Want> next() {
        var turns = new ArrayList<Want>();
        var blocked = new LinkedHashSet<String>();
        for (var want : List.copyOf(waiting)) {
            if (want.locks().stream()
                    .noneMatch(lock -> held.containsKey(lock) || blocked.contains(lock))) {
                waiting.remove(want);
                hold(new Holder(want.run(), want.task()), want.locks());
                turns.add(want);
            }
            blocked.addAll(want.locks());
        }
        return turns;
    }

    /// The tasks of a run that wait for locks, or hold them without an attempt, want nothing more.
    ///
    /// @param atWork the tasks of the run that keep what they hold
    List<Want> forget(StreamId run, Set<TaskId> atWork) {
        waiting.removeIf(want -> want.run().equals(run));
        boolean freed =
                held.values()
                        .removeIf(holder ->
                                holder.run().equals(run) && !atWork.contains(holder.task()));
        return freed ? next() : List.of();
    }

    void sendAway() {
        waiting.clear();
    }

    boolean waits(StreamId run) {
        return waiting.stream().anyMatch(want -> want.run().equals(run));
    }

    /// Whether the run waits for locks or holds any.
    boolean anyOf(StreamId run) {
        return waits(run) || held.values().stream().anyMatch(one -> one.run().equals(run));
    }
}
