package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// I2: a task ends once, and by a result only if that result is of the attempt under way. I3: a run
/// begins once and ends once, with nothing left open and nothing after it but refusals.
final class ResultsCheck extends Check {
    private final Map<TaskId, Long> running = new HashMap<>();
    private final Map<TaskId, String> ended = new HashMap<>();
    private final Set<TaskId> expected = new LinkedHashSet<>();
    private final Set<String> failed = new HashSet<>();
    private boolean started;
    private boolean over;

    @Override
    void see(Step step) {
        if (over && !(step.event() instanceof Event.Refused)) {
            report("I3", step, "a " + kind(step) + " follows the end of the run");
        }
        switch (step.event()) {
            case Event.RunStarted _ -> {
                if (started) {
                    report("I3", step, "the run starts a second time");
                }
                started = true;
            }
            case Event.Ended e -> end(step, e);
            case Event.PlanAmended e -> {
                e.tasks().forEach(task -> expected.add(TaskId.of(task.name())));
                e.amendment().drops().stream().filter(failed::contains).forEach(this::replaced);
            }
            case Event.PlanProposed e -> {
                if (running.getOrDefault(e.task(), 0L) != e.token()) {
                    report("I2", step, e.task() + " gives a plan by an attempt not under way");
                }
            }
            case Event.TaskReady e -> expected.add(e.task());
            case Event.TaskHeld e -> expected.add(e.task());
            case Event.Assigned e -> running.put(e.task(), e.token());
            case Event.ChildStarted e -> running.put(e.task(), e.token());
            case Event.Awaited e -> running.put(e.task(), e.token());
            case Event.Iterated e -> close(step, e.task(), e.token());
            case Event.HandedOver e -> close(step, e.task(), e.token());
            case Event.ResultProposed e -> close(step, e.task(), e.token());
            case Event.TasksReset e -> {
                ended.keySet().removeIf(id -> e.tasks().contains(id.name()));
                failed.removeAll(e.tasks());
                // What they run over may be shorter the next time.
                expected.removeIf(id -> id.item() != TaskId.WHOLE && e.tasks().contains(id.name()));
            }
            case Event.AttemptEnded e -> close(step, e.task(), e.token());
            case Event.ResultAccepted e -> {
                close(step, e.task(), e.token());
                ends(step, e.task());
            }
            case Event.OutputGiven e -> {
                ends(step, e.task());
                giveUpItems(e.task());
            }
            case Event.TaskSkipped e -> {
                ends(step, e.task());
                giveUpItems(e.task());
            }
            case Event.TaskFailed e -> {
                ends(step, e.task());
                failed.add(e.task().name());
            }
            case Event.Joined e -> ends(step, TaskId.of(e.task()));
            case Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Refused _,
                    Event.TaskRevised _,
                    Event.FannedOut _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.InputGiven _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
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
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionAsked _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
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
        if (!started && !(step.event() instanceof Event.Refused)) {
            report("I3", step, "a " + kind(step) + " comes before the start of the run");
            started = true;
        }
    }

    private void end(Step step, Event.Ended e) {
        if (!e.status().isFinal()) {
            report("I3", step, "the run ends as " + e.status().word());
        }
        if (!running.isEmpty()) {
            report("I3", step, "the run ends while attempts are under way: " + running);
        }
        if (e.failure() == null && e.status() == Status.SUCCEEDED) {
            expected.stream()
                    .filter(task -> !ended.containsKey(task))
                    .forEach(task ->
                            report(
                                    "I3",
                                    step,
                                    "the run succeeds though " + task + " has not ended"));
        }
        over = true;
    }

    /// The plan goes on without a task that failed.
    private void replaced(String name) {
        ended.putIfAbsent(TaskId.of(name), "replaced");
        giveUpItems(TaskId.of(name));
    }

    /// With the whole, the items of a fan-out are over that have not ended.
    private void giveUpItems(TaskId task) {
        if (task.item() == TaskId.WHOLE) {
            expected.stream()
                    .filter(id -> id.name().equals(task.name()))
                    .forEach(id -> ended.putIfAbsent(id, "given up"));
        }
    }

    private void close(Step step, TaskId task, long token) {
        var open = running.remove(task);
        if (open == null || open != token) {
            report(
                    "I2",
                    step,
                    "a "
                            + kind(step)
                            + " of attempt "
                            + token
                            + " at "
                            + task
                            + ", which is not under way");
        }
    }

    private void ends(Step step, TaskId task) {
        var before = ended.putIfAbsent(task, kind(step));
        if (before != null) {
            report("I2", step, task + " ends by " + kind(step) + " after it ended by " + before);
        }
    }

    private static String kind(Step step) {
        return step.event().getClass().getSimpleName();
    }
}
