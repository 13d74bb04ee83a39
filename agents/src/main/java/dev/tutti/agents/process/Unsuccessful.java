package dev.tutti.agents.process;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Usage;

/// A command gave no result. It is thrown out of the step that the command is, so that nothing is
/// on record and the next attempt begins it anew.
final class Unsuccessful extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient Usage usage;

    /// Nobody knows what it used up.
    Unsuccessful(Failure failure) {
        this(failure, Usage.UNKNOWN);
    }

    Unsuccessful(Failure failure, Usage usage) {
        super(failure.message());
        this.failure = failure;
        this.usage = usage;
    }

    static Unsuccessful forGood(String code, String message) {
        return new Unsuccessful(new Failure.Permanent(code, message));
    }

    Failure failure() {
        return failure;
    }

    Usage usage() {
        return usage;
    }
}
