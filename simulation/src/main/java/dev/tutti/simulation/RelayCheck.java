package dev.tutti.simulation;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I25: a task that is handed over goes to the one who was named and to nobody else, who is one to
/// whom it may go, no more often than it may, and never twice the same way with the same; a
/// conversation goes from turn to turn as it says, and has no more contributions than it may.
final class RelayCheck extends Check {
    private final Map<String, Task> declared = new HashMap<>();
    private final Map<TaskId, AgentId> holders = new HashMap<>();
    private final Map<TaskId, AgentId> latest = new HashMap<>();
    private final Map<TaskId, List<Event.HandedOver>> hands = new HashMap<>();
    private final Map<TaskId, Integer> contributions = new HashMap<>();
    private final Set<TaskId> looking = new HashSet<>();

    @Override
    void see(Step step) {
        if (step.event() instanceof Event.PlanAmended e) {
            e.tasks().forEach(task -> declared.put(task.name(), task));
        } else if (step.event() instanceof Event.TaskRevised e) {
            revised(e.task());
        } else if (step.event() instanceof Event.TasksReset e) {
            for (var all : List.of(holders, latest, hands, contributions)) {
                all.keySet().removeIf(id -> e.tasks().contains(id.name()));
            }
            looking.removeIf(id -> e.tasks().contains(id.name()));
        } else if (step.event() instanceof Event.Rerouted e) {
            holders.remove(e.task());
        } else if (step.event() instanceof Event.ResultProposed e) {
            looking.add(e.task());
        } else if (step.event() instanceof Event.AttemptEnded e) {
            if (e.failure() instanceof dev.tutti.core.event.Failure.Rejected) {
                looking.remove(e.task());
            }
        } else if (step.event() instanceof Event.Assigned e) {
            assigned(step, e.task(), e.agent());
        } else if (step.event() instanceof Event.ChildStarted e) {
            if (e.agent() != null) {
                assigned(step, e.task(), e.agent());
            }
        } else if (step.event() instanceof Event.HandedOver e) {
            handedOver(step, e);
        } else if (step.event() instanceof Event.Iterated e) {
            iterated(step, e);
        } else if (step.event() instanceof Event.ResultAccepted e) {
            accepted(step, e.task());
        }
    }

    private @Nullable Passing passing(TaskId id) {
        var task = declared.get(id.name());
        return task == null ? null : task.passing();
    }

    private void revised(Task task) {
        var before = declared.put(task.name(), task);
        if (before != null && !before.performer().equals(task.performer())) {
            holders.keySet().removeIf(id -> id.name().equals(task.name()));
        }
    }

    private void assigned(Step step, TaskId id, AgentId agent) {
        var holder = holders.get(id);
        if (holder != null && !looking.contains(id) && !holder.equals(agent)) {
            report("I25", step, id + " goes to " + agent + ", though it is " + holder + "'s");
        }
        if (passing(id) instanceof Group group
                && !looking.contains(id)
                && !group.agents().contains(agent)
                && !agent.equals(group.moderator())) {
            report("I25", step, agent + " has a turn of " + id + " and is no member");
        }
        if (!looking.contains(id)) {
            latest.put(id, agent);
        }
    }

    private void handedOver(Step step, Event.HandedOver e) {
        var before = hands.computeIfAbsent(e.task(), _ -> new ArrayList<>());
        if (!(passing(e.task()) instanceof HandOff(var to, int max))) {
            report("I25", step, e.task() + " is handed over and may not be");
        } else if (!to.contains(e.to()) || e.to().equals(e.from())) {
            report(
                    "I25",
                    step,
                    e.task() + " is handed over to " + e.to() + ", who may not have it");
        } else if (before.size() >= max) {
            report("I25", step, e.task() + " is handed over more than " + max + " times");
        }
        if (!e.from().equals(latest.get(e.task()))) {
            report("I25", step, e.from() + " hands over " + e.task() + " without having it");
        }
        if (before.stream()
                .anyMatch(one ->
                        one.from().equals(e.from())
                                && one.to().equals(e.to())
                                && one.what().equals(e.what()))) {
            report("I25", step, e.task() + " is handed over in a circle");
        }
        before.add(e);
        holders.put(e.task(), e.to());
    }

    private void iterated(Step step, Event.Iterated e) {
        looking.remove(e.task());
        if (!(passing(e.task()) instanceof Group group)) {
            holders.remove(e.task());
            hands.remove(e.task());
            return;
        }
        if (e.next() == null
                || !(group.agents().contains(e.next()) || e.next().equals(group.moderator()))) {
            report("I25", step, "nobody of " + e.task() + " is next: " + e.next());
            return;
        }
        holders.put(e.task(), e.next());
        var by = latest.get(e.task());
        if (by != null && !by.equals(group.moderator())) {
            int said = contributions.merge(e.task(), 1, Integer::sum);
            bounded(step, e.task(), group, said + 1);
        }
    }

    private void accepted(Step step, TaskId id) {
        looking.remove(id);
        if (passing(id) instanceof Group group) {
            var by = latest.get(id);
            boolean last = by != null && !by.equals(group.moderator());
            bounded(step, id, group, contributions.getOrDefault(id, 0) + (last ? 1 : 0));
        }
    }

    private void bounded(Step step, TaskId id, Group group, int turns) {
        if (turns > group.max()) {
            report("I25", step, id + " has " + turns + " turns of " + group.max());
        }
    }
}
