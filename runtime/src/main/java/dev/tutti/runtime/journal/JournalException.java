package dev.tutti.runtime.journal;

import org.jspecify.annotations.Nullable;

/// The store did not do what was asked.
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    public JournalException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /// `corrupt`, `busy`, `full`, `io`, `version` or `unreachable`.
    public String code() {
        return code;
    }
}
