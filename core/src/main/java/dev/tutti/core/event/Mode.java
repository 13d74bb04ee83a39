package dev.tutti.core.event;

/// Who says what a run does next.
public enum Mode {
    /// The plan, and whoever may amend it; tasks are given away.
    PLANNED,
    /// Nobody: agents take up what they hear of, as their contracts say.
    CHOREOGRAPHY;

    /// As team files say it.
    public String word() {
        return switch (this) {
            case PLANNED -> "planned";
            case CHOREOGRAPHY -> "choreography";
        };
    }
}
