package dev.tutti;

import java.time.Duration;

/// More waits to be handled than is taken on: nothing was done, and it may be asked again later.
public final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    Busy(String what, Duration retryAfter) {
        super(what);
        this.retryAfter = retryAfter;
    }

    /// When it is likely to be taken.
    public Duration retryAfter() {
        return retryAfter;
    }
}
