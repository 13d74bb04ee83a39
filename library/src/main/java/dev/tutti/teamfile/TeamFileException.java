package dev.tutti.teamfile;

import java.io.Serial;

/// The team file could not be read from disk.
public final class TeamFileException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    TeamFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
