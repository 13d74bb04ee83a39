package dev.tutti.runtime.tool;

import java.util.Optional;
import java.util.function.Function;

/// An executor whose agents call tools. Whoever makes it tells it of the functions that the program
/// itself offers as tools; all others it opens by itself.
public interface ToolUser {

    /// The name under which team files ask for a function of the program.
    String FUNCTION = "function";

    /// Called before the first attempt.
    ///
    /// @param functions finds a function by the name of its toolbox
    void offered(Function<String, Optional<Tool>> functions);
}
