package dev.tutti.runtime.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A tool did not answer, or said to come back later: the same call may succeed then.
public final class ToolUnavailable extends IOException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration retryAfter;

    public ToolUnavailable(String message) {
        this(message, null, null);
    }

    /// @param retryAfter how long whoever was asked wants to be left alone, if they said so
    /// @param cause what happened, if anything was thrown
    public ToolUnavailable(
            String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
