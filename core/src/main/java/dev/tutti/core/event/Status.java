package dev.tutti.core.event;

/// What a run is at.
public enum Status {
    RUNNING,
    WAITING,
    PAUSED,
    CLOSING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELLED -> true;
            case RUNNING, WAITING, PAUSED, CLOSING -> false;
        };
    }

    /// As people and programs read it: `running`.
    public String word() {
        return switch (this) {
            case RUNNING -> "running";
            case WAITING -> "waiting";
            case PAUSED -> "paused";
            case CLOSING -> "closing";
            case SUCCEEDED -> "succeeded";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }
}
