package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that misbehaves in every way that its tools are named for. Written without the library,
/// which would not let it.
final class OddServer {
    private final PrintStream out;
    private final Set<String> traits;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, Value.Struct> answers = new ConcurrentHashMap<>();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final CountDownLatch initialized = new CountDownLatch(1);
    private volatile boolean changed;

    private OddServer(PrintStream out, Set<String> traits) {
        this.out = out;
        this.traits = traits;
    }

    /// The command that starts one.
    static Value.Array command(String... traits) {
        var words = new ArrayList<Value>();
        for (var word :
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OddServer.class.getName())) {
            words.add(Value.text(word));
        }
        for (var trait : traits) {
            words.add(Value.text(trait));
        }
        return new Value.Array(words);
    }

    public static void main(String[] traits) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var server = new OddServer(out, Set.of(traits));
        if (server.traits.contains("talkative")) {
            out.println("Welcome! This is no JSON.");
            out.println("{\"neither\": \"is this\"}");
            out.println("{ \"jsonrpc\": ");
        }
        if (server.traits.contains("stillborn")) {
            System.err.println("no licence found");
            System.exit(7);
        }
        try (var in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var message = (Value.Struct) Json.parse(line);
                Thread.ofVirtual().start(() -> server.receive(message));
            }
        }
        if (server.traits.contains("stubborn")) {
            Thread.sleep(60_000);
        }
        System.exit(0);
    }

    private synchronized void send(Value.Struct message) {
        out.println(Json.text(Value.struct("jsonrpc", Value.text("2.0")).with(message)));
    }

    private void receive(Value.Struct message) {
        var id = message.get("id");
        if (message.get("method") == null) {
            answers.put(Json.text(id == null ? Value.NULL : id), message);
            return;
        }
        var method = message.text("method");
        var params = message.get("params") instanceof Value.Struct p ? p : Value.Struct.EMPTY;
        switch (method) {
            case "notifications/initialized" -> initialized.countDown();
            case "notifications/cancelled" ->
                    cancelled.add(Json.text(params.fields().getOrDefault("requestId", Value.NULL)));
            default -> {
                if (id != null) {
                    answer(id, method, params);
                }
            }
        }
    }

    private void answer(Value id, String method, Value.Struct params) {
        try {
            var result =
                    switch (method) {
                        case "initialize" -> greeting(params);
                        case "tools/list" -> tools(params);
                        case "tools/call" -> call(params);
                        default -> Value.Struct.EMPTY;
                    };
            send(Value.struct("id", id, "result", result));
        } catch (RuntimeException | InterruptedException e) {
            send(
                    Value.struct(
                            "id",
                            id,
                            "error",
                            Value.struct(
                                    "code",
                                    Value.of(-32_602),
                                    "message",
                                    Value.text(String.valueOf(e.getMessage())))));
        }
    }

    private Value.Struct greeting(Value.Struct params) {
        var version =
                traits.stream()
                        .filter(trait -> trait.startsWith("version="))
                        .map(trait -> trait.substring(8))
                        .findAny()
                        .orElse(params.text("protocolVersion"));
        return Value.struct(
                "protocolVersion",
                Value.text(version),
                "capabilities",
                Value.struct("tools", Value.struct("listChanged", Value.of(true))),
                "serverInfo",
                Value.struct("name", Value.text("odd"), "version", Value.text("1")));
    }

    private Value.Struct tools(Value.Struct params) {
        if (traits.contains("many")) {
            return many(params);
        }
        var tools = new ArrayList<Value>();
        for (var name :
                List.of(
                        "echo",
                        "slow",
                        "steps",
                        "die",
                        "huge",
                        "fails",
                        "refuses",
                        "confirm",
                        "form",
                        "sample",
                        "picture",
                        "change",
                        "child",
                        "was_cancelled",
                        "env",
                        "twice",
                        "never",
                        "flood",
                        "die_once")) {
            tools.add(tool(name, "It does " + name + "."));
        }
        if (changed) {
            tools.add(tool("newcomer", "It is new."));
        }
        return Value.struct("tools", new Value.Array(tools));
    }

    private static Value.Struct tool(String name, String description) {
        return Value.struct(
                "name",
                Value.text(name),
                "description",
                Value.text(description),
                "inputSchema",
                Value.struct("type", Value.text("object"), "x-ours", Value.of(1)),
                "annotations",
                Value.struct("readOnlyHint", Value.of(List.of("echo", "die_once").contains(name))));
    }

    /// Pages of a hundred tools, and some that nobody should take.
    private static Value.Struct many(Value.Struct params) {
        int page =
                params.get("cursor") instanceof Value.Text(var cursor)
                        ? Integer.parseInt(cursor)
                        : 0;
        var tools = new ArrayList<Value>();
        for (int i = 0; i < 100; i++) {
            tools.add(tool("tool_" + page + "_" + i, "One of many."));
        }
        if (page == 0) {
            tools.set(1, Value.struct("name", Value.text("without_schema")));
            tools.set(2, tool("in\u200bvisible", "Its name is not what it looks like."));
            tools.set(3, tool("endless", "x".repeat(100_000)));
            tools.set(4, tool("tool_0_0", "A second of the same name."));
            tools.set(5, Value.text("no tool at all"));
        }
        return Value.struct(
                "tools",
                new Value.Array(tools),
                "nextCursor",
                Value.text(String.valueOf(page + 1)));
    }

    private Value.Struct call(Value.Struct params) throws InterruptedException {
        var arguments = params.get("arguments") instanceof Value.Struct a ? a : Value.Struct.EMPTY;
        return switch (params.text("name")) {
            case "echo" ->
                    text(Json.text(arguments))
                            .with("structuredContent", Value.struct("given", arguments));
            case "env" -> text(String.join(",", System.getenv().keySet()));
            case "slow" -> {
                progress(params, 1, "thinking");
                Thread.sleep(number(arguments, "ms"));
                yield text("done");
            }
            case "steps" -> {
                for (int i = 1; i <= 4; i++) {
                    progress(params, i, "step " + i);
                    Thread.sleep(number(arguments, "ms"));
                }
                yield text("done");
            }
            case "never" -> {
                Thread.sleep(60_000);
                yield text("too late");
            }
            case "die" -> {
                System.err.println("out of memory, says the server");
                Runtime.getRuntime().halt(9);
                yield text("");
            }
            case "die_once" -> {
                dieOnce(Path.of(arguments.text("mark")));
                yield text("still here");
            }
            case "flood" -> {
                flood();
                yield text("nobody reads this");
            }
            case "huge" -> text("x".repeat((int) number(arguments, "size")));
            case "fails" -> text("the disk is read-only").with("isError", Value.of(true));
            case "refuses" -> throw new IllegalArgumentException("no such argument");
            case "confirm" ->
                    elicit(
                            "Really?",
                            Value.struct(
                                    "type",
                                    Value.text("object"),
                                    "properties",
                                    Value.Struct.EMPTY));
            case "form" -> elicit("Who are you?", form());
            case "twice" -> {
                var first =
                        elicit(
                                "Really?",
                                Value.struct(
                                        "type",
                                        Value.text("object"),
                                        "properties",
                                        Value.Struct.EMPTY));
                elicit(
                        "Really, really?",
                        Value.struct(
                                "type", Value.text("object"), "properties", Value.Struct.EMPTY));
                yield first;
            }
            case "sample" -> sample();
            case "picture" -> picture();
            case "change" -> {
                changed = true;
                send(Value.struct("method", Value.text("notifications/tools/list_changed")));
                yield text("changed");
            }
            case "child" -> child();
            case "was_cancelled" -> {
                for (int i = 0; i < 100 && cancelled.isEmpty(); i++) {
                    Thread.sleep(20);
                }
                yield text(String.valueOf(!cancelled.isEmpty()));
            }
            default -> throw new IllegalArgumentException("Unknown tool: " + params.text("name"));
        };
    }

    private static Value.Struct form() {
        return Value.struct(
                "type",
                Value.text("object"),
                "properties",
                Value.struct(
                        "name",
                        Value.struct("type", Value.text("string")),
                        "age",
                        Value.struct("type", Value.text("integer")),
                        "colour",
                        Value.struct(
                                "type",
                                Value.text("string"),
                                "enum",
                                Value.array(Value.text("red"), Value.text("blue")))),
                "required",
                Value.array(Value.text("name"), Value.text("age")));
    }

    private Value.Struct elicit(String message, Value.Struct schema) throws InterruptedException {
        var answer =
                ask(
                        "elicitation/create",
                        Value.struct("message", Value.text(message), "requestedSchema", schema));
        return text(Json.text(answer));
    }

    private Value.Struct sample() throws InterruptedException {
        var answer =
                ask(
                        "sampling/createMessage",
                        Value.struct(
                                "messages",
                                Value.array(
                                        Value.struct(
                                                "role",
                                                Value.text("user"),
                                                "content",
                                                Value.struct(
                                                        "type",
                                                        Value.text("text"),
                                                        "text",
                                                        Value.text("How are you?")))),
                                "maxTokens",
                                Value.of(100)));
        return text(Json.text(answer));
    }

    private Value.Struct ask(String method, Value.Struct params) throws InterruptedException {
        var id = Value.text("ask-" + ids.incrementAndGet());
        send(Value.struct("id", id, "method", Value.text(method), "params", params));
        for (int i = 0; i < 500; i++) {
            var answer = answers.remove(Json.text(id));
            if (answer != null) {
                return answer;
            }
            Thread.sleep(10);
        }
        return Value.struct("error", Value.text("nobody answered"));
    }

    private static Value.Struct picture() {
        return Value.struct(
                "content",
                Value.array(
                        Value.struct("type", Value.text("text"), "text", Value.text("a dot")),
                        Value.struct(
                                "type",
                                Value.text("image"),
                                "data",
                                Value.text("iVBORw0KGgo="),
                                "mimeType",
                                Value.text("image/png")),
                        Value.struct(
                                "type",
                                Value.text("resource"),
                                "resource",
                                Value.struct(
                                        "uri",
                                        Value.text("file:///notes.txt"),
                                        "text",
                                        Value.text("and a note"))),
                        Value.struct(
                                "type",
                                Value.text("resource_link"),
                                "uri",
                                Value.text("file:///more.txt"),
                                "name",
                                Value.text("more"))));
    }

    /// Leaves a mark, so that the next one lives on.
    private static void dieOnce(Path mark) {
        try {
            Files.createFile(mark);
            Runtime.getRuntime().halt(9);
        } catch (FileAlreadyExistsException _) {
            // It was done.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A message that does not end.
    private void flood() {
        var some = new byte[1 << 16];
        Arrays.fill(some, (byte) 'x');
        while (!out.checkError()) {
            out.write(some, 0, some.length);
        }
    }

    /// Begins a program and leaves it to itself.
    private static Value.Struct child() throws InterruptedException {
        try {
            var shell =
                    new ProcessBuilder("/bin/sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!")
                            .start();
            var pid =
                    new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            shell.waitFor(5, TimeUnit.SECONDS);
            return text(pid);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void progress(Value.Struct params, int step, String message) {
        if (params.get("_meta") instanceof Value.Struct meta && meta.get("progressToken") != null) {
            send(
                    Value.struct(
                            "method",
                            Value.text("notifications/progress"),
                            "params",
                            Value.struct(
                                    "progressToken",
                                    meta.fields().getOrDefault("progressToken", Value.NULL),
                                    "progress",
                                    Value.of(step),
                                    "total",
                                    Value.of(4),
                                    "message",
                                    Value.text(message))));
        }
    }

    private static long number(Value.Struct arguments, String name) {
        return arguments.get(name) instanceof Value.Int(var number) ? number : 0;
    }

    private static Value.Struct text(String text) {
        return Value.struct(
                "content",
                Value.array(Value.struct("type", Value.text("text"), "text", Value.text(text))));
    }
}
