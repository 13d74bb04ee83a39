package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers as everyone uses them: each tool of each is listed and called.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class RealServersTest {

    private static final ToolRequests MODEL =
            (request, _) ->
                    Value.text("heard " + Json.text(request).contains("Resource trigger-sampling"));

    @BeforeAll
    static void install_the_servers() throws Exception {
        NpmServers.install();
    }

    private static Toolbox open(Value.Struct with) {
        return new McpTools()
                .open(new ToolProvider.Settings("real", "mcp", with, Path.of(".")), MODEL);
    }

    private static Toolbox everything() {
        return open(Value.struct("command", NpmServers.command("everything")));
    }

    private static Tool.Result call(Toolbox toolbox, String name, String arguments, Given attempt)
            throws Exception {
        for (var tool : toolbox.tools()) {
            if (tool.description().name().equals(name)) {
                return tool.call((Value.Struct) Json.parse(arguments), attempt);
            }
        }
        throw new AssertionError("no tool " + name);
    }

    private static Map<String, Tool.Result> callAll(
            Toolbox toolbox, Map<String, String> calls, Given attempt) throws Exception {
        assertThat(toolbox.tools().stream().map(tool -> tool.description().name()))
                .containsExactlyInAnyOrderElementsOf(calls.keySet());
        var results = new LinkedHashMap<String, Tool.Result>();
        for (var one : calls.entrySet()) {
            results.put(one.getKey(), call(toolbox, one.getKey(), one.getValue(), attempt));
        }
        return results;
    }

    private static String text(Map<String, Tool.Result> results, String name) {
        var result = results.get(name);
        return result == null ? "" : Json.text(result.content());
    }

    private static Map<String, String> everyCall() {
        var calls = new LinkedHashMap<String, String>();
        calls.put("echo", "{\"message\": \"hello\"}");
        calls.put("get-annotated-message", "{\"messageType\": \"error\", \"includeImage\": true}");
        calls.put("get-env", "{}");
        calls.put("get-resource-links", "{\"count\": 2}");
        calls.put("get-resource-reference", "{\"resourceType\": \"Blob\", \"resourceId\": 1}");
        calls.put("get-structured-content", "{\"location\": \"Chicago\"}");
        calls.put("get-sum", "{\"a\": 2, \"b\": 3}");
        calls.put("get-tiny-image", "{}");
        calls.put(
                "gzip-file-as-resource",
                "{\"name\": \"a.gz\", \"data\": \"data:text/plain,hello\", \"outputType\": \"resource\"}");
        calls.put("toggle-simulated-logging", "{}");
        calls.put("toggle-subscriber-updates", "{}");
        calls.put("trigger-long-running-operation", "{\"duration\": 0.2, \"steps\": 2}");
        calls.put("trigger-elicitation-request", "{}");
        calls.put("trigger-sampling-request", "{\"prompt\": \"Hello?\"}");
        calls.put("simulate-research-query", "{\"topic\": \"rain\"}");
        return calls;
    }

    private static void assertEverything(Toolbox toolbox) throws Exception {
        var attempt =
                new Given()
                        .answering(
                                Value.text(
                                        "{\"name\": \"Ada\", \"integer\": 7, \"titledSingleSelectEnum\": \"hero-2\"}"));
        var results = callAll(toolbox, everyCall(), attempt);
        assertThat(text(results, "echo")).contains("Echo: hello");
        assertThat(text(results, "get-annotated-message")).contains("\"files\"", "image/png");
        assertThat(text(results, "get-resource-links")).contains("\"links\"");
        assertThat(text(results, "get-resource-reference")).contains("\"files\"");
        assertThat(text(results, "get-structured-content")).contains("\"data\":{\"temperature\"");
        assertThat(text(results, "get-sum")).contains("The sum of 2 and 3 is 5.");
        assertThat(text(results, "get-tiny-image")).contains("image/png");
        assertThat(text(results, "gzip-file-as-resource")).contains("application/gzip");
        assertThat(text(results, "trigger-elicitation-request"))
                .contains("User provided the requested information", "Ada", "hero-2");
        assertThat(text(results, "trigger-sampling-request")).contains("heard true");
        assertThat(attempt.progress).anyMatch(line -> line.startsWith("1.0"));
        // It is only there for clients with tasks of their own, and says so.
        assertThat(results.get("simulate-research-query"))
                .matches(result -> result != null && result.isError());
        assertThat(results.entrySet())
                .filteredOn(one -> !one.getKey().equals("simulate-research-query"))
                .allMatch(one -> !one.getValue().isError());
        assertThat(call(toolbox, "echo", "{}", attempt).isError()).isTrue();
    }

    @Test
    void every_tool_of_the_server_for_everything_works() throws Exception {
        try (var toolbox = everything()) {
            assertEverything(toolbox);
            assertThat(toolbox.tools())
                    .filteredOn(tool -> tool.description().readOnly())
                    .extracting(tool -> tool.description().name())
                    .contains("echo", "get-sum")
                    .doesNotContain("toggle-simulated-logging", "trigger-sampling-request");
        }
    }

    @Test
    void every_tool_of_the_server_for_files_works(@TempDir Path folder) throws Exception {
        var root = folder.toRealPath();
        Files.writeString(root.resolve("a.txt"), "one\ntwo\nthree\n");
        Files.write(root.resolve("dot.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        var calls = new LinkedHashMap<String, String>();
        calls.put("read_file", "{\"path\": \"ROOT/a.txt\"}");
        calls.put("read_text_file", "{\"path\": \"ROOT/a.txt\", \"head\": 1}");
        calls.put("read_media_file", "{\"path\": \"ROOT/dot.png\"}");
        calls.put("read_multiple_files", "{\"paths\": [\"ROOT/a.txt\"]}");
        calls.put("write_file", "{\"path\": \"ROOT/b.txt\", \"content\": \"bee\"}");
        calls.put(
                "edit_file",
                "{\"path\": \"ROOT/b.txt\", \"edits\": [{\"oldText\": \"bee\", \"newText\": \"sea\"}]}");
        calls.put("create_directory", "{\"path\": \"ROOT/sub\"}");
        calls.put("list_directory", "{\"path\": \"ROOT\"}");
        calls.put("list_directory_with_sizes", "{\"path\": \"ROOT\"}");
        calls.put("directory_tree", "{\"path\": \"ROOT\"}");
        calls.put("move_file", "{\"source\": \"ROOT/b.txt\", \"destination\": \"ROOT/sub/c.txt\"}");
        calls.put("search_files", "{\"path\": \"ROOT\", \"pattern\": \"**/c.txt\"}");
        calls.put("get_file_info", "{\"path\": \"ROOT/a.txt\"}");
        calls.put("list_allowed_directories", "{}");
        calls.replaceAll((_, arguments) -> arguments.replace("ROOT", root.toString()));
        var with = Value.struct("command", NpmServers.command("filesystem", root.toString()));
        try (var toolbox = open(with)) {
            var attempt = new Given();
            var results = callAll(toolbox, calls, attempt);
            assertThat(results.values()).noneMatch(Tool.Result::isError);
            assertThat(text(results, "read_text_file")).contains("one").doesNotContain("two");
            assertThat(text(results, "read_media_file")).contains("image/png");
            assertThat(text(results, "list_directory")).contains("a.txt", "b.txt", "sub");
            assertThat(text(results, "search_files")).contains("sub/c.txt");
            assertThat(root.resolve("sub/c.txt")).hasContent("sea");
            assertThat(
                            call(toolbox, "read_file", "{\"path\": \"/etc/hostname\"}", attempt)
                                    .isError())
                    .isTrue();
        }
    }

    @Test
    void every_tool_of_the_server_for_memory_works(@TempDir Path folder) throws Exception {
        var calls = new LinkedHashMap<String, String>();
        calls.put(
                "create_entities",
                "{\"entities\": [{\"name\": \"Ada\", \"entityType\": \"person\", \"observations\": [\"counts\"]},"
                        + " {\"name\": \"Bob\", \"entityType\": \"person\", \"observations\": []}]}");
        calls.put(
                "create_relations",
                "{\"relations\": [{\"from\": \"Ada\", \"to\": \"Bob\", \"relationType\": \"knows\"}]}");
        calls.put(
                "add_observations",
                "{\"observations\": [{\"entityName\": \"Bob\", \"contents\": [\"sings\"]}]}");
        calls.put("read_graph", "{}");
        calls.put("search_nodes", "{\"query\": \"sings\"}");
        calls.put("open_nodes", "{\"names\": [\"Ada\"]}");
        calls.put(
                "delete_observations",
                "{\"deletions\": [{\"entityName\": \"Bob\", \"observations\": [\"sings\"]}]}");
        calls.put(
                "delete_relations",
                "{\"relations\": [{\"from\": \"Ada\", \"to\": \"Bob\", \"relationType\": \"knows\"}]}");
        calls.put("delete_entities", "{\"entityNames\": [\"Bob\"]}");
        var with =
                Value.struct(
                        "command",
                        NpmServers.command("memory"),
                        "env",
                        Value.struct(
                                "MEMORY_FILE_PATH",
                                Value.text(folder.resolve("graph.jsonl").toString())));
        try (var toolbox = open(with)) {
            var results = callAll(toolbox, calls, new Given());
            assertThat(results.values()).noneMatch(Tool.Result::isError);
            assertThat(text(results, "read_graph")).contains("knows");
            assertThat(text(results, "search_nodes")).contains("Bob").doesNotContain("counts");
            assertThat(folder.resolve("graph.jsonl"))
                    .content()
                    .contains("Ada")
                    .doesNotContain("Bob");
        }
    }

    @Test
    void a_server_killed_in_mid_call_fails_the_call_at_once_and_is_started_again()
            throws Exception {
        try (var toolbox = everything();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempt = new Given();
            toolbox.tools();
            var call =
                    threads.submit(() ->
                            catchThrowable(() ->
                                    call(
                                            toolbox,
                                            "trigger-long-running-operation",
                                            "{\"duration\": 30, \"steps\": 300}",
                                            attempt)));
            while (attempt.progress.isEmpty()) {
                Thread.sleep(5);
            }
            var server =
                    ProcessHandle.current()
                            .descendants()
                            .filter(one ->
                                    one.info()
                                            .commandLine()
                                            .orElse("")
                                            .contains("server-everything"))
                            .toList();
            assertThat(server).hasSize(1);
            server.forEach(ProcessHandle::destroyForcibly);
            assertThat(call.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessageContaining("the server of `real` is gone: it ended with code 137");
            assertThat(
                            Json.text(
                                    call(toolbox, "echo", "{\"message\": \"again\"}", attempt)
                                            .content()))
                    .contains("Echo: again");
        }
    }

    @Test
    void a_call_that_nobody_wants_ends_and_the_server_goes_on() throws Exception {
        try (var toolbox = everything();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempt = new Given();
            var thrown = new AtomicReference<Throwable>();
            var call =
                    threads.submit(() ->
                            thrown.set(
                                    catchThrowable(() ->
                                            call(
                                                    toolbox,
                                                    "trigger-long-running-operation",
                                                    "{\"duration\": 30, \"steps\": 300}",
                                                    attempt))));
            while (attempt.progress.isEmpty()) {
                Thread.sleep(5);
            }
            call.cancel(true);
            while (thrown.get() == null) {
                Thread.sleep(5);
            }
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(call(toolbox, "echo", "{\"message\": \"hello\"}", attempt).isError())
                    .isFalse();
        }
    }

    @Test
    void the_same_over_http_with_a_server_that_is_killed() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var with =
                Value.struct(
                        "url",
                        Value.text("http://127.0.0.1:" + port + "/mcp"),
                        "allow_private",
                        Value.of(true),
                        "token",
                        Value.text("secret"));
        var server = serve(port);
        try (var toolbox = open(with);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertEverything(toolbox);
            var attempt = new Given();
            var call =
                    threads.submit(() ->
                            catchThrowable(() ->
                                    call(
                                            toolbox,
                                            "trigger-long-running-operation",
                                            "{\"duration\": 30, \"steps\": 300}",
                                            attempt)));
            while (attempt.progress.isEmpty()) {
                Thread.sleep(5);
            }
            server.destroyForcibly().waitFor();
            assertThat(call.get(5, TimeUnit.SECONDS)).isInstanceOf(ToolUnavailable.class);
            assertThatThrownBy(toolbox::tools).isInstanceOf(ToolUnavailable.class);
            server = serve(port);
            assertThat(call(toolbox, "echo", "{\"message\": \"hello\"}", attempt).isError())
                    .isFalse();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static Process serve(int port) throws Exception {
        var builder =
                new ProcessBuilder(
                                "node",
                                NpmServers.script("everything").toString(),
                                "streamableHttp")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PORT", Integer.toString(port));
        var process = builder.start();
        for (int i = 0; i < 500; i++) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return process;
            } catch (java.net.ConnectException _) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError("the server does not listen");
    }
}
