package dev.tutti.core.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How far one task is: a task that runs once, or one item of a fan-out.
///
/// @param input what every attempt is given; empty once the task is finished
/// @param attempts how many were made
/// @param spent how many of them count against the policy's number
/// @param token the latest attempt's, 0 before the first
/// @param agent who made the latest attempt, or null before the first
/// @param course what is rarer than that
/// @param continuation what the next attempt may go on from
public record TaskState(
        Phase phase,
        Value.Struct input,
        int attempts,
        int spent,
        long token,
        @Nullable AgentId agent,
        Course course,
        Continuation continuation) {

    /// Where a task stands.
    public enum Phase {
        /// Waits for a person to say how it goes on.
        HELD,
        /// Waits to be dispatched.
        READY,
        /// An agent or a run of its own is at it.
        ASSIGNED,
        /// A person or a message is to finish it.
        WAITING,
        /// Waits for its next attempt.
        BACKING_OFF,
        DONE,
        SKIPPED,
        FAILED;

        public boolean isFinal() {
            return switch (this) {
                case HELD, READY, ASSIGNED, WAITING, BACKING_OFF -> false;
                case DONE, SKIPPED, FAILED -> true;
            };
        }

        /// As people and programs read it.
        public String word() {
            return switch (this) {
                case HELD -> "held";
                case READY -> "ready";
                case ASSIGNED -> "running";
                case WAITING -> "waiting";
                case BACKING_OFF -> "backing off";
                case DONE -> "succeeded";
                case SKIPPED -> "skipped";
                case FAILED -> "failed";
            };
        }
    }

    public static TaskState ready(Value.Struct input) {
        return new TaskState(Phase.READY, input, 0, 0, 0, null, Course.PLAIN, Continuation.NONE);
    }

    public static TaskState held(Value.Struct input) {
        return ready(input).in(Phase.HELD);
    }

    public TaskState in(Phase next) {
        return new TaskState(next, input, attempts, spent, token, agent, course, continuation);
    }

    public TaskState with(Course next) {
        return new TaskState(phase, input, attempts, spent, token, agent, next, continuation);
    }

    /// What a person changed of the input before says nothing of another one.
    public TaskState withInput(Value.Struct other) {
        var next = other.equals(input) ? course : course.edited(null);
        return new TaskState(phase, other, attempts, spent, token, agent, next, continuation);
    }

    /// A person lets the task begin. Where that is with another input, steps that were taken with
    /// the one before count no more.
    ///
    /// @param how who changed the input, and how, for whoever does the task; or null
    public TaskState given(Value.Struct other, @Nullable String how) {
        return other.equals(input)
                ? this
                : new TaskState(
                        phase,
                        other,
                        attempts,
                        spent,
                        token,
                        agent,
                        course.edited(how),
                        Continuation.NONE);
    }

    /// A second look at a result is no attempt at the task, unless the look itself fails.
    public TaskState assigned(long newToken, @Nullable AgentId to) {
        boolean look = course.proposal() != null;
        return new TaskState(
                Phase.ASSIGNED,
                input,
                attempts + 1,
                look ? spent : spent + 1,
                newToken,
                to,
                course,
                continuation.assigned(newToken, Objects.equals(agent, to)));
    }

    /// The agent that the next attempt is best made by, since it can go on from its own steps; null
    /// where it does not matter.
    public @Nullable AgentId preferred() {
        return continuation.isWorthGoingOn() ? agent : null;
    }

    public TaskState attemptEnded(Failure failure, Usage used) {
        boolean look = course.proposal() != null;
        int counted =
                switch (failure) {
                    case Failure.Interrupted _, Failure.Suspended _ -> look ? spent : spent - 1;
                    case Failure.Rejected _ -> spent;
                    case Failure.Transient _,
                            Failure.Permanent _,
                            Failure.Crashed _,
                            Failure.TimedOut _,
                            Failure.Cancelled _,
                            Failure.Quarantined _ ->
                            look ? spent + 1 : spent;
                };
        return new TaskState(
                Phase.BACKING_OFF,
                input,
                attempts,
                counted,
                token,
                agent,
                course.after(failure),
                continuation.after(failure, used));
    }

    /// A result waits for a second look, which begins from nothing.
    public TaskState proposed(Course.Proposal proposal) {
        return new TaskState(
                Phase.BACKING_OFF,
                input,
                attempts,
                spent,
                token,
                agent,
                course.proposed(proposal),
                Continuation.NONE);
    }

    /// A person decided what an attempt asked.
    ///
    /// @param name under which it was asked
    public TaskState answered(String name, Value answer) {
        return new TaskState(
                phase,
                input,
                attempts,
                spent,
                token,
                agent,
                course,
                continuation.answered(name, answer));
    }

    /// It waits for others that its agent has asked for.
    public TaskState awaiting(List<String> errands) {
        return new TaskState(
                Phase.HELD,
                input,
                attempts,
                spent,
                token,
                agent,
                course,
                continuation.awaiting(errands));
    }

    /// A person wants it tried once more, as if nothing had gone wrong. The next attempt may still
    /// go on from the steps of the latest.
    public TaskState forgiven() {
        return new TaskState(
                phase, input, attempts, 0, token, agent, course.forgiven(), continuation);
    }

    /// Its attempts begin to count from none again, each from nothing.
    public TaskState afresh(Course next) {
        return new TaskState(phase, input, attempts, 0, token, agent, next, Continuation.NONE);
    }

    /// Another agent has it now, and all attempts are left to it.
    public TaskState handedOver(Relay.Hand hand) {
        return new TaskState(
                Phase.BACKING_OFF,
                input,
                attempts,
                0,
                token,
                agent,
                course.handed(hand),
                continuation.handedOver());
    }

    /// It is over.
    ///
    /// @param at the sequence number of the event that finished it
    public TaskState finished(Phase how, long at) {
        return new TaskState(
                how,
                Value.Struct.EMPTY,
                attempts,
                spent,
                token,
                agent,
                course.finished(at),
                Continuation.NONE);
    }
}
