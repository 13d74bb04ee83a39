package dev.tutti.agents.tools.mcp;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import reactor.core.publisher.MonoSink;

/// What reaches a call while it waits.
sealed interface News {

    /// The result is there.
    record Done(CallToolResult result) implements News {}

    /// There will be no result.
    record Broken(Throwable why) implements News {}

    record Progressed(double fraction, String message) implements News {}

    /// The server wants a model to answer.
    record Sample(CreateMessageRequest request, MonoSink<CreateMessageResult> reply)
            implements News {}

    /// The server wants a person to answer.
    record Elicit(ElicitFormRequest request, MonoSink<ElicitResult> reply) implements News {}
}
