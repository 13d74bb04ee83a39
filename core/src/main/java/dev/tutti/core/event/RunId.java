package dev.tutti.core.event;

/// Names a run within its tenant: a ULID, so that ids sort by the time of their making. The id of a
/// run within another is the id of that one and, after a dash, the attempt there that it is.
public record RunId(String value) {
    private static final char WITHIN = '-';

    public RunId {
        Names.require(value, "run id");
    }

    /// The run that an attempt of this one is.
    public RunId child(long token) {
        return new RunId(value + WITHIN + token);
    }

    /// Whether it is within `outer`, directly or not.
    public boolean isWithin(RunId outer) {
        return value.startsWith(outer.value + WITHIN);
    }

    /// The run that it is within and that is itself within no other; its own if there is none.
    public RunId outermost() {
        int end = value.indexOf(WITHIN);
        return end <= 0 ? this : new RunId(value.substring(0, end));
    }

    @Override
    public String toString() {
        return value;
    }
}
