package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.tool.Tool;
import java.util.List;
import java.util.Map;

/// Tools of the run itself, which decides on every call.
interface RunTools {
    /// The tools that this attempt has.
    List<Tool.Description> offer();

    /// Makes a call; gives `content`, and whether it is an `error`.
    ///
    /// @param number of the call within the attempt, the same when it is made again
    Value.Struct call(String tool, Value.Struct arguments, int number) throws Exception;

    static Value.Struct said(String text, boolean failed) {
        return Value.struct("content", Value.text(text), "error", Value.of(failed));
    }

    static Value.Struct schema(Map<String, ?> properties, List<String> required) {
        return (Value.Struct)
                Value.from(
                        Map.of("type", "object", "properties", properties, "required", required));
    }
}
