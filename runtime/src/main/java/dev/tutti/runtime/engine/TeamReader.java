package dev.tutti.runtime.engine;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.List;

/// Makes a team from the definition that the journal keeps with its runs.
@FunctionalInterface
public interface TeamReader {

    /// Reads a definition.
    ///
    /// @throws IllegalArgumentException when it is not one
    Team read(byte[] definition);

    /// Reads what a planner proposes.
    ///
    /// @param workflow whose run it is for
    /// @param plan the names of the tasks that are there
    /// @param base the version of the plan that the planner saw
    /// @param author the planner's name
    /// @throws IllegalArgumentException with everything that is wrong with it
    default Amendment amendment(
            Value proposal,
            Team team,
            String workflow,
            List<String> plan,
            int base,
            String author) {
        throw new IllegalArgumentException("plans are not read here");
    }
}
