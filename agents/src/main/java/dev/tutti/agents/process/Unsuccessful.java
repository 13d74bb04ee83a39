package dev.tutti.agents.process;

import dev.tutti.core.event.Failure;

/// A command gave no result. It is thrown out of the step that the command is, so that nothing is
/// on record and the next attempt begins it anew.
final class Unsuccessful extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    Unsuccessful(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    static Unsuccessful forGood(String code, String message) {
        return new Unsuccessful(new Failure.Permanent(code, message));
    }

    Failure failure() {
        return failure;
    }
}
