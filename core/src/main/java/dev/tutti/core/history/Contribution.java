package dev.tutti.core.history;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a task put into its run: one result, from one input.
///
/// @param task whose it is
/// @param iteration which of its results, from 0; a task without a loop has one
/// @param means how it came about
/// @param agent who made it, or null
/// @param inputAt the event that fixed the input, 0 when there is none
/// @param input what it was made from
/// @param feedback why the result before it was not good enough, or null
/// @param at the event that made it count
/// @param output null in the sense of values where there is none
/// @param failures the codes of the attempts that failed before, in order
/// @param gates what it had to pass and did: `accept`, `verify`
public record Contribution(
        TaskId task,
        int iteration,
        Means means,
        @Nullable AgentId agent,
        long inputAt,
        Value.Struct input,
        @Nullable String feedback,
        long at,
        Value output,
        List<String> failures,
        List<String> gates) {

    public Contribution {
        failures = List.copyOf(failures);
        gates = List.copyOf(gates);
    }

    /// How a result came about.
    public enum Means {
        /// An agent gave it.
        AGENT,
        /// A person gave it, as an answer or in place of a result.
        PERSON,
        /// It is the output of a run of its own.
        CHILD,
        /// It came with a message, or the time was over.
        MESSAGE,
        /// There is none: the run went on without it.
        SKIPPED,
        /// There is none: no attempt was left.
        FAILED;

        /// As programs read it.
        public String word() {
            return switch (this) {
                case AGENT -> "agent";
                case PERSON -> "person";
                case CHILD -> "child";
                case MESSAGE -> "message";
                case SKIPPED -> "skipped";
                case FAILED -> "failed";
            };
        }
    }
}
