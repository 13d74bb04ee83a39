package dev.tutti.agents.llm.model;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.tool.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model is given for one reply.
///
/// @param conversation names it among all others, the same in every call of an attempt
/// @param messages all that was said, oldest first
/// @param tools what it may call, under names that tell all of them apart
/// @param schema JSON Schema of the answer, or null for free text
/// @param mostTokens the longest reply, or null for the provider's own limit
public record Prompt(
        String conversation,
        List<Message> messages,
        List<Tool.Description> tools,
        Value.@Nullable Struct schema,
        @Nullable Integer mostTokens) {
    public Prompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
