package dev.tutti.core.event;

import org.jspecify.annotations.Nullable;

/// The skill that stands for one which no agent has, since it is nearest in meaning. Worked out
/// when the plan was read and kept with it, never anew.
///
/// @param asked what was asked for, in the words of whoever asked
/// @param similarity of these words to what the skill says of itself, 1 where both mean the same
/// @param next the skill that comes next, or null where there is no other
public record Meant(String asked, double similarity, @Nullable Near next) {

    /// A skill that is near in meaning.
    public record Near(SkillId skill, double similarity) {}
}
