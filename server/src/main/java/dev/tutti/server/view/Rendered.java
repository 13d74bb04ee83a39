package dev.tutti.server.view;

import dev.tutti.core.event.Value;
import java.util.SequencedMap;

/// A run as a page shows it.
///
/// @param header everything but the tasks
/// @param inputs what it was given, which never changes
/// @param rows the tasks of the plan, by name, in its order
record Rendered(Value.Struct header, Value inputs, SequencedMap<String, Value.Struct> rows) {

    /// All of it, in one document.
    Value.Struct whole() {
        return header.with("inputs", inputs)
                .with("tasks", new Value.Array(java.util.List.copyOf(rows.values())));
    }
}
