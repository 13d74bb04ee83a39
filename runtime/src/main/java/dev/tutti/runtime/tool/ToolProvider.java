package dev.tutti.runtime.tool;

import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.util.List;

/// Opens toolboxes by the name under which team files ask for them (`uses:`). Found by
/// [java.util.ServiceLoader]; heavy classes are loaded only when one is opened.
public interface ToolProvider {

    /// The names that it answers to, such as `mcp`.
    List<String> uses();

    /// Opens one.
    ///
    /// @throws IllegalArgumentException when the settings cannot be used, saying which and what to
    ///   write instead
    Toolbox open(Settings settings);

    /// Opens one whose tools may ask for something themselves.
    default Toolbox open(Settings settings, ToolRequests requests) {
        return open(settings);
    }

    /// What a provider is told of the toolbox.
    ///
    /// @param name in the team file
    /// @param with what the team file says, expressions evaluated
    /// @param base the folder that relative paths start from: that of the team file
    record Settings(String name, String uses, Value.Struct with, Path base) {}
}
