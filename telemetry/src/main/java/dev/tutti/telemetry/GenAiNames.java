package dev.tutti.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Map;

/// The names of OpenTelemetry's conventions for generative AI, in the two forms that are in use.
/// They are still in development and move; nothing else here knows a name that begins with
/// `gen_ai.`.
///
/// The earlier form is semantic-conventions v1.41.0, the last before they got a repository of their
/// own; the later is v0.1.0 of semantic-conventions-genai, where a workflow is described as an
/// agent is.
///
/// @param schemaUrl says which form it is, to those who can translate between them
/// @param workflow what the name of a workflow is called
/// @param durations the histogram of the durations of each operation
/// @param inputTokens where tokens read by models are counted
/// @param outputTokens where tokens written by models are counted; the earlier form has one
///   histogram for both
record GenAiNames(
        String schemaUrl,
        AttributeKey<String> workflow,
        Map<String, String> durations,
        String inputTokens,
        String outputTokens) {

    static final String INVOKE_WORKFLOW = "invoke_workflow";
    static final String INVOKE_AGENT = "invoke_agent";
    static final String EXECUTE_TOOL = "execute_tool";
    static final String CHAT = "chat";

    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    static final AttributeKey<String> AGENT = AttributeKey.stringKey("gen_ai.agent.name");
    static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    static final AttributeKey<String> TOOL = AttributeKey.stringKey("gen_ai.tool.name");
    static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");
    static final AttributeKey<Long> INPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.output_tokens");

    /// The provider of what Tutti itself dispatches.
    static final String OURSELVES = "tutti";

    private static final String CHOICE = "OTEL_SEMCONV_STABILITY_OPT_IN";
    private static final String LATEST = "gen_ai_latest_experimental";

    static final GenAiNames V1_41 =
            new GenAiNames(
                    "https://opentelemetry.io/schemas/1.41.0",
                    AttributeKey.stringKey("gen_ai.workflow.name"),
                    Map.of(
                            INVOKE_WORKFLOW, "gen_ai.client.operation.duration",
                            INVOKE_AGENT, "gen_ai.client.operation.duration",
                            EXECUTE_TOOL, "gen_ai.client.operation.duration"),
                    "gen_ai.client.token.usage",
                    "gen_ai.client.token.usage");
    static final GenAiNames GENAI_0_1 =
            new GenAiNames(
                    "https://opentelemetry.io/schemas/gen-ai/0.1.0",
                    AttributeKey.stringKey("gen_ai.agent.name"),
                    Map.of(
                            INVOKE_WORKFLOW, "gen_ai.invoke_agent.duration",
                            INVOKE_AGENT, "gen_ai.invoke_agent.duration",
                            EXECUTE_TOOL, "gen_ai.execute_tool.duration"),
                    "gen_ai.client.inference.usage.input_tokens",
                    "gen_ai.client.inference.usage.output_tokens");

    /// The form that the environment asks for, by the variable that the conventions have for it.
    static GenAiNames chosenBy(Map<String, String> environment) {
        for (var choice : environment.getOrDefault(CHOICE, "").split(",", -1)) {
            if (choice.strip().equals(LATEST)) {
                return GENAI_0_1;
            }
        }
        return V1_41;
    }

    /// The histogram of the durations of an operation.
    String duration(String operation) {
        var name = durations.get(operation);
        if (name == null) {
            throw new IllegalArgumentException("no duration of " + operation);
        }
        return name;
    }

    boolean tokensAreCounters() {
        return !inputTokens.equals(outputTokens);
    }
}
