package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of a call when a server over HTTP does not behave.
@Timeout(60)
class OddServiceTest {

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private volatile String manner = "";
    private @Nullable HttpServer running;

    @BeforeEach
    void start() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        running = server;
    }

    @AfterEach
    void stop() {
        server().stop(0);
    }

    private HttpServer server() {
        return Objects.requireNonNull(running);
    }

    private Toolbox open() {
        var with =
                Value.struct(
                        "url",
                        Value.text(
                                "http://127.0.0.1:" + server().getAddress().getPort() + "/mcp?v=2"),
                        "allow_private",
                        Value.of(true),
                        "token",
                        Value.text("secret"),
                        "timeout",
                        Value.text("500ms"));
        return new McpTools().open(new ToolProvider.Settings("odd", "mcp", with, Path.of(".")));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var method = exchange.getRequestMethod();
            seen.add(
                    method
                            + " "
                            + exchange.getRequestURI()
                            + " "
                            + exchange.getRequestHeaders().getFirst("Authorization"));
            if (!method.equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var message = (Value.Struct) Json.parse(body);
            var id = message.get("id");
            switch (id == null ? "notification" : message.text("method")) {
                case "notification" -> exchange.sendResponseHeaders(202, -1);
                case "initialize" -> greet(exchange, id);
                case "tools/list" ->
                        result(
                                exchange,
                                id,
                                "{\"tools\": [{\"name\": \"t\", \"inputSchema\": {\"type\": \"object\"}}]}");
                default -> call(exchange);
            }
        }
    }

    private void greet(HttpExchange exchange, @Nullable Value id) throws IOException {
        switch (manner) {
            case "stranger" -> exchange.sendResponseHeaders(401, -1);
            case "away" -> {
                exchange.getResponseHeaders().set("Location", "http://169.254.169.254/");
                exchange.sendResponseHeaders(302, -1);
            }
            case "rubbish" -> send(exchange, "application/json", "{\"jsonrpc\": ");
            case "page" -> send(exchange, "text/html", "<html>Welcome</html>");
            default ->
                    result(
                            exchange,
                            id,
                            "{\"protocolVersion\": \"2025-06-18\", \"capabilities\": {\"tools\": {}},"
                                    + " \"serverInfo\": {\"name\": \"odd\", \"version\": \"1\"}}");
        }
    }

    private void call(HttpExchange exchange) throws IOException {
        switch (manner) {
            case "half" -> {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(": nothing\n\n".getBytes(StandardCharsets.UTF_8));
            }
            case "large" ->
                    send(
                            exchange,
                            "application/json",
                            "\"" + "x".repeat(ServerProcess.LONGEST + 100_000) + "\"");
            default -> exchange.sendResponseHeaders(503, -1);
        }
    }

    private static void result(HttpExchange exchange, @Nullable Value id, String result)
            throws IOException {
        var message =
                Value.struct(
                        "jsonrpc",
                        Value.text("2.0"),
                        "id",
                        id == null ? Value.NULL : id,
                        "result",
                        Json.parse(result));
        send(exchange, "application/json", Json.text(message));
    }

    private static void send(HttpExchange exchange, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Test
    void a_server_that_lets_nobody_in_is_no_reason_to_try_again() {
        manner = "stranger";
        try (var toolbox = open()) {
            assertThatThrownBy(toolbox::tools)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the server of `odd` does not let us in (401 or 403); is its `token` right?");
        }
        assertThat(seen).containsOnly("POST /mcp?v=2 Bearer secret");
    }

    @Test
    void what_is_no_server_of_the_protocol_is_said_to_be_gone() {
        for (var one : List.of("rubbish", "page", "away")) {
            manner = one;
            try (var toolbox = open()) {
                assertThatThrownBy(toolbox::tools)
                        .as(one)
                        .isInstanceOf(ToolUnavailable.class)
                        .hasMessageContaining("the server of `odd` is gone: ");
            }
        }
        assertThat(seen).allMatch(line -> line.endsWith("/mcp?v=2 Bearer secret"));
    }

    @Test
    void a_call_without_a_result_fails_and_the_next_begins_anew() throws Exception {
        try (var toolbox = open()) {
            for (var one : List.of("half", "large", "broken")) {
                manner = one;
                var tool = toolbox.tools().getFirst();
                assertThatThrownBy(() -> tool.call(Value.Struct.EMPTY, new Given()))
                        .as(one)
                        .isInstanceOf(ToolUnavailable.class);
            }
            assertThat(toolbox.tools()).hasSize(1);
        }
    }
}
