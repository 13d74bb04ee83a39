package dev.tutti.simulation;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I17 for plans: what a planner proposes amends the plan only once it is accepted, and where a
/// person must agree, only as that person saw it. I6: no amendment undoes what is done, and a
/// planner is not asked more often than it may be, unless a person says so.
final class PlansCheck extends Check {
    private final Map<String, Task> plan = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Map<Long, TaskId> reviews = new HashMap<>();
    private final Map<TaskId, Amendment> proposed = new HashMap<>();
    private final Set<TaskId> approved = new HashSet<>();
    private final Set<String> standIns = new HashSet<>();
    private @Nullable Planner planner;
    private @Nullable TaskId accepted;
    private int rounds;
    private boolean excused;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted e -> planner = e.planner();
            case Event.PlanAmended e -> amended(step, e.amendment());
            case Event.PlanProposed e -> proposed.put(e.task(), e.amendment());
            case Event.QuestionAsked e when e.question().purpose() == Question.Purpose.PLAN -> {
                var task = e.question().task();
                if (task != null) {
                    reviews.put(e.question().id(), task);
                }
            }
            case Event.QuestionClosed e -> closed(e);
            case Event.Intervened e -> {
                excused |= e.verb().equals("replan");
                if (e.verb().equals(StandIn.VERB)) {
                    standIns.addAll(e.tasks());
                }
            }
            case Event.ResultAccepted e -> {
                finished(e.task());
                accepted = plans(e.task()) ? e.task() : accepted;
            }
            case Event.OutputGiven e -> {
                finished(e.task());
                if (plans(e.task()) && standIns.remove(e.task().name())) {
                    accepted = e.task();
                }
            }
            case Event.Joined e -> done.add(e.task());
            case Event.TasksReset e -> done.removeAll(e.tasks());
            default -> {}
        }
    }

    private void closed(Event.QuestionClosed e) {
        var task = reviews.remove(e.question());
        if (task == null) {
            excused |= e.end() == Question.End.DECIDED;
        } else if (e.answer().equals(Value.text(Question.APPROVE))) {
            approved.add(task);
        } else {
            proposed.remove(task);
        }
    }

    private void finished(TaskId task) {
        if (task.item() == TaskId.WHOLE) {
            done.add(task.name());
        }
    }

    private boolean plans(TaskId id) {
        var task = plan.get(id.name());
        return task != null && task.plans();
    }

    private void amended(Step step, Amendment amendment) {
        for (var drop : amendment.drops()) {
            if (done.contains(drop)) {
                report("I6", step, drop + " is done and dropped by " + amendment.author());
            }
        }
        for (var task : amendment.tasks()) {
            if (plan.put(task.name(), task) != null) {
                report("I6", step, task.name() + " is added a second time");
            }
            if (task.plans()) {
                asked(step);
            }
        }
        if (planner != null && amendment.author().equals(planner.agent().value())) {
            proposed(step, amendment);
        }
    }

    private void asked(Step step) {
        rounds++;
        if (planner == null) {
            report("I6", step, "a planner is asked, and the run has none");
        } else if (rounds > planner.rounds() && !excused) {
            report(
                    "I6",
                    step,
                    "the planner is asked " + rounds + " times, it may be " + planner.rounds());
        }
    }

    private void proposed(Step step, Amendment amendment) {
        var task = accepted;
        accepted = null;
        if (task == null) {
            report("I17", step, "the planner amends the plan by nothing that was accepted");
            return;
        }
        if (planner == null || planner.approval() == null) {
            return;
        }
        if (!approved.remove(task)) {
            report("I17", step, "the plan is amended by " + task + " without approval");
        } else if (!amendment.equals(proposed.remove(task))) {
            report("I17", step, "the plan is amended by other than was approved");
        }
    }
}
