package dev.tutti.runtime.tool;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;

/// What a toolbox may ask for while one of its tools is at work, on behalf of whoever offers the
/// tool. People are asked through [Attempt#ask], and need nothing from here.
@FunctionalInterface
public interface ToolRequests {

    /// Nothing is granted.
    ToolRequests REFUSED =
            (_, _) -> {
                throw new UnsupportedOperationException(
                        "no model is there for tools that ask for one");
            };

    /// Lets a model answer for a tool. Called on the thread that called the tool.
    ///
    /// @param request as in `sampling/createMessage` of the Model Context Protocol: `messages`,
    ///   each with `role` and `content`, `systemPrompt`, `maxTokens`, `temperature`,
    ///   `stopSequences`, `modelPreferences`
    /// @return `text`, and where known the `model` and the `stopReason`
    /// @throws UnsupportedOperationException when no model is granted, saying what to write
    Value sample(Value.Struct request, Attempt attempt) throws Exception;
}
