package dev.tutti.server.dashboard;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.OperatorToken;
import dev.tutti.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/// A server with a team whose agents wait or fail as a test says.
final class Desk implements AutoCloseable {
    static final String TOKEN = "a-token-for-tests-only";
    private static final int PASSAGES = 24;

    private final AtomicBoolean refusing = new AtomicBoolean();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final Tutti tutti;
    private final Team team;
    private final Server server;

    Desk() {
        tutti = Tutti.inMemory();
        team = team();
        server = start(tutti, team);
        tutti.own();
    }

    private static Server start(Tutti tutti, Team team) {
        return Server.start(
                tutti,
                OperatorToken.of(TOKEN),
                new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(30)));
    }

    private Team team() {
        var cost =
                Map.of(
                        "latency", "5ms..40ms",
                        "usd", 0.0042,
                        "input_tokens", 830,
                        "output_tokens", 120,
                        "output", "${{'note': input.text, 'source': input.source}}");
        return Team.define()
                .agent("librarian", "retrieve", _ -> Map.of("passages", passages()))
                .agent("reader", List.of("summarize"), "simulated", cost)
                .agent("judge", "verify", _ -> {
                    gate.await();
                    if (refusing.get()) {
                        throw new IllegalStateException("the notes contradict one another");
                    }
                    return Map.of("supported", 24);
                })
                .agent("writer", "compose", attempt -> Map.of(
                        "text",
                        "Readers go on with the pages as they were when they began. [1]",
                        "citations",
                        List.of(Map.of("source", "wal.md", "lines", "3-5"))))
                .agent("bank", "pay", attempt -> Map.of("paid", attempt.input()))
                .agent(
                        "boss",
                        List.of("agree"),
                        "human",
                        Map.of("ask", List.of(Map.of("to", "alice", "within", "1h")), "otherwise", "deny"))
                .workflow("answer", w -> w.input(Map.of("question", "string", "folder", Map.of("type", "string", "default", "docs")))
                        .task("search", "retrieve", Map.of("query", "${input.question}"))
                        .task(
                                "read",
                                "summarize",
                                Map.of("text", "${item.text}", "source", "${item.source}"),
                                Map.of("each", "${search.passages}", "label", "${item.text}"))
                        .task("check", "verify", Map.of("notes", "${read}"), Map.of("retry", Map.of("attempts", 2, "backoff", "10ms..20ms")))
                        .task("answer", "compose", Map.of("question", "${input.question}", "notes", "${read}"), Map.of("after", List.of("check")))
                        .output("${answer}"))
                .agent("lister", "list", attempt -> Map.of("things", IntStream.range(0, Integer.parseInt(attempt.input().text("n"))).mapToObj(i -> "thing " + i).toList()))
                .agent("hand", List.of("do"), "simulated", Map.of("latency", "1ms..5ms", "output", "${input}"))
                .workflow("many", w -> w.input(Map.of("items", "int"))
                        .task("list", "list", Map.of("n", "${string(input.items)}"))
                        .task("first", "do", Map.of("thing", "${item}"), Map.of("each", "${list.things}", "label", "${item}"))
                        .task("second", "do", Map.of("thing", "${item}"), Map.of("each", "${list.things}", "after", List.of("first"), "label", "${item}"))
                        .task("end", "do", Map.of("n", "${string(size(second))}"))
                        .output("${end}"))
                .workflow("refund", w -> w.input(Map.of("order", "string", "amount", "number"))
                        .task("pay", "pay", Map.of("order", "${input.order}", "amount", "${input.amount}", "account", "OPS"), Map.of("approve", "boss"))
                        .output("${pay}"));
    }

    private static List<Map<String, Object>> passages() {
        return IntStream.range(0, PASSAGES)
                .<Map<String, Object>>mapToObj(i -> Map.of("text", "Passage " + (i + 1) + " on the write-ahead log", "source", "wal.md"))
                .toList();
    }

    Tutti tutti() {
        return tutti;
    }

    Run begin(String workflow, Map<String, ?> inputs) throws InterruptedException {
        return tutti.submit(team.goal(workflow, inputs));
    }

    Run answer() throws InterruptedException {
        return begin("answer", Map.of("question", "What does a write-ahead log change for readers?"));
    }

    /// The judge waits until [#open].
    void shut() {
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    /// Whether the judge fails.
    void refuse(boolean whether) {
        refusing.set(whether);
    }

    String address() {
        return "http://127.0.0.1:" + server.port();
    }

    /// What the API answers at a path.
    Value.Struct get(String path) throws IOException, InterruptedException {
        var answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(address() + "/api/v1" + path))
                                .header("Authorization", "Bearer " + TOKEN)
                                .header("Accept", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return (Value.Struct) Json.parse(answer.body());
    }

    @Override
    public void close() {
        open();
        server.close();
        tutti.close();
        client.close();
    }
}
