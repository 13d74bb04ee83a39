package dev.tutti.core.event;

/// The name of a skill.
public record SkillId(String value) {
    public SkillId {
        Names.require(value, "skill");
    }

    @Override
    public String toString() {
        return value;
    }
}
