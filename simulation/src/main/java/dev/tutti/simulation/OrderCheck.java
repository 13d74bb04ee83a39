package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// I6: a task begins only once enough of what it depends on is finished, is assigned only when it
/// is ready, and nothing begins once the run is closing.
final class OrderCheck extends Check {
    private final Map<String, Task> plan = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Set<String> skipped = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final Set<TaskId> ready = new HashSet<>();
    private boolean closing;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.PlanAmended e -> {
                e.tasks().forEach(task -> plan.put(task.name(), task));
                e.amendment().drops().stream().filter(failed::contains).forEach(skipped::add);
            }
            case Event.TaskFailed e -> failed.add(e.task().name());
            case Event.TaskRevised e -> plan.put(e.task().name(), e.task());
            case Event.TasksReset e -> {
                done.removeAll(e.tasks());
                skipped.removeAll(e.tasks());
                failed.removeAll(e.tasks());
                ready.removeIf(id -> e.tasks().contains(id.name()));
            }
            case Event.FannedOut e -> begins(step, e.task());
            case Event.TaskHeld e -> begins(step, e.task().name());
            case Event.Awaited e -> begins(step, e.task().name());
            case Event.ChildStarted e -> {
                begins(step, e.task().name());
                if (!ready.remove(e.task())) {
                    report("I6", step, e.task() + " becomes a run though it is not ready");
                }
            }
            case Event.OutputGiven e -> finished(e.task(), done);
            case Event.TaskReady e -> {
                begins(step, e.task().name());
                ready.add(e.task());
            }
            case Event.Assigned e -> {
                begins(step, e.task().name());
                if (!ready.remove(e.task())) {
                    report("I6", step, e.task() + " is assigned though it is not ready");
                }
            }
            case Event.ResultAccepted e -> finished(e.task(), done);
            case Event.TaskSkipped e -> finished(e.task(), skipped);
            case Event.Joined e -> done.add(e.task());
            case Event.Closing _, Event.Ended _ -> closing = true;
            case Event.RunStarted _,
                    Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Refused _,
                    Event.InputGiven _,
                    Event.PlanProposed _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.HandedOver _,
                    Event.ErrandsAwaited _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.AttemptEnded _,
                    Event.ResultProposed _,
                    Event.Iterated _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionAsked _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.QuestionAnswered _,
                    Event.QuestionClosed _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ -> {}
        }
    }

    private static void finished(TaskId task, Set<String> how) {
        if (task.item() == TaskId.WHOLE) {
            how.add(task.name());
        }
    }

    private void begins(Step step, String name) {
        var kind = step.event().getClass().getSimpleName();
        var task = plan.get(name);
        if (closing && (task == null || task.undoes() == null)) {
            report("I6", step, "a " + kind + " of " + name + " after the run is closing");
        }
        if (task == null) {
            report("I6", step, "a " + kind + " of " + name + ", which is not in the plan");
            return;
        }
        int need = task.join().need();
        var missing =
                task.dependencies().stream()
                        .filter(dependency ->
                                !done.contains(dependency)
                                        && (need > 0 || !skipped.contains(dependency)))
                        .toList();
        int there = task.dependencies().size() - missing.size();
        int needed = need == 0 ? task.dependencies().size() : need;
        if (!task.dependencies().isEmpty() && there < needed) {
            report(
                    "I6",
                    step,
                    "a "
                            + kind
                            + " of "
                            + name
                            + " before "
                            + missing
                            + " is finished; it needs "
                            + needed);
        }
    }
}
