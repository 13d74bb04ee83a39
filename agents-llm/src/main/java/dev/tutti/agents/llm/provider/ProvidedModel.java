package dev.tutti.agents.llm.provider;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.tutti.agents.llm.model.LanguageModel;
import dev.tutti.agents.llm.model.Media;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Tokens;
import dev.tutti.agents.llm.model.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A model of OpenAI, Anthropic, Google or an Ollama, or of any service that speaks like OpenAI's.
public final class ProvidedModel implements LanguageModel {
    private static final String OLLAMA = "http://127.0.0.1:11434";

    private final ModelSettings settings;

    private ProvidedModel(ModelSettings settings) {
        this.settings = settings;
    }

    /// Opens a model; nothing is called before its first reply.
    ///
    /// @throws IllegalArgumentException when something is missing, saying what to write
    public static LanguageModel of(ModelSettings settings) {
        boolean elsewhere = settings.baseUrl() != null || settings.provider().equals("ollama");
        if (settings.apiKey() == null && !elsewhere) {
            throw new IllegalArgumentException(
                    "model `"
                            + settings.name()
                            + "` has no key: write `api_key: \"${secret."
                            + keyName(settings.provider())
                            + "}\"` and set that variable of the environment");
        }
        return new ProvidedModel(settings);
    }

    private static String keyName(String provider) {
        return switch (provider) {
            case "anthropic" -> "ANTHROPIC_API_KEY";
            case "gemini" -> "GEMINI_API_KEY";
            default -> "OPENAI_API_KEY";
        };
    }

    @Override
    public Reply reply(Prompt prompt, Consumer<String> heard) throws Trouble, InterruptedException {
        var wire = new Wire(settings.timeout());
        var hearing = new Hearing(heard);
        try {
            open(wire, prompt).chat(request(prompt), hearing);
        } catch (RuntimeException e) {
            hearing.onError(e);
        }
        if (wire.interrupted() || Thread.interrupted()) {
            throw new InterruptedException("the attempt is not wanted any more");
        }
        if (wire.trouble().isPresent()) {
            throw keyless(wire.trouble().get());
        }
        var response = hearing.response;
        if (hearing.error != null || response == null) {
            throw new Trouble(
                    Trouble.Kind.GARBLED,
                    "the reply cannot be used: "
                            + (hearing.error == null ? "nothing came" : Wire.said(hearing.error)));
        }
        return reply(response, wire);
    }

    /// Some providers say the key again when they do not accept it.
    private Trouble keyless(Trouble trouble) {
        var message = String.valueOf(trouble.getMessage());
        var key = settings.apiKey();
        return key == null || !message.contains(key)
                ? trouble
                : new Trouble(
                        trouble.kind(),
                        message.replace(key, "…"),
                        trouble.leaveAlone().orElse(null));
    }

    private Reply reply(ChatResponse response, Wire wire) throws Trouble {
        var said = response.aiMessage();
        var reason = response.finishReason();
        if (reason == null && !wire.finished()) {
            throw new Trouble(Trouble.Kind.GARBLED, "the reply ended in the middle");
        }
        var refusal = wire.refusal();
        var text = refusal.isEmpty() ? said.text() : refusal;
        var calls = new ArrayList<Message.Call>();
        for (var call : said.toolExecutionRequests()) {
            var id = call.id() == null || call.id().isBlank() ? "call_" + calls.size() : call.id();
            calls.add(
                    new Message.Call(
                            id, call.name(), call.arguments() == null ? "" : call.arguments()));
        }
        return new Reply(
                text == null ? "" : text,
                calls,
                finish(reason, refusal),
                response.modelName() == null ? settings.model() : response.modelName(),
                tokens(response.tokenUsage()));
    }

    private static Reply.Finish finish(@Nullable FinishReason reason, String refusal) {
        if (reason == FinishReason.CONTENT_FILTER || !refusal.isEmpty()) {
            return Reply.Finish.REFUSED;
        }
        return reason == FinishReason.LENGTH ? Reply.Finish.LENGTH : Reply.Finish.STOP;
    }

    /// What Anthropic reads from its cache or writes there it does not count as input; others do.
    private static @Nullable Tokens tokens(@Nullable TokenUsage usage) {
        if (usage == null || usage.inputTokenCount() == null || usage.outputTokenCount() == null) {
            return null;
        }
        long input = usage.inputTokenCount();
        long cached = 0;
        long writes = 0;
        if (usage instanceof OpenAiTokenUsage openAi && openAi.inputTokensDetails() != null) {
            cached = orZero(openAi.inputTokensDetails().cachedTokens());
        } else if (usage instanceof AnthropicTokenUsage anthropic) {
            cached = orZero(anthropic.cacheReadInputTokens());
            writes = orZero(anthropic.cacheCreationInputTokens());
            input += cached + writes;
        }
        return new Tokens(input, cached, writes, usage.outputTokenCount());
    }

    private static long orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private StreamingChatModel open(Wire wire, Prompt prompt) {
        var most = prompt.mostTokens();
        return switch (settings.provider()) {
            case "anthropic" -> anthropic(wire, most);
            case "gemini" ->
                    GoogleAiGeminiStreamingChatModel.builder()
                            .httpClientBuilder(wire.builder())
                            .baseUrl(settings.baseUrl())
                            .apiKey(settings.apiKey() == null ? "none" : settings.apiKey())
                            .modelName(settings.model())
                            .temperature(settings.temperature())
                            .maxOutputTokens(most)
                            .timeout(settings.timeout())
                            .customHeaders(settings.headers())
                            .build();
            case "ollama" ->
                    (StreamingChatModel)
                            OllamaStreamingChatModel.builder()
                                    .httpClientBuilder(wire.builder())
                                    .baseUrl(
                                            settings.baseUrl() == null
                                                    ? OLLAMA
                                                    : settings.baseUrl())
                                    .modelName(settings.model())
                                    .temperature(settings.temperature())
                                    .numPredict(most)
                                    .timeout(settings.timeout())
                                    .customHeaders(settings.headers())
                                    .build();
            default -> openAi(wire, most);
        };
    }

    private StreamingChatModel anthropic(Wire wire, @Nullable Integer most) {
        var builder =
                AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(wire.builder())
                        .apiKey(settings.apiKey() == null ? "none" : settings.apiKey())
                        .modelName(settings.model())
                        .temperature(settings.temperature())
                        .timeout(settings.timeout())
                        .customHeaders(settings.headers());
        if (settings.baseUrl() != null) {
            builder.baseUrl(settings.baseUrl());
        }
        // Anthropic wants a limit, and the default of LangChain4j is 1,024.
        builder.maxTokens(most == null ? 8_192 : most);
        return builder.build();
    }

    private StreamingChatModel openAi(Wire wire, @Nullable Integer most) {
        var builder =
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(wire.builder())
                        .apiKey(settings.apiKey())
                        .modelName(settings.model())
                        .temperature(settings.temperature())
                        .timeout(settings.timeout())
                        .accumulateToolCallId(false)
                        .customHeaders(settings.headers());
        if (settings.baseUrl() == null) {
            builder.maxCompletionTokens(most);
        } else {
            builder.baseUrl(settings.baseUrl()).maxTokens(most);
        }
        return builder.build();
    }

    private ChatRequest request(Prompt prompt) {
        var builder = ChatRequest.builder().messages(messages(prompt));
        var schemas = new Schemas(!settings.provider().equals("gemini"));
        if (!prompt.tools().isEmpty()) {
            builder.toolSpecifications(
                    prompt.tools().stream()
                            .map(tool ->
                                    ToolSpecification.builder()
                                            .name(tool.name())
                                            .description(tool.text())
                                            .parameters(schemas.object(tool.input()))
                                            .build())
                            .toList());
        }
        var schema = prompt.schema();
        if (schema != null && isGivenSchemas(prompt)) {
            builder.responseFormat(
                    ResponseFormat.builder()
                            .type(ResponseFormatType.JSON)
                            .jsonSchema(
                                    JsonSchema.builder()
                                            .name("answer")
                                            .rootElement(schemas.object(schema))
                                            .build())
                            .build());
        }
        return builder.build();
    }

    /// Gemini and Ollama cannot both call tools and be held to a schema; Anthropic and places that
    /// only speak like OpenAI are held to one where the team file says so.
    private boolean isGivenSchemas(Prompt prompt) {
        var said = settings.structured();
        if (said != null) {
            return said;
        }
        return switch (settings.provider()) {
            case "openai" -> settings.baseUrl() == null;
            case "gemini", "ollama" -> prompt.tools().isEmpty();
            default -> false;
        };
    }

    private static List<ChatMessage> messages(Prompt prompt) {
        var messages = new ArrayList<ChatMessage>();
        for (var message : prompt.messages()) {
            messages.add(
                    switch (message) {
                        case Message.Instructions(var text) -> SystemMessage.from(text);
                        case Message.Asked(var text, var files) -> asked(text, files);
                        case Message.Said(var text, var calls) -> said(text, calls);
                        case Message.Given(var call, var tool, var text) ->
                                ToolExecutionResultMessage.from(call, tool, text);
                    });
        }
        return messages;
    }

    private static ChatMessage asked(String text, List<Message.Attached> files) {
        var contents = new ArrayList<Content>();
        contents.add(TextContent.from(text));
        files.forEach(file -> contents.add(content(file)));
        return UserMessage.from(contents);
    }

    /// What a model does not take was put into words before.
    private static Content content(Message.Attached file) {
        return switch (Media.of(file.mediaType())) {
            case IMAGE -> ImageContent.from(file.base64(), file.mediaType());
            case PDF -> PdfFileContent.from(file.base64(), "application/pdf");
            case AUDIO -> AudioContent.from(file.base64(), sound(file.mediaType()));
            case VIDEO -> VideoContent.from(file.base64(), file.mediaType());
            case OTHER ->
                    throw new IllegalArgumentException(
                            "no model takes " + file.mediaType() + " as a file");
        };
    }

    /// Providers go by the common names of formats, and not by those that are registered.
    private static String sound(String mediaType) {
        return switch (mediaType) {
            case "audio/mpeg" -> "audio/mp3";
            case "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "audio/wav";
            default -> mediaType;
        };
    }

    private static ChatMessage said(String text, List<Message.Call> calls) {
        var builder = AiMessage.builder();
        if (!text.isEmpty() || calls.isEmpty()) {
            builder.text(text);
        }
        return builder.toolExecutionRequests(
                        calls.stream()
                                .map(call ->
                                        ToolExecutionRequest.builder()
                                                .id(call.id())
                                                .name(call.name())
                                                .arguments(call.arguments())
                                                .build())
                                .toList())
                .build();
    }

    /// What comes of one call.
    private static final class Hearing implements StreamingChatResponseHandler {
        private final Consumer<String> heard;
        private @Nullable ChatResponse response;
        private @Nullable Throwable error;

        private Hearing(Consumer<String> heard) {
            this.heard = heard;
        }

        @Override
        public void onPartialResponse(String piece) {
            heard.accept(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            response = complete;
        }

        @Override
        public void onError(Throwable why) {
            if (error == null) {
                error = why;
            }
        }
    }
}
