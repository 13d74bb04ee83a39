package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I11: a timer fires once for each time it is set, and not before it is due. I13: a run that has
/// not ended has an attempt under way, a task that is ready, an open question, or a timer.
final class TimersCheck extends Check {
    private final Map<Timer, Instant> timers = new HashMap<>();
    private final Set<Long> open = new HashSet<>();
    private final Set<TaskId> ready = new HashSet<>();
    private final Set<Long> questions = new HashSet<>();
    private boolean paused;
    private boolean started;
    private Status status = Status.RUNNING;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted _ -> started = true;
            case Event.Paused _ -> paused = true;
            case Event.Resumed e -> {
                paused = false;
                timers.replaceAll((_, due) -> due.plus(e.paused()));
            }
            case Event.Closing _ -> {
                status = Status.CLOSING;
                ready.clear();
            }
            case Event.Ended e -> status = e.status();
            case Event.TimerSet e -> timers.put(e.timer(), e.due());
            case Event.TimerFired e -> fired(step, e.timer());
            case Event.TaskReady e -> ready.add(e.task());
            case Event.TasksReset e -> {
                ready.removeIf(id -> e.tasks().contains(id.name()));
                timers.keySet().removeIf(timer -> e.tasks().contains(nameOf(timer)));
            }
            case Event.Assigned e -> opened(e.task(), e.token(), e.due());
            case Event.ChildStarted e -> opened(e.task(), e.token(), e.due());
            case Event.Awaited e -> opened(e.task(), e.token(), e.due());
            case Event.Announced e -> {
                if (e.deadline() != null) {
                    timers.put(new Timer.BidsDue(e.batch()), e.deadline());
                }
            }
            case Event.AttemptEnded e -> closed(e.token());
            case Event.Iterated e -> closed(e.token());
            case Event.HandedOver e -> closed(e.token());
            case Event.ResultProposed e -> closed(e.token());
            case Event.PlanProposed e -> {
                timers.remove(new Timer.AttemptDue(e.token()));
                timers.remove(new Timer.IdleDue(e.token()));
            }
            case Event.ResultAccepted e -> {
                closed(e.token());
                over(e.task());
            }
            case Event.OutputGiven e -> over(e.task());
            case Event.TaskSkipped e -> over(e.task());
            case Event.TaskFailed e -> over(e.task());
            case Event.QuestionAsked e -> questions.add(e.question().id());
            case Event.QuestionClosed e -> {
                questions.remove(e.question());
                timers.remove(new Timer.QuestionDue(e.question()));
                timers.remove(new Timer.ReminderDue(e.question()));
            }
            case Event.Expected e ->
                    timers.put(new Timer.ExpectedDue(step.entry().sequence()), e.due());
            case Event.ExpectationMet e -> timers.remove(new Timer.ExpectedDue(e.expected()));
            case Event.Unanswered e -> timers.remove(new Timer.ExpectedDue(e.expected()));
            case Event.Intervened _,
                    Event.Stalled _,
                    Event.Refused _,
                    Event.PlanAmended _,
                    Event.TaskRevised _,
                    Event.FannedOut _,
                    Event.TaskHeld _,
                    Event.InputGiven _,
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
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.QuestionAnswered _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.Joined _ -> {}
        }
    }

    private static String nameOf(Timer timer) {
        return switch (timer) {
            case Timer.RetryDue(var task) -> task.name();
            case Timer.QueueDue(var task) -> task.name();
            case Timer.OverallDue(var task) -> task.name();
            case Timer.AttemptDue _,
                    Timer.IdleDue _,
                    Timer.QuestionDue _,
                    Timer.ReminderDue _,
                    Timer.AnswerDue _,
                    Timer.ExpectedDue _,
                    Timer.BidsDue _,
                    Timer.BudgetDue _,
                    Timer.AlarmDue _,
                    Timer.CloseDue _ ->
                    "";
        };
    }

    private void opened(TaskId task, long token, @Nullable Instant due) {
        ready.remove(task);
        timers.remove(new Timer.QueueDue(task));
        open.add(token);
        if (due != null) {
            timers.put(new Timer.AttemptDue(token), due);
        }
    }

    /// With a task, its timers are over, and with a fan-out its items.
    private void over(TaskId task) {
        ready.remove(task);
        for (var timer :
                List.of(
                        new Timer.RetryDue(task),
                        new Timer.QueueDue(task),
                        new Timer.OverallDue(task))) {
            timers.remove(timer);
        }
        if (task.item() == TaskId.WHOLE) {
            ready.removeIf(id -> id.name().equals(task.name()));
            timers.keySet().removeIf(timer -> nameOf(timer).equals(task.name()));
        }
    }

    private void closed(long token) {
        open.remove(token);
        timers.remove(new Timer.AttemptDue(token));
        timers.remove(new Timer.IdleDue(token));
    }

    /// The journal keeps times to the microsecond, so that is how they are compared.
    private void fired(Step step, Timer timer) {
        var due = timers.remove(timer);
        if (due == null) {
            report("I11", step, timer + " fires though it is not set");
        } else if (!step.copied() && step.at().isBefore(due.truncatedTo(ChronoUnit.MICROS))) {
            report("I11", step, timer + " fires at " + step.at() + ", before it is due at " + due);
        }
    }

    @Override
    void end(Step last) {
        if (started
                && !status.isFinal()
                && !paused
                && open.isEmpty()
                && ready.isEmpty()
                && questions.isEmpty()
                && timers.keySet().stream().allMatch(Timer.BidsDue.class::isInstance)) {
            report(
                    "I13",
                    last,
                    "the run is "
                            + status.word()
                            + " with no attempt under way, no task ready, no question"
                            + " open and no timer set");
        }
    }
}
