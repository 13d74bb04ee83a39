package dev.tutti.core.event;

/// What a run asked to be woken for. A timer is its own name: the same timer set again replaces the
/// first.
public sealed interface Timer {

    /// The pause before the next attempt is over.
    record RetryDue(TaskId task) implements Timer {}

    /// The attempt has used up the time it was given.
    record AttemptDue(long token) implements Timer {}

    /// The attempt has given no sign of life for too long. The one who hears the signs puts the
    /// timer off; the journal knows of the first only.
    record IdleDue(long token) implements Timer {}

    /// No agent took the task in time.
    record QueueDue(TaskId task) implements Timer {}

    /// The time for bids on what was announced together is over.
    record BidsDue(long batch) implements Timer {}

    /// The task has used up the time for all its attempts.
    record OverallDue(TaskId task) implements Timer {}

    /// The next person is to be asked, or none is left.
    record QuestionDue(long question) implements Timer {}

    /// The one who is asked is to be reminded.
    record ReminderDue(long question) implements Timer {}

    /// Nobody took up the message in time.
    record AnswerDue(String message) implements Timer {}

    /// What was expected has not followed in time.
    ///
    /// @param expected the sequence number of the event that says so
    record ExpectedDue(long expected) implements Timer {}

    /// The time of the whole run is over.
    record BudgetDue() implements Timer {}

    /// The next share of the time of the whole run is over.
    record AlarmDue() implements Timer {}

    /// Attempts that were asked to stop have had long enough.
    record CloseDue() implements Timer {}
}
