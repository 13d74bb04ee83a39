package dev.tutti.agents.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Tokens;
import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That each provider is spoken to in its own way, by recorded streams of each.
@Timeout(30)
class ProvidersTest {
    private HttpServer server = created();
    private final List<String> paths = new ArrayList<>();
    private final List<Value.Struct> requests = new ArrayList<>();
    private final List<Map<String, List<String>>> headers = new ArrayList<>();
    private final StringBuilder said = new StringBuilder();
    private String answer = "";
    private String type = "text/event-stream";

    private static HttpServer created() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void begin() {
        server.createContext(
                "/",
                exchange -> {
                    paths.add(exchange.getRequestURI().toString());
                    headers.add(new HashMap<>(exchange.getRequestHeaders()));
                    requests.add(
                            (Value.Struct) Json.parse(exchange.getRequestBody().readAllBytes()));
                    exchange.getResponseHeaders().set("Content-Type", type);
                    var bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private Reply reply(String provider, Map<String, ?> more) throws Exception {
        var reply = replied(provider, more);
        assertThat(said.toString()).isEqualTo(reply.text());
        return reply;
    }

    private Reply replied(String provider, Map<String, ?> more) throws Exception {
        var declared = new HashMap<String, Object>(more);
        declared.put("name", "m");
        declared.put("provider", provider);
        declared.put("model", "model-1");
        declared.put("base_url", "http://127.0.0.1:" + server.getAddress().getPort());
        // As it comes out of a file, with the end of its line.
        declared.put("api_key", "key-1\n");
        declared.put("headers", Map.of("X-Team", "tutti"));
        var model = ProvidedModel.of(ModelSettings.of((Value.Struct) Value.from(declared)));
        said.setLength(0);
        return model.reply(prompt(), said::append);
    }

    private static Prompt prompt() {
        var schema =
                (Value.Struct)
                        Value.from(
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of("city", Map.of("type", "string"))));
        return new Prompt(
                "run/task",
                List.of(
                        new Message.Instructions("Be brief."),
                        new Message.Asked("What is the time?"),
                        new Message.Said("", List.of(new Message.Call("c1", "clock", "{}"))),
                        new Message.Given("c1", "clock", "12:00")),
                List.of(new Tool.Description("clock", "Tells the time.", schema, true)),
                schema,
                500);
    }

    @Test
    void schemas_that_refer_to_definitions_are_given_whole_and_those_without_end_in_part() {
        var schema =
                (Value.Struct)
                        Json.parse(
                                """
                                { "type": "object",
                                  "properties": {
                                    "tree": { "$ref": "#/$defs/tree" },
                                    "when": { "type": "string", "format": "date" },
                                    "none": { "$ref": "elsewhere.json" } },
                                  "$defs": { "tree": { "type": "object", "properties": {
                                    "name": { "type": "string" },
                                    "below": { "type": "array", "items": { "$ref": "#/$defs/tree" } } } } } }
                                """);
        var given = new Schemas(true).object(schema);
        assertThat(given.properties()).containsOnlyKeys("tree", "when", "none");
        assertThat(given.properties().get("when")).asString().contains("date");
        assertThat(given.toString().split("name", -1)).hasSize(7).doesNotContain("$ref");
        assertThat(new Schemas(false).object(schema).properties()).hasSize(3);
    }

    private String request() {
        return Json.text(requests.getLast());
    }

    private String stream(String... events) {
        var text = new StringBuilder();
        for (var event : events) {
            var named =
                    event.startsWith("{\"type\":\"")
                            ? event.substring(9, event.indexOf('"', 9))
                            : "";
            text.append(named.isEmpty() ? "" : "event: " + named + "\n");
            text.append("data: ").append(event).append("\n\n");
        }
        return text.toString();
    }

    @Test
    void anthropic() throws Exception {
        answer =
                stream(
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"model-1-x\",\"content\":[],\"usage\":{\"input_tokens\":40,\"cache_read_input_tokens\":50,\"cache_creation_input_tokens\":10,\"output_tokens\":1}}}",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"It is \"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"noon.\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":0}",
                        "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"clock\",\"input\":{}}}",
                        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":1}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":20}}",
                        "{\"type\":\"message_stop\"}");
        assertThat(reply("anthropic", Map.of()))
                .isEqualTo(
                        new Reply(
                                "It is noon.",
                                List.of(new Message.Call("t1", "clock", "{\"city\":\"Oslo\"}")),
                                Reply.Finish.STOP,
                                "model-1-x",
                                new Tokens(100, 50, 10, 20)));
        assertThat(paths).containsExactly("/messages");
        assertThat(request())
                .contains("\"max_tokens\":500", "Be brief.", "tool_result", "input_schema");
        assertThat(headers.getLast())
                .containsEntry("X-api-key", List.of("key-1"))
                .containsEntry("X-team", List.of("tutti"));
    }

    @Test
    void anthropic_overloaded() {
        answer =
                stream(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        assertThatThrownBy(() -> reply("anthropic", Map.of()))
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> assertThat(trouble.kind()).isEqualTo(Trouble.Kind.UNAVAILABLE));
    }

    @Test
    void anthropic_refusing() throws Exception {
        answer =
                stream(
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"model-1\",\"content\":[],\"usage\":{\"input_tokens\":4,\"output_tokens\":1}}}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":2}}",
                        "{\"type\":\"message_stop\"}");
        assertThat(replied("anthropic", Map.of()).finish()).isEqualTo(Reply.Finish.REFUSED);
    }

    @Test
    void gemini_filtering() throws Exception {
        answer =
                stream(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Well\"}],\"role\":\"model\"},\"finishReason\":\"SAFETY\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":2,\"totalTokenCount\":102},\"modelVersion\":\"model-1\",\"responseId\":\"r\"}");
        assertThat(replied("gemini", Map.of()).finish()).isEqualTo(Reply.Finish.REFUSED);
    }

    @Test
    void gemini() throws Exception {
        answer =
                stream(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"It is \"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"model-1-x\",\"responseId\":\"r\"}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"noon.\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":20,\"totalTokenCount\":120},\"modelVersion\":\"model-1-x\",\"responseId\":\"r\"}");
        assertThat(reply("gemini", Map.of()))
                .isEqualTo(
                        new Reply(
                                "It is noon.",
                                List.of(),
                                Reply.Finish.STOP,
                                "model-1-x",
                                new Tokens(100, 0, 20)));
        assertThat(paths.getLast()).startsWith("/models/model-1:streamGenerateContent");
        assertThat(request())
                .contains(
                        "systemInstruction",
                        "Be brief.",
                        "functionResponse",
                        "\"maxOutputTokens\":500");
        assertThat(headers.getLast().toString()).contains("key-1", "tutti");
    }

    @Test
    void ollama() throws Exception {
        type = "application/x-ndjson";
        answer =
                """
                {"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"It is "},"done":false}
                {"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"noon."},"done":false}
                {"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":100,"eval_count":20}
                """;
        assertThat(reply("ollama", Map.of()))
                .isEqualTo(
                        new Reply(
                                "It is noon.",
                                List.of(),
                                Reply.Finish.STOP,
                                "model-1",
                                new Tokens(100, 0, 20)));
        assertThat(paths).containsExactly("/api/chat");
        assertThat(request())
                .contains("Be brief.", "\"num_predict\":500", "\"stream\":true", "\"tools\"");
    }

    @Test
    void ollama_with_half_a_line() {
        type = "application/x-ndjson";
        answer = "{\"model\":\"model-1\",\"mess\n";
        assertThatThrownBy(() -> reply("ollama", Map.of()))
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> assertThat(trouble.kind()).isEqualTo(Trouble.Kind.GARBLED));
    }

    @Test
    void openai() throws Exception {
        answer =
                stream(
                        "{\"id\":\"x\",\"model\":\"model-1-x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"It is noon.\"}}]}",
                        "{\"id\":\"x\",\"model\":\"model-1-x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                        "{\"id\":\"x\",\"model\":\"model-1-x\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,\"prompt_tokens_details\":{\"cached_tokens\":64}}}",
                        "[DONE]");
        assertThat(reply("openai", Map.of("temperature", 0.5)))
                .isEqualTo(
                        new Reply(
                                "It is noon.",
                                List.of(),
                                Reply.Finish.STOP,
                                "model-1-x",
                                new Tokens(100, 64, 20)));
        assertThat(paths).containsExactly("/chat/completions");
        assertThat(request())
                .contains(
                        "\"max_tokens\":500",
                        "\"temperature\":0.5",
                        "\"include_usage\":true",
                        "\"tool_call_id\":\"c1\"");
        assertThat(request()).doesNotContain("json_schema");
        assertThat(headers.getLast()).containsEntry("Authorization", List.of("Bearer key-1"));
        reply("openai", Map.of("structured", true));
        assertThat(request()).contains("\"type\":\"json_schema\"", "\"name\":\"answer\"");
    }
}
