package dev.tutti.agents.llm.model;

import dev.tutti.core.event.Failure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// There is no reply. Says what went wrong, and whether it may pass.
public final class Trouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient @Nullable Duration wait;

    /// What can go wrong between an agent and a model.
    public enum Kind {
        /// Too much was asked of the provider in too short a time.
        RATE_LIMITED("rate_limited", true, true),
        /// The provider is broken or overloaded.
        UNAVAILABLE("model_unavailable", true, true),
        /// Nobody is there.
        ABSENT("connection_lost", true, true),
        /// The line broke.
        LOST("connection_lost", true, true),
        /// What came is no reply, or the first half of one.
        GARBLED("bad_reply", true, true),
        /// The reply was not there in time.
        TIMED_OUT("model_timeout", true, false),
        /// The reply went on and on.
        ENDLESS("endless_reply", true, false),
        /// The provider does not let this key in, or its owner has not paid.
        DENIED("model_denied", false, false),
        /// The provider has no such model.
        UNKNOWN("model_not_found", false, false),
        /// The conversation is longer than the model can read.
        TOO_LONG("context_too_long", false, false),
        /// What the call has to read is more than what is left to the agent.
        UNAFFORDABLE("limit_exceeded", false, false),
        /// The provider does not let the prompt through.
        REFUSED("refused", false, false),
        /// The provider does not understand the call.
        MISUNDERSTOOD("bad_request", false, false),
        /// A scripted model has nothing to say to this.
        UNSCRIPTED("not_in_script", false, false);

        private final String code;
        private final boolean passing;
        private final boolean again;

        Kind(String code, boolean passing, boolean again) {
            this.code = code;
            this.passing = passing;
            this.again = again;
        }

        public String code() {
            return code;
        }

        /// Whether the provider may have worked for it all the same, and have to be paid.
        public boolean mayCost() {
            return switch (this) {
                case LOST, GARBLED, TIMED_OUT, ENDLESS -> true;
                case RATE_LIMITED,
                        UNAVAILABLE,
                        ABSENT,
                        DENIED,
                        UNKNOWN,
                        TOO_LONG,
                        UNAFFORDABLE,
                        REFUSED,
                        MISUNDERSTOOD,
                        UNSCRIPTED ->
                        false;
            };
        }

        /// Whether another call, to this model or another, may succeed.
        public boolean passing() {
            return passing;
        }

        /// Whether to call the same model again at once is worth the time.
        public boolean again() {
            return again;
        }
    }

    public Trouble(Kind kind, String message) {
        this(kind, message, null);
    }

    /// @param wait how long the provider asks to be left alone, or null
    public Trouble(Kind kind, String message, @Nullable Duration wait) {
        super(message);
        this.kind = kind;
        this.wait = wait;
    }

    public Kind kind() {
        return kind;
    }

    public Optional<Duration> leaveAlone() {
        return Optional.ofNullable(wait);
    }

    /// Why the attempt failed, if it fails of this.
    public Failure failure() {
        var message = String.valueOf(getMessage());
        return kind.passing()
                ? new Failure.Transient(kind.code(), message)
                : new Failure.Permanent(kind.code(), message);
    }
}
