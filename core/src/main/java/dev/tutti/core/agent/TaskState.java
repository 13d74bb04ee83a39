package dev.tutti.core.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// How far one task is: a task that runs once, or one item of a fan-out.
///
/// @param input what every attempt is given; empty once the task is finished
/// @param attempts how many were made
/// @param spent how many of them count against the policy's number
/// @param token the latest attempt's, 0 before the first
/// @param agent who made the latest attempt, or null before the first
public record TaskState(
        Phase phase,
        Value.Struct input,
        int attempts,
        int spent,
        long token,
        @Nullable AgentId agent) {

    /// Where a task stands.
    public enum Phase {
        /// Waits to be dispatched.
        READY,
        /// An agent is at it.
        ASSIGNED,
        /// Waits for its next attempt.
        BACKING_OFF,
        DONE,
        SKIPPED,
        FAILED;

        /// As people and programs read it.
        public String word() {
            return switch (this) {
                case READY -> "ready";
                case ASSIGNED -> "running";
                case BACKING_OFF -> "backing off";
                case DONE -> "succeeded";
                case SKIPPED -> "skipped";
                case FAILED -> "failed";
            };
        }
    }

    public static TaskState ready(Value.Struct input) {
        return new TaskState(Phase.READY, input, 0, 0, 0, null);
    }

    public TaskState readyAgain() {
        return new TaskState(Phase.READY, input, attempts, spent, token, agent);
    }

    public TaskState assigned(long newToken, AgentId to) {
        return new TaskState(Phase.ASSIGNED, input, attempts + 1, spent + 1, newToken, to);
    }

    public TaskState attemptEnded(Failure failure) {
        int counted = failure instanceof Failure.Interrupted ? spent - 1 : spent;
        return new TaskState(Phase.BACKING_OFF, input, attempts, counted, token, agent);
    }

    public TaskState finished(Phase how) {
        return new TaskState(how, Value.Struct.EMPTY, attempts, spent, token, agent);
    }
}
