package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I7: epochs never fall and tokens rise. I10: no more attempts than the policy allows, numbered
/// one by one, and no sooner than its pause after the one before.
final class AttemptsCheck extends Check {
    private final Map<String, Task.Retry> policies = new HashMap<>();
    private final Map<TaskId, Made> made = new HashMap<>();

    /// Tasks whose result is being looked at: a look is no attempt.
    private final Set<TaskId> looking = new HashSet<>();

    private long epoch;
    private long token;

    /// The attempts at a task so far.
    ///
    /// @param counted those that count against the policy
    /// @param earliest when the next may begin, or null
    /// @param last how the latest failed, or null
    private record Made(
            int number, int counted, @Nullable Instant earliest, @Nullable Failure last) {}

    @Override
    void see(Step step) {
        if (step.entry().epoch() < epoch) {
            report("I7", step, "epoch " + step.entry().epoch() + " writes after epoch " + epoch);
        }
        epoch = Math.max(epoch, step.entry().epoch());
        if (step.event() instanceof Event.PlanAmended e) {
            e.tasks().forEach(task -> policies.put(task.name(), task.retry()));
        } else if (step.event() instanceof Event.TaskRevised e) {
            policies.put(e.task().name(), e.task().retry());
        } else if (step.event() instanceof Event.TasksReset e) {
            made.keySet().removeIf(id -> e.tasks().contains(id.name()));
        } else if (step.event() instanceof Event.Rerouted e) {
            afresh(e.task());
        } else if (step.event() instanceof Event.HandedOver e) {
            afresh(e.task());
        } else if (step.event() instanceof Event.ResultProposed e) {
            looking.add(e.task());
        } else if (step.event() instanceof Event.ResultAccepted e) {
            looking.remove(e.task());
        } else if (step.event() instanceof Event.Iterated e) {
            looking.remove(e.task());
            afresh(e.task());
        } else if (step.event() instanceof Event.TaskHeld e) {
            afresh(e.task());
        } else if (step.event() instanceof Event.InputGiven e) {
            afresh(e.task());
        } else if (step.event() instanceof Event.QuestionAsked e
                && e.token() == 0
                && e.question().purpose() != Question.Purpose.CONSULT
                && e.question().task() != null) {
            afresh(e.question().task());
        } else if (step.event() instanceof Event.ChildStarted e) {
            made.merge(e.task(), new Made(1, 1, null, null), AttemptsCheck::and);
            token = Math.max(token, e.token());
        } else if (step.event() instanceof Event.Awaited e) {
            made.merge(e.task(), new Made(1, 1, null, null), AttemptsCheck::and);
            token = Math.max(token, e.token());
        } else if (step.event() instanceof Event.TimerSet e
                && e.timer() instanceof Timer.RetryDue(var task)) {
            pauses(step, task, e.due());
        } else if (step.event() instanceof Event.TimerFired e
                && e.timer() instanceof Timer.RetryDue(var task)) {
            made.computeIfPresent(
                    task, (_, one) -> new Made(one.number(), one.counted(), null, one.last()));
        } else if (step.event() instanceof Event.Assigned e) {
            assigned(step, e);
        } else if (step.event() instanceof Event.AttemptEnded e) {
            if (e.failure() instanceof Failure.Rejected) {
                looking.remove(e.task());
            }
            failed(step, e);
        }
    }

    private static Made and(Made before, Made one) {
        return new Made(
                before.number() + one.number(), before.counted() + one.counted(), null, null);
    }

    /// A person, another agent or the next iteration: attempts count from none again.
    private void afresh(TaskId task) {
        made.computeIfPresent(task, (_, before) -> new Made(before.number(), 0, null, null));
    }

    private Task.Retry policy(TaskId task) {
        return policies.getOrDefault(task.name(), Task.Retry.DEFAULT);
    }

    /// The pause lasts until its timer fires, by whatever the clock says then; so the timer must
    /// not be set too early.
    private void pauses(Step step, TaskId task, Instant due) {
        var before = made.get(task);
        if (before != null
                && before.earliest() != null
                && !step.copied()
                && due.isBefore(before.earliest().truncatedTo(ChronoUnit.MILLIS))) {
            report("I10", step, task + " pauses until " + due + ", not " + before.earliest());
        }
    }

    private void assigned(Step step, Event.Assigned e) {
        if (e.token() <= token) {
            report("I7", step, "token " + e.token() + " does not rise above " + token);
        }
        token = Math.max(token, e.token());
        var before = made.getOrDefault(e.task(), new Made(0, 0, null, null));
        if (e.attempt() != before.number() + 1) {
            report(
                    "I10",
                    step,
                    "attempt "
                            + e.attempt()
                            + " at "
                            + e.task()
                            + " follows attempt "
                            + before.number());
        }
        int most = policy(e.task()).attempts();
        boolean look = looking.contains(e.task());
        if (!look && before.counted() >= most) {
            report(
                    "I10",
                    step,
                    e.task() + " gets attempt " + (before.counted() + 1) + " of " + most);
        }
        if (before.last() != null && !before.last().retryable()) {
            report("I10", step, e.task() + " is tried again after " + before.last());
        }
        if (before.earliest() != null && !step.copied() && step.at().isBefore(before.earliest())) {
            report(
                    "I10",
                    step,
                    e.task() + " is tried again at " + step.at() + ", before " + before.earliest());
        }
        made.put(e.task(), new Made(e.attempt(), before.counted() + (look ? 0 : 1), null, null));
    }

    private void failed(Step step, Event.AttemptEnded e) {
        var before = made.getOrDefault(e.task(), new Made(0, 0, null, null));
        boolean interrupted =
                e.failure() instanceof Failure.Interrupted
                        || e.failure() instanceof Failure.Suspended;
        int counted = before.counted() - (interrupted ? 1 : 0);
        var earliest = interrupted ? null : step.at().plus(policy(e.task()).pauseAfter(counted));
        made.put(e.task(), new Made(before.number(), counted, earliest, e.failure()));
    }
}
