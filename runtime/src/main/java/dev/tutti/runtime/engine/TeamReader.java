package dev.tutti.runtime.engine;

import dev.tutti.core.goal.Team;

/// Makes a team from the definition that the journal keeps with its runs.
@FunctionalInterface
public interface TeamReader {

    /// Reads a definition.
    ///
    /// @throws IllegalArgumentException when it is not one
    Team read(byte[] definition);
}
