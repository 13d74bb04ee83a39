package dev.tutti.agents.local.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a memory is.
public enum Kind {
    /// Something that somebody told.
    FACT,
    /// What was tried in a run, and what came of it.
    EPISODE;

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
