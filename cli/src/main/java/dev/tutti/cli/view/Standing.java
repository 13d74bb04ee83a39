package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.core.event.Status;

/// Where a task of the plan stands; for a fan-out, all its items together.
public enum Standing {
    WAITING("waiting", Ink.DIM),
    READY("ready", Ink.PLAIN),
    RUNNING("running", Ink.BLUE),
    BACKING_OFF("backing off", Ink.YELLOW),
    /// A person or a message is to move it.
    HELD("held", Ink.YELLOW),
    SUCCEEDED("succeeded", Ink.GREEN),
    SKIPPED("skipped", Ink.YELLOW),
    FAILED("failed", Ink.RED),
    CANCELLED("cancelled", Ink.MAGENTA),
    NOT_RUN("not run", Ink.DIM);

    private final String word;
    private final Ink ink;

    Standing(String word, Ink ink) {
        this.word = word;
        this.ink = ink;
    }

    /// As people and programs read it.
    public String word() {
        return word;
    }

    public Ink ink() {
        return ink;
    }

    /// Whether nothing more becomes of it.
    public boolean isFinal() {
        return switch (this) {
            case SUCCEEDED, SKIPPED, FAILED, CANCELLED, NOT_RUN -> true;
            case WAITING, READY, RUNNING, BACKING_OFF, HELD -> false;
        };
    }

    /// The ink for the status of a whole run.
    public static Ink ink(Status status) {
        return switch (status) {
            case RUNNING -> Ink.BLUE;
            case WAITING, PAUSED, CLOSING -> Ink.YELLOW;
            case SUCCEEDED -> Ink.GREEN;
            case FAILED -> Ink.RED;
            case CANCELLED -> Ink.MAGENTA;
        };
    }
}
