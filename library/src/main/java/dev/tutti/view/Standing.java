package dev.tutti.view;

/// Where a task of the plan stands; for a fan-out, all its items together.
public enum Standing {
    WAITING("waiting"),
    READY("ready"),
    RUNNING("running"),
    BACKING_OFF("backing off"),
    /// A person or a message is to move it.
    HELD("held"),
    SUCCEEDED("succeeded"),
    SKIPPED("skipped"),
    FAILED("failed"),
    CANCELLED("cancelled"),
    NOT_RUN("not run");

    private final String word;

    Standing(String word) {
        this.word = word;
    }

    /// As people and programs read it.
    public String word() {
        return word;
    }

    /// Whether nothing more becomes of it.
    public boolean isFinal() {
        return switch (this) {
            case SUCCEEDED, SKIPPED, FAILED, CANCELLED, NOT_RUN -> true;
            case WAITING, READY, RUNNING, BACKING_OFF, HELD -> false;
        };
    }
}
