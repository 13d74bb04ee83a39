package dev.tutti.runtime.tool;

import java.util.List;

/// Tools that come from one place, such as a server.
public interface Toolbox extends AutoCloseable {

    /// What it offers now.
    ///
    /// @throws Exception when the place cannot be reached
    List<Tool> tools() throws Exception;

    @Override
    default void close() {}
}
