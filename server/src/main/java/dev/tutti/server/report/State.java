package dev.tutti.server.report;

import dev.tutti.core.event.Status;
import dev.tutti.view.Standing;

/// A state as the page shows it: a sign of its own and a class for its colour, always beside its
/// word.
record State(String css, String icon) {

    static State of(Standing standing) {
        return switch (standing) {
            case WAITING -> new State("s-planned", "◌");
            case NOT_RUN -> new State("s-planned", "◌");
            case READY -> new State("s-ready", "○");
            case RUNNING -> new State("s-running", "▶");
            case BACKING_OFF -> new State("s-held", "↻");
            case HELD -> new State("s-held", "?");
            case SUCCEEDED -> new State("s-succeeded", "✓");
            case SKIPPED -> new State("s-held", "»");
            case FAILED -> new State("s-failed", "✗");
            case CANCELLED -> new State("s-cancelled", "■");
        };
    }

    static State of(Status status) {
        return switch (status) {
            case RUNNING -> of(Standing.RUNNING);
            case WAITING, PAUSED, CLOSING -> of(Standing.BACKING_OFF);
            case SUCCEEDED -> of(Standing.SUCCEEDED);
            case FAILED -> of(Standing.FAILED);
            case CANCELLED -> of(Standing.CANCELLED);
        };
    }
}
