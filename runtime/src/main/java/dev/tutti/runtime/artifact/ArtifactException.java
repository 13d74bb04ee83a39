package dev.tutti.runtime.artifact;

import org.jspecify.annotations.Nullable;

/// Content could not be kept, or is not what it was.
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ArtifactException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
