package dev.tutti.core.event;

/// The name of an agent in its team.
public record AgentId(String value) implements Comparable<AgentId> {
    public AgentId {
        Names.require(value, "agent");
    }

    @Override
    public int compareTo(AgentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
