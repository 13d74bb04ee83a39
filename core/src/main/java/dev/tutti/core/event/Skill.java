package dev.tutti.core.event;

/// A named capability with the types of its input and output.
///
/// @param description what it is for, in words, or empty; planners and people go by it
public record Skill(SkillId id, Type input, Type output, String description) {

    /// A skill that says of itself only its types.
    public Skill(SkillId id, Type input, Type output) {
        this(id, input, output, "");
    }

    /// A skill that nobody declared: takes and gives any object.
    public static Skill undeclared(SkillId id) {
        return new Skill(id, Type.Struct.OPEN, Type.Struct.OPEN);
    }
}
