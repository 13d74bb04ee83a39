package dev.tutti.core.run;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of one decision while it is being made, the state that they lead to, and the tasks of
/// the plan that they may have set free.
final class Draft {
    private final List<Decision.Step> steps = new ArrayList<>();
    private final Deque<String> toLookAt = new ArrayDeque<>();
    private RunState state;

    Draft(RunState state) {
        this.state = state;
    }

    void emit(Event event) {
        steps.add(new Decision.Step(state, event));
        state = state.evolve(event);
        switch (event) {
            case Event.PlanAmended e -> e.tasks().forEach(task -> toLookAt.add(task.name()));
            case Event.Joined e -> lookAtDependentsOf(e.task());
            case Event.TaskSkipped e -> finished(e.task());
            case Event.ResultAccepted e -> finished(e.task());
            case Event.RunStarted _,
                    Event.Closing _,
                    Event.Ended _,
                    Event.Refused _,
                    Event.FannedOut _,
                    Event.TaskReady _,
                    Event.TaskFailed _,
                    Event.Assigned _,
                    Event.AttemptEnded _,
                    Event.ArtifactStored _,
                    Event.TimerSet _,
                    Event.TimerFired _ -> {}
        }
    }

    private void finished(TaskId task) {
        if (task.item() == TaskId.WHOLE) {
            lookAtDependentsOf(task.name());
        } else {
            var fanIn = state.fanIns().get(task.name());
            if (fanIn != null && fanIn.open() == 0) {
                emit(new Event.Joined(task.name()));
            }
        }
    }

    private void lookAtDependentsOf(String name) {
        toLookAt.addAll(state.graph().dependentsOf(name));
    }

    /// The next task of the plan that may have become free to run, or null.
    @Nullable String next() {
        return toLookAt.poll();
    }

    RunState state() {
        return state;
    }

    /// The sequence number that the next event will have.
    long nextSequence() {
        return state.sequence() + 1;
    }

    Decision done() {
        return new Decision(steps, state, null);
    }
}
