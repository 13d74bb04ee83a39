package dev.tutti.runtime.artifact;

import org.jspecify.annotations.Nullable;

/// Content could not be kept, or is not what it was.
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean full;

    public ArtifactException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /// @param full whether there was no space for it
    public ArtifactException(String message, @Nullable Throwable cause, boolean full) {
        super(message, cause);
        this.full = full;
    }

    /// Whether it was refused for want of space, and nothing else is wrong.
    public boolean isFull() {
        return full;
    }
}
