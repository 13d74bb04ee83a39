package dev.tutti.core.run;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;

/// What the runtime must do once events are on disk.
public sealed interface Action {

    /// Find a place at an agent for a task that became ready.
    record Seek(TaskId task, Performer performer) implements Action {}

    /// Let the agent perform the attempt.
    record Perform(
            TaskId task,
            Performer performer,
            long token,
            AgentId agent,
            int attempt,
            Value.Struct input)
            implements Action {}

    /// Interrupt an attempt, if it still runs. It reports all the same.
    record Stop(long token) implements Action {}

    /// An attempt that no process is performing: report it as crashed.
    record Orphaned(long token) implements Action {}

    /// What a fresh event asks for.
    ///
    /// @param before the state the event was appended to
    static List<Action> of(RunState before, Event event) {
        return switch (event) {
            case Event.TaskReady e ->
                    List.of(new Seek(e.task(), before.declaration(e.task()).performer()));
            case Event.Assigned e ->
                    List.of(
                            new Perform(
                                    e.task(),
                                    before.declaration(e.task()).performer(),
                                    e.token(),
                                    e.agent(),
                                    e.attempt(),
                                    before.task(e.task()).input()));
            case Event.AttemptEnded e -> List.of(new Stop(e.token()));
            case Event.Closing _ -> before.open().keySet().stream().<Action>map(Stop::new).toList();
            case Event.RunStarted _,
                    Event.Ended _,
                    Event.Refused _,
                    Event.PlanAmended _,
                    Event.FannedOut _,
                    Event.TaskSkipped _,
                    Event.TaskFailed _,
                    Event.ArtifactStored _,
                    Event.ResultAccepted _,
                    Event.Joined _,
                    Event.TimerSet _,
                    Event.TimerFired _ ->
                    List.of();
        };
    }

    /// What is still to be done after a load: whatever has no recorded outcome.
    static List<Action> outstanding(RunState state) {
        var actions = new ArrayList<Action>();
        state.open().keySet().forEach(token -> actions.add(new Orphaned(token)));
        if (state.ending() == null && !state.status().isFinal()) {
            state.readyTasks()
                    .forEach(id -> actions.add(new Seek(id, state.declaration(id).performer())));
        }
        return actions;
    }

    /// How an orphaned attempt ended.
    static Failure orphaned() {
        return new Failure.Crashed();
    }
}
