package dev.tutti.core.synthesis;

import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import java.util.List;

/// Several answers made into one, with everything that speaks against it.
///
/// @param output what is handed on: what one of those gave who gave the chosen answer, or what was
///   made of all
/// @param confidence how probable it is that the answer is right, from 0 to 1
/// @param answers each different answer once, the chosen one first, then the most probable
/// @param by how it was made, in a few words
public record Synthesis(Value output, double confidence, List<Position> answers, String by) {
    public Synthesis {
        answers = List.copyOf(answers);
    }

    /// The answers that were not chosen.
    public List<Position> dissent() {
        return answers.isEmpty() ? List.of() : answers.subList(1, answers.size());
    }
}
