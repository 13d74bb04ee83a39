package dev.tutti.core.event;

import java.time.Instant;

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

    /// The attempt had no result when its time was over.
    ///
    /// @param limit which of the four limits it was
    record TimedOut(Limit limit, Instant due) implements Failure {
        @Override
        public String code() {
            return "timed_out";
        }

        @Override
        public String message() {
            return switch (limit) {
                case QUEUED -> "no agent took it by " + due;
                case RUN -> "no result by " + due;
                case IDLE -> "no sign of life by " + due;
                case OVERALL -> "not done by " + due + ", all attempts together";
            };
        }
    }

    /// The four limits on time.
    enum Limit {
        QUEUED,
        RUN,
        IDLE,
        OVERALL
    }

    /// The agent said it was done, but its result did not pass the gate. The next attempt is told
    /// why.
    ///
    /// @param gate which: `output`, `accept` or `verify`
    record Rejected(String gate, String message) implements Failure {
        @Override
        public String code() {
            return "rejected";
        }
    }

    /// Its attempts crashed so often that the task itself is suspected.
    record Quarantined(int crashes) implements Failure {
        @Override
        public String code() {
            return "quarantined";
        }

        @Override
        public String message() {
            return crashes + " attempts ended with the process that made them";
        }
    }

    /// The process was asked to stop and stopped the attempt. It does not count against the task's
    /// attempts.
    record Interrupted() implements Failure {
        @Override
        public String code() {
            return "interrupted";
        }

        @Override
        public String message() {
            return "the process was stopped; the attempt is made again";
        }
    }

    /// The attempt cannot go on before a person has decided something, or others have done parts of
    /// its task. It does not count against the task's attempts, and the next goes on from its
    /// steps.
    ///
    /// @param question what was asked, or what is not over
    record Suspended(String question) implements Failure {
        @Override
        public String code() {
            return "suspended";
        }

        @Override
        public String message() {
            return "it waits: " + question;
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
            case Transient _, Crashed _, Interrupted _, Suspended _, Rejected _ -> true;
            case TimedOut(var limit, _) ->
                    switch (limit) {
                        case RUN, IDLE -> true;
                        case QUEUED, OVERALL -> false;
                    };
            case Permanent _, Cancelled _, Quarantined _ -> false;
        };
    }
}
