package dev.tutti.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// A server on loopback that speaks like OpenAI's chat completions and says what a test wants it to
/// say, also badly. Streams where it is asked to.
///
/// ```java
/// try (var server = FakeOpenAi.start()) {
///     server.replies(FakeReply.call("clock", Map.of()), FakeReply.text("It is noon."));
///     // a model with `provider: openai` and `base_url` of server.baseUrl()
/// }
/// ```
public final class FakeOpenAi implements AutoCloseable {
    /// The name of the model that answers.
    public static final String MODEL = "fake-model";

    private static final int MOST_KEPT = 10_000;
    private static final int DRIP_MILLIS = 10_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<FakeReply> inTurn = new ArrayDeque<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Value.Struct> requests = new ArrayList<>();

    private volatile Consumer<Value.Struct> heard = _ -> {};

    private record Rule(Pattern when, Deque<FakeReply> replies) {}

    private FakeOpenAi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /// A server on a port that was free.
    public static FakeOpenAi start() throws IOException {
        return new FakeOpenAi();
    }

    /// What stands under `base_url` of a model.
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// Says these things, one for each call, to whoever calls.
    public FakeOpenAi replies(FakeReply... replies) {
        lock.lock();
        try {
            inTurn.addAll(List.of(replies));
        } finally {
            lock.unlock();
        }
        return this;
    }

    /// Says these things to calls whose messages, as JSON, contain what the pattern describes: one
    /// for each call, the last one also to all further calls. Rules go before replies in turn, the
    /// first that fits.
    public FakeOpenAi whenever(String pattern, FakeReply... replies) {
        lock.lock();
        try {
            rules.add(
                    new Rule(
                            Pattern.compile(pattern, Pattern.DOTALL),
                            new ArrayDeque<>(List.of(replies))));
        } finally {
            lock.unlock();
        }
        return this;
    }

    /// Is told of each call when it has come and before it is answered; the answer waits for it.
    public FakeOpenAi heard(Consumer<Value.Struct> each) {
        heard = each;
        return this;
    }

    /// The bodies of the calls so far, at most 10,000.
    public List<Value.Struct> requests() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            var body = exchange.getRequestBody().readAllBytes();
            if (!(Json.parse(body) instanceof Value.Struct request)) {
                send(exchange, FakeReply.error(400, "the body is no object"));
                exchange.close();
                return;
            }
            var reply = next(request);
            heard.accept(request);
            answer(exchange, request, reply);
            // Not where that failed: closed in order, a broken reply would look like a whole one.
            exchange.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, Value.Struct request, FakeReply reply)
            throws IOException, InterruptedException {
        Thread.sleep(reply.delay);
        if (reply.raw != null) {
            send(exchange, reply);
        } else if (reply.manner == FakeReply.Manner.SILENT) {
            closed.await();
        } else if (request.get("stream") instanceof Value.Bool(var stream) && stream) {
            stream(exchange, reply);
        } else {
            whole(exchange, reply);
        }
    }

    private FakeReply next(Value.Struct request) {
        lock.lock();
        try {
            if (requests.size() < MOST_KEPT) {
                requests.add(request);
            }
            var messages = request.get("messages");
            var text = Json.text(messages == null ? Value.NULL : messages);
            for (var rule : rules) {
                if (rule.when().matcher(text).find()) {
                    return rule.replies().size() > 1
                            ? rule.replies().removeFirst()
                            : rule.replies().getFirst();
                }
            }
            var next = inTurn.pollFirst();
            return next == null
                    ? FakeReply.error(400, "the fake server has no reply left to this call")
                    : next;
        } finally {
            lock.unlock();
        }
    }

    private static void send(HttpExchange exchange, FakeReply reply) throws IOException {
        reply.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        var bytes = String.valueOf(reply.raw).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void whole(HttpExchange exchange, FakeReply reply) throws IOException {
        var message = Value.struct("role", Value.text("assistant"));
        message = message.with(reply.refuses ? "refusal" : "content", Value.text(reply.text));
        if (!reply.calls.isEmpty()) {
            message = message.with("tool_calls", calls(reply));
        }
        var choice =
                Value.struct(
                        "index", Value.of(0),
                        "message", message,
                        "finish_reason", Value.text(reply.finish));
        var body = envelope("chat.completion").with("choices", Value.array(choice));
        send(
                exchange,
                FakeReply.raw(
                        200,
                        Json.text(reply.usage == null ? body : body.with("usage", reply.usage))));
    }

    private void stream(HttpExchange exchange, FakeReply reply)
            throws IOException, InterruptedException {
        reply.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(reply.status, 0);
        var out = exchange.getResponseBody();
        switch (reply.manner) {
            case ENDLESS -> {
                var piece = event(delta(Value.text("on and on "), "content"));
                while (closed.getCount() > 0) {
                    out.write(piece);
                }
            }
            case DRIPPING -> {
                for (var b : event(delta(Value.text(reply.text), "content"))) {
                    out.write(b);
                    out.flush();
                    if (closed.await(DRIP_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
            case SOUND, SILENT, HALF, BROKEN -> pieces(out, reply);
        }
    }

    private void pieces(OutputStream out, FakeReply reply)
            throws IOException, InterruptedException {
        var key = reply.refuses ? "refusal" : "content";
        if (reply.pieces > 0) {
            var piece = event(delta(Value.text(reply.text), key));
            for (int i = 0; i < reply.pieces; i++) {
                out.write(piece);
            }
        } else {
            for (var word : reply.text.splitWithDelimiters("(?<=\\s)", 0)) {
                if (!word.isEmpty()) {
                    say(out, delta(Value.text(word), key), reply.gap);
                }
            }
        }
        if (!reply.calls.isEmpty()) {
            say(out, delta(calls(reply), "tool_calls"), reply.gap);
        }
        if (reply.manner == FakeReply.Manner.BROKEN) {
            throw new IOException("the connection breaks here");
        }
        if (reply.manner == FakeReply.Manner.HALF) {
            out.write(
                    "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"del\n\n"
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        var end =
                Value.struct(
                        "index", Value.of(0),
                        "delta", Value.Struct.EMPTY,
                        "finish_reason", Value.text(reply.finish));
        say(out, chunk(Value.array(end)), reply.gap);
        if (reply.usage != null) {
            say(out, chunk(Value.Array.EMPTY).with("usage", reply.usage), Duration.ZERO);
        }
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private void say(OutputStream out, Value.Struct chunk, Duration gap)
            throws IOException, InterruptedException {
        out.write(event(chunk));
        out.flush();
        if (gap.isPositive() && closed.await(gap.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the server is closed");
        }
    }

    private static byte[] event(Value.Struct chunk) {
        return ("data: " + Json.text(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Value.Struct delta(Value content, String key) {
        return chunk(
                Value.array(
                        Value.struct(
                                "index", Value.of(0),
                                "delta", Value.struct(key, content),
                                "finish_reason", Value.NULL)));
    }

    private static Value.Struct chunk(Value choices) {
        return envelope("chat.completion.chunk").with("choices", choices);
    }

    private static Value.Struct envelope(String object) {
        return Value.struct(
                "id", Value.text("fake"),
                "object", Value.text(object),
                "created", Value.of(0),
                "model", Value.text(MODEL));
    }

    private static Value calls(FakeReply reply) {
        var calls = new ArrayList<Value>();
        for (var call : reply.calls) {
            calls.add(
                    Value.struct(
                            "index", Value.of(calls.size()),
                            "id", Value.text(call.text("id")),
                            "type", Value.text("function"),
                            "function",
                                    Value.struct(
                                            "name", Value.text(call.text("name")),
                                            "arguments", Value.text(call.text("arguments")))));
        }
        return new Value.Array(calls);
    }

    /// Ends everything that is still being said.
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
