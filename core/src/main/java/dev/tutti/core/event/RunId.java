package dev.tutti.core.event;

/// Names a run within its tenant: a ULID, so that ids sort by the time of their making.
public record RunId(String value) {
    public RunId {
        Names.require(value, "run id");
    }

    @Override
    public String toString() {
        return value;
    }
}
