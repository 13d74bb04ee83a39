package dev.tutti.server.dashboard;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.OperatorToken;
import dev.tutti.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A server with a team whose judge waits or fails as a test says.
final class Office implements AutoCloseable {
    static final String TOKEN = "a-token-for-tests-only";
    private static final Path TEAM =
            Path.of("src/test/resources/dev/tutti/server/dashboard/team.yaml");
    private static final int PASSAGES = 24;

    /// One pixel.
    private static final String DOT =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private final AtomicBoolean refusing = new AtomicBoolean();
    private volatile @Nullable Attempt judging;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final Tutti tutti = Tutti.inMemory();
    private final Team team = Team.read(TEAM);
    private final Server server;

    Office() {
        this(Duration.ofSeconds(3));
    }

    /// @param pulse how long a page hears nothing before it is told that the server is there
    Office(Duration pulse) {
        tutti.function("librarian", _ -> done(Map.of("passages", passages())));
        tutti.function(
                "judge",
                attempt -> {
                    judging = attempt;
                    gate.await();
                    if (refusing.get()) {
                        throw new IllegalStateException("the notes contradict one another");
                    }
                    return done(Map.of("supported", PASSAGES));
                });
        tutti.function(
                "writer",
                _ ->
                        done(
                                Map.of(
                                        "text",
                                        "Readers go on with the pages as they were when they began."
                                                + " [1]",
                                        "citations",
                                        List.of(Map.of("source", "wal.md", "lines", "3-5")))));
        tutti.function(
                "scribe",
                attempt -> {
                    attempt.store(text("# Readers\n\nThey go on."), "text/markdown", "notes.md");
                    attempt.store(Base64.getDecoder().decode(DOT), "image/png", "dot.png");
                    // What an agent calls it does not count.
                    attempt.store(text("<script>alert(1)</script>"), "image/png", "page.html");
                    return done(Map.of("drawn", true));
                });
        tutti.function("tiler", attempt -> done(Map.of("tiles", tiles(attempt.input()))));
        tutti.function("mason", attempt -> done(slab(attempt.input())));
        tutti.function("lister", attempt -> done(Map.of("things", things(attempt.input()))));
        server =
                Server.start(
                        tutti,
                        OperatorToken.of(TOKEN),
                        new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(30))
                                .serving(TEAM)
                                .pulsing(pulse));
        tutti.own();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Outcome done(Map<String, ?> output) {
        return Outcome.succeeded(Value.from(output));
    }

    private static List<Map<String, String>> passages() {
        return IntStream.rangeClosed(1, PASSAGES)
                .mapToObj(i ->
                        Map.of(
                                "text",
                                "Passage " + i + " on the write-ahead log",
                                "source",
                                "wal.md"))
                .toList();
    }

    /// Some 10 MB of them for 60,000 rows.
    private static List<Map<String, Object>> tiles(Value.Struct input) {
        var rows = (Value.Int) Objects.requireNonNull(input.get("rows"));
        return IntStream.range(0, (int) rows.value())
                .<Map<String, Object>>mapToObj(i ->
                        Map.of(
                                "row",
                                i,
                                "glaze",
                                "cobalt blue under a clear glaze, fired ".repeat(4)))
                .toList();
    }

    /// A text of so many letters, or so many layers, one in the other.
    private static Map<String, ?> slab(Value.Struct input) {
        if (input.get("layers") instanceof Value.Int(var layers)) {
            Map<String, ?> slab = Map.of("stone", "granite");
            for (int i = 1; i < layers; i++) {
                slab = Map.of("below", slab);
            }
            return slab;
        }
        var letters = (Value.Int) Objects.requireNonNull(input.get("letters"));
        var line = "## Marble\n\n- cut *thin*, " + "polished twice ".repeat(6) + "\n";
        int lines = (int) (letters.value() / line.length());
        return Map.of("text", line.repeat(lines) + "the last line is slate");
    }

    private static List<String> things(Value.Struct input) {
        var n = (Value.Int) Objects.requireNonNull(input.get("n"));
        return IntStream.range(0, (int) n.value()).mapToObj(i -> "thing " + i).toList();
    }

    Run begin(String workflow, Map<String, ?> inputs) throws InterruptedException {
        return tutti.submit(team.goal(workflow, inputs));
    }

    /// A run of a team that a test has written.
    Run begin(Path team, String workflow) throws InterruptedException {
        return tutti.submit(Team.read(team).goal(workflow, Map.of()));
    }

    Run answer() throws InterruptedException {
        return begin(
                "answer", Map.of("question", "What does a write-ahead log change for readers?"));
    }

    /// A run whose agents were given notes, do not agree, and stored files; over.
    Run opinions() throws InterruptedException {
        var run =
                begin(
                        "opinions",
                        Map.of(
                                "claim",
                                "Readers of a write-ahead log never wait for a writer",
                                "texts",
                                List.of(
                                        "Readers go on with the pages as they were when they began",
                                        "A writer appends to the log and waits for no reader",
                                        "A checkpoint moves pages back once no reader needs the old"
                                                + " ones",
                                        "Backups of a mail server were moved to another building in"
                                                + " spring")));
        run.await();
        return run;
    }

    /// Publishes a message.
    void say(String topic, String type, Map<String, ?> data) throws InterruptedException {
        var topics = tutti.topics();
        topics.publish(topic, topics.event("/test", type, null, null, Value.from(data)));
    }

    /// Tells a fact that is remembered from run to run.
    void remember(String text, String about) throws InterruptedException {
        var topics = tutti.topics();
        var data = Value.struct("text", Value.text(text));
        topics.publish("memory", topics.event("tutti/ana", "fact", about, null, data));
    }

    /// The judge waits until [#open].
    void shut() {
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    /// The judge says how far it is.
    void tell(double fraction, String message) {
        Objects.requireNonNull(judging).progress(fraction, message);
    }

    /// Whether the judge fails.
    void refuse(boolean whether) {
        refusing.set(whether);
    }

    String address() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.port();
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

    /// Has the API do something.
    void post(String path, Value body) throws IOException, InterruptedException {
        var answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(address() + "/api/v1" + path))
                                .header("Authorization", "Bearer " + TOKEN)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.body());
        }
    }

    @Override
    public void close() {
        open();
        server.close();
        tutti.close();
        client.close();
    }
}
