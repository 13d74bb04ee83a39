package dev.tutti.core.history;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// Where a value came into a run.
public sealed interface Source {

    /// The event that brought it.
    long at();

    /// The task, or null for the run as a whole.
    @Nullable TaskId task();

    /// What was brought.
    Value value();

    /// A task gave it.
    record Result(Contribution contribution) implements Source {
        @Override
        public long at() {
            return contribution.at();
        }

        @Override
        public TaskId task() {
            return contribution.task();
        }

        @Override
        public Value value() {
            return contribution.output();
        }
    }

    /// It was asked with the goal.
    record Asked(Value.Struct value) implements Source {
        @Override
        public long at() {
            return 1;
        }

        @Override
        public @Nullable TaskId task() {
            return null;
        }
    }

    /// A person gave the task another input.
    record Edited(TaskId task, long at, Value.Struct value) implements Source {}
}
