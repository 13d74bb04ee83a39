package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.core.event.Status;
import dev.tutti.view.Standing;

/// Which ink a state is written in.
final class Inks {
    private Inks() {}

    static Ink of(Standing standing) {
        return switch (standing) {
            case WAITING, NOT_RUN -> Ink.DIM;
            case READY -> Ink.PLAIN;
            case RUNNING -> Ink.BLUE;
            case BACKING_OFF, HELD, SKIPPED -> Ink.YELLOW;
            case SUCCEEDED -> Ink.GREEN;
            case FAILED -> Ink.RED;
            case CANCELLED -> Ink.MAGENTA;
        };
    }

    /// The ink for the status of a whole run.
    static Ink of(Status status) {
        return switch (status) {
            case RUNNING -> Ink.BLUE;
            case WAITING, PAUSED, CLOSING -> Ink.YELLOW;
            case SUCCEEDED -> Ink.GREEN;
            case FAILED -> Ink.RED;
            case CANCELLED -> Ink.MAGENTA;
        };
    }
}
