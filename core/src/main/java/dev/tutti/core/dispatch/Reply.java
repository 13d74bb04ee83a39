package dev.tutti.core.dispatch;

import dev.tutti.core.event.Bid;
import dev.tutti.core.event.TaskId;

/// What an agent says to a task that was announced.
public sealed interface Reply {
    TaskId task();

    /// Which announcement it answers.
    int round();

    /// It would do the task on these terms.
    record Bids(TaskId task, int round, Bid bid) implements Reply {}

    /// It would not.
    record Declines(TaskId task, int round, String reason) implements Reply {}
}
