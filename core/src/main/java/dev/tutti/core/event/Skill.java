package dev.tutti.core.event;

/// A named capability with the types of its input and output.
public record Skill(SkillId id, Type input, Type output) {

    /// A skill that nobody declared: takes and gives any object.
    public static Skill undeclared(SkillId id) {
        return new Skill(id, Type.Struct.OPEN, Type.Struct.OPEN);
    }
}
