package dev.tutti.agents.http;

import dev.tutti.core.event.Failure;

/// A service gave no result.
final class Mishap extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final boolean down;

    private Mishap(Failure failure, boolean down) {
        super(failure.message());
        this.failure = failure;
        this.down = down;
    }

    /// The service is not there, or as good as that.
    static Mishap down(String code, String message) {
        return new Mishap(new Failure.Transient(code, message), true);
    }

    /// The service works, but not now.
    static Mishap later(String code, String message) {
        return new Mishap(new Failure.Transient(code, message), false);
    }

    /// The same would be answered again.
    static Mishap forGood(String code, String message) {
        return new Mishap(new Failure.Permanent(code, message), false);
    }

    /// The answer is not what was asked for; the next attempt is told why.
    static Mishap rejected(String message) {
        return new Mishap(new Failure.Rejected("output", message), false);
    }

    Failure failure() {
        return failure;
    }

    boolean isDown() {
        return down;
    }
}
