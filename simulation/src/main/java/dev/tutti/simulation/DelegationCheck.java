package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Passing.Delegation;
import dev.tutti.core.event.Passing.Errand;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I30: a part of a task is begun only for a task that may delegate, by the agent that has it, to
/// one of those that it may ask, no more often than it may and never twice under one name; and who
/// waits for parts goes on when all of them are over, not before.
final class DelegationCheck extends Check {
    private final Map<String, Task> declared = new HashMap<>();
    private final Map<TaskId, String> atWork = new HashMap<>();
    private final Map<TaskId, List<Errand>> asked = new HashMap<>();
    private final Map<TaskId, Set<String>> awaited = new HashMap<>();
    private final Set<String> over = new HashSet<>();
    private final Set<String> joined = new HashSet<>();

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.PlanAmended e -> amended(step, e);
            case Event.TaskRevised e -> declared.put(e.task().name(), e.task());
            case Event.TasksReset e -> {
                over.removeAll(e.tasks());
                joined.removeAll(e.tasks());
                awaited.keySet().removeIf(id -> e.tasks().contains(id.name()));
            }
            case Event.TaskReady e -> goesOn(step, e.task());
            case Event.Assigned e -> atWork.put(e.task(), e.agent().value());
            case Event.ErrandsAwaited e -> awaits(step, e);
            // A person lets it begin without them, or is asked how it goes on.
            case Event.InputGiven e -> awaited.remove(e.task());
            case Event.QuestionAsked e -> awaited.remove(e.question().task());
            // Nobody needs the other items any more.
            case Event.Joined e -> joined.add(e.task());
            case Event.AttemptEnded e -> atWork.remove(e.task());
            case Event.ResultAccepted e -> finished(e.task());
            case Event.OutputGiven e -> finished(e.task());
            case Event.TaskSkipped e -> finished(e.task());
            case Event.TaskFailed e -> finished(e.task());
            case Event.Ended e -> {
                awaited.keySet().removeIf(id -> joined.contains(id.name()));
                if (e.status() == Status.SUCCEEDED && !awaited.isEmpty()) {
                    report("I30", step, "nobody went on with " + awaited.keySet());
                }
            }
            default -> {}
        }
    }

    private void finished(TaskId id) {
        atWork.remove(id);
        awaited.remove(id);
        if (id.item() == TaskId.WHOLE) {
            over.add(id.name());
            // With a fan-out its items are over, those too that wait.
            awaited.keySet().removeIf(item -> item.name().equals(id.name()));
        }
    }

    private void amended(Step step, Event.PlanAmended e) {
        for (var task : e.tasks()) {
            declared.put(task.name(), task);
            if (task.passing() instanceof Errand errand) {
                begun(step, e.author(), task, errand);
            }
        }
    }

    private void begun(Step step, String author, Task task, Errand errand) {
        var by = declared.get(errand.by().name());
        var before = asked.computeIfAbsent(errand.by(), _ -> new ArrayList<>());
        if (by == null || !(by.passing() instanceof Delegation(var to, int max))) {
            report("I30", step, task.name() + " is begun for a task that may not delegate");
        } else if (!to.contains(performer(task))) {
            report("I30", step, task.name() + " is not for " + performer(task));
        } else if (before.size() >= max) {
            report("I30", step, errand.by() + " has delegated more than " + max + " times");
        }
        if (before.contains(errand)) {
            report("I30", step, errand.by() + " has asked for " + errand.name() + " before");
        }
        if (!author.equals(atWork.get(errand.by()))) {
            report("I30", step, author + " delegates a part of " + errand.by() + " without it");
        }
        before.add(errand);
    }

    private static String performer(Task task) {
        return switch (task.performer()) {
            case Performer.BySkill(var skill, _, _) -> skill.value();
            case Performer.ByAgent(var agent) -> agent.value();
            case Performer.ByWorkflow _, Performer.ByMessage _ -> "nobody";
        };
    }

    private void awaits(Step step, Event.ErrandsAwaited e) {
        for (var name : e.errands()) {
            var task = declared.get(name);
            if (task == null
                    || !(task.passing() instanceof Errand(var by, _))
                    || !by.equals(e.task())) {
                report("I30", step, e.task() + " waits for " + name + ", which is not its own");
            }
        }
        awaited.put(e.task(), new LinkedHashSet<>(e.errands()));
    }

    private void goesOn(Step step, TaskId id) {
        var parts = awaited.remove(id);
        if (parts != null && !over.containsAll(parts)) {
            parts.removeAll(over);
            report("I30", step, id + " goes on, and these are not over: " + parts);
        }
    }
}
