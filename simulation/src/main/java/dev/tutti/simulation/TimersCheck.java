package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// I11: a timer fires once for each time it is set, and not before it is due. I13: a run that has
/// not ended has an attempt under way, a task that is ready, or a timer.
final class TimersCheck extends Check {
    private final Map<Timer, Instant> timers = new HashMap<>();
    private final Set<Long> open = new HashSet<>();
    private final Set<TaskId> ready = new HashSet<>();
    private boolean started;
    private Status status = Status.RUNNING;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted _ -> started = true;
            case Event.Closing _ -> {
                status = Status.CLOSING;
                ready.clear();
            }
            case Event.Ended e -> status = e.status();
            case Event.TimerSet e -> timers.put(e.timer(), e.due());
            case Event.TimerFired e -> fired(step, e.timer());
            case Event.TaskReady e -> ready.add(e.task());
            case Event.Assigned e -> {
                ready.remove(e.task());
                open.add(e.token());
                if (e.due() != null) {
                    timers.put(new Timer.AttemptDue(e.token()), e.due());
                }
            }
            case Event.AttemptEnded e -> closed(e.token());
            case Event.ResultAccepted e -> closed(e.token());
            case Event.Refused _,
                    Event.PlanAmended _,
                    Event.FannedOut _,
                    Event.TaskSkipped _,
                    Event.TaskFailed _,
                    Event.ArtifactStored _,
                    Event.Joined _ -> {}
        }
    }

    private void closed(long token) {
        open.remove(token);
        timers.remove(new Timer.AttemptDue(token));
    }

    /// The journal keeps times to the microsecond, so that is how they are compared.
    private void fired(Step step, Timer timer) {
        var due = timers.remove(timer);
        if (due == null) {
            report("I11", step, timer + " fires though it is not set");
        } else if (step.at().isBefore(due.truncatedTo(ChronoUnit.MICROS))) {
            report("I11", step, timer + " fires at " + step.at() + ", before it is due at " + due);
        }
    }

    @Override
    void end(Step last) {
        if (started && !status.isFinal() && open.isEmpty() && ready.isEmpty() && timers.isEmpty()) {
            report(
                    "I13",
                    last,
                    "the run is "
                            + status.word()
                            + " with no attempt under way, no task ready and no timer set");
        }
    }
}
