package dev.tutti.core.run;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a person can do to a run.
public sealed interface Verb {

    /// Nothing is dispatched and no timer runs until it is resumed.
    record Pause() implements Verb {}

    record Resume() implements Verb {}

    /// End without a result: attempts are asked to stop, and what can be taken back is.
    ///
    /// @param force whether attempts that have been asked are waited for no longer
    record Cancel(boolean force) implements Verb {}

    /// End at once: nothing is waited for, nothing taken back.
    record Terminate() implements Verb {}

    /// Give up tasks that are not finished; those after them go on without.
    record CancelTasks(List<String> tasks) implements Verb {
        public CancelTasks {
            tasks = List.copyOf(tasks);
        }
    }

    /// Do a task again, and what came after it.
    ///
    /// @param refire whether its effects may be done again as well
    record Retry(TaskId task, boolean refire) implements Verb {}

    /// Go on without a task, or with an output given by hand. Of a fan-out that is under way, what
    /// is done counts.
    record Skip(TaskId task, @Nullable Value output) implements Verb {}

    /// Gives a task other than it was given, or than it gave.
    sealed interface Edit extends Verb {}

    /// Do a task with another input.
    record EditInput(TaskId task, Value.Struct input) implements Edit {}

    /// Replace the output of a task; what came after it is done again.
    record EditOutput(String task, Value output) implements Edit {}

    /// Let this agent do a task.
    record Reassign(String task, AgentId agent) implements Verb {}

    /// Change the plan by hand.
    record Amend(Amendment amendment) implements Verb {}

    /// Let the planner look again.
    record Replan() implements Verb {}

    /// Allow the run more in all.
    ///
    /// @param budget what is raised; null stays as it is
    /// @param by whether it is by so much, or else to so much
    record RaiseBudget(Budget budget, boolean by) implements Verb {
        /// To so much.
        public RaiseBudget(Budget budget) {
            this(budget, false);
        }
    }

    /// Allow a task more.
    ///
    /// @param limit `attempts`, or one of the four time-outs: `queued`, `run`, `idle`, `overall`
    /// @param value a number of attempts, or milliseconds
    record Raise(String task, String limit, long value) implements Verb {}

    /// As commands and the journal say it.
    default String word() {
        return switch (this) {
            case Pause _ -> "pause";
            case Resume _ -> "resume";
            case Cancel _, CancelTasks _ -> "cancel";
            case Terminate _ -> "terminate";
            case Retry _ -> "retry";
            case Skip _ -> "skip";
            case EditInput _, EditOutput _ -> "edit";
            case Reassign _ -> "reassign";
            case Amend _ -> "amend";
            case Replan _ -> "replan";
            case Raise _, RaiseBudget _ -> "raise";
        };
    }
}
