package dev.tutti.core.event;

import java.time.Duration;

/// Why an attempt or a task did not succeed. Whether trying again can help is part of the type.
public sealed interface Failure {

    /// A stable word for programs, such as `bad_input`.
    String code();

    /// One sentence for people.
    String message();

    /// Another attempt may succeed: the outside world was slow, busy or broken.
    record Transient(String code, String message) implements Failure {}

    /// Another attempt would end the same way.
    record Permanent(String code, String message) implements Failure {}

    /// The process that performed the attempt ended before it reported.
    record Crashed() implements Failure {
        @Override
        public String code() {
            return "crashed";
        }

        @Override
        public String message() {
            return "the process ended before the attempt reported a result";
        }
    }

    /// The attempt ran longer than it was given.
    record TimedOut(Duration given) implements Failure {
        @Override
        public String code() {
            return "timed_out";
        }

        @Override
        public String message() {
            return "no result within " + given.toMillis() + " ms";
        }
    }

    /// The run is closing and no longer wants the result.
    record Cancelled() implements Failure {
        @Override
        public String code() {
            return "cancelled";
        }

        @Override
        public String message() {
            return "the run no longer wants the result";
        }
    }

    default boolean retryable() {
        return switch (this) {
            case Transient _, Crashed _, TimedOut _ -> true;
            case Permanent _, Cancelled _ -> false;
        };
    }
}
