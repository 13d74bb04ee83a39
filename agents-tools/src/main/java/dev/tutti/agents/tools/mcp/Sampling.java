package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.ToolRequests;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.Role;
import java.util.Map;
import reactor.core.publisher.MonoSink;

/// What a server asks of a model.
final class Sampling {
    private static final TypeRef<Map<String, Object>> FIELDS = new TypeRef<>() {};
    private static final String UNKNOWN = "unknown";

    private Sampling() {}

    /// Lets a model answer. That it does not is an answer too.
    static void answer(
            CreateMessageRequest request,
            MonoSink<CreateMessageResult> reply,
            ToolRequests requests,
            Attempt attempt)
            throws InterruptedException {
        try {
            var fields = McpJsonDefaults.getMapper().convertValue(request, FIELDS);
            reply.success(result(requests.sample(Plain.struct(fields), attempt)));
        } catch (InterruptedException e) {
            reply.error(Call.refusal("nobody waits for the answer any more"));
            throw e;
        } catch (Exception e) {
            reply.error(Call.refusal(e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private static CreateMessageResult result(Value value) {
        var said = value instanceof Value.Struct struct ? struct : Value.struct("text", value);
        var result =
                CreateMessageResult.builder(
                        Role.ASSISTANT, said.text("text"), text(said, "model", UNKNOWN));
        switch (text(said, "stopReason", "endTurn")) {
            case "maxTokens", "length" ->
                    result.stopReason(CreateMessageResult.StopReason.MAX_TOKENS);
            case "stopSequence" -> result.stopReason(CreateMessageResult.StopReason.STOP_SEQUENCE);
            default -> result.stopReason(CreateMessageResult.StopReason.END_TURN);
        }
        return result.build();
    }

    private static String text(Value.Struct from, String name, String otherwise) {
        return from.get(name) instanceof Value.Text(var text) ? text : otherwise;
    }
}
