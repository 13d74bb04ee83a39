package dev.tutti.agents.local.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a memory is.
public enum Kind {
    /// Something that somebody told.
    FACT,
    /// What was tried in a run, and what came of it.
    EPISODE,
    /// How a goal was reached: an episode of which the plan is known, because it served.
    PROCEDURE;

    /// Whether it follows from a run, and is told by nobody.
    boolean isOfRun() {
        return this != FACT;
    }

    /// As files and pages say it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The kind of a word, `fact` or `facts`.
    public static Optional<Kind> of(String word) {
        return Arrays.stream(values())
                .filter(kind -> word.equals(kind.word()) || word.equals(kind.word() + "s"))
                .findFirst();
    }
}
