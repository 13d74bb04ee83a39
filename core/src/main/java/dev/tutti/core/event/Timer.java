package dev.tutti.core.event;

/// What a run asked to be woken for. A timer is its own name: the same timer set again replaces the
/// first.
public sealed interface Timer {

    /// The pause before the next attempt is over.
    record RetryDue(TaskId task) implements Timer {}

    /// The attempt has used up the time it was given.
    record AttemptDue(long token) implements Timer {}

    /// Attempts that were asked to stop have had long enough.
    record CloseDue() implements Timer {}
}
