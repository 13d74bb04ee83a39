package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is told as it happens: ordered, unique, reliable, resumable, bookmarkable, filtered. The
/// long version: `-Dlive.readers=200 -Dlive.tasks=5000 -Dlive.kills=5`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LiveTest {
    private static final int READERS = Integer.getInteger("live.readers", 20);
    private static final int TASKS = Integer.getInteger("live.tasks", 300);
    private static final int KILLS = Integer.getInteger("live.kills", 1);

    private static HttpClient http;

    @BeforeAll
    static void connect() {
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void close() {
        http.shutdownNow();
    }

    /// A team whose one workflow fans out over many items.
    private static Path team(Path folder) throws IOException {
        var file = folder.resolve("many.yaml");
        var items = IntStream.range(0, TASKS).mapToObj(i -> "'item " + i + "'").toList();
        Files.writeString(
                file,
                """
                tutti: 1
                agents:
                  reader: { skills: [note], uses: simulated, with: { latency: 5ms..20ms, failure: 0.05, usd: 0.001, output: "${{'note': input.text}}" }, limits: { concurrency: 8 } }
                workflows:
                  many:
                    input: { items: { type: [string], default: [%s] } }
                    tasks:
                      read: { skill: note, each: "${input.items}", input: { text: "${item}" }, retry: { attempts: 20, backoff: 1ms..50ms } }
                    output: "${size(read)}"
                """
                        .formatted(String.join(", ", items)));
        return file;
    }

    private static <T> List<T> together(int many, Callable<T> each) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var future :
                    IntStream.range(0, many).mapToObj(_ -> threads.submit(each)).toList()) {
                results.add(future.get());
            }
            return results;
        }
    }

    // ---- the six guarantees

    /// What one reader heard, over all its connections.
    private static final class Ear {
        private final List<Listener.Heard> events = new ArrayList<>();
        private final Random random;
        private String lastId = "";
        private boolean ended;
        private int drops;

        Ear(int seed) {
            random = new Random(seed);
        }

        /// Listens until the run has ended, dropping the connection now and then.
        Ear listen(String address, boolean drops) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            while (!ended && System.nanoTime() < deadline) {
                int patience = drops ? 1 + random.nextInt(TASKS) : Integer.MAX_VALUE;
                try (var listener = Listener.open(http, address, lastId)) {
                    hear(listener, patience);
                } catch (IOException _) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
            return this;
        }

        private void hear(Listener listener, int patience) throws IOException {
            for (int i = 0; i < patience; i++) {
                var heard = listener.next();
                if (heard.isEmpty()) {
                    return;
                }
                assertThat(ended).as("nothing follows the end").isFalse();
                lastId = heard.get().id();
                switch (heard.get().event()) {
                    case "journal" -> events.add(heard.get());
                    case "end" -> {
                        ended = true;
                        assertThat(listener.next()).as("the stream is closed").isEmpty();
                        return;
                    }
                    default -> {
                        // A bookmark, or a farewell.
                    }
                }
            }
            drops++;
        }
    }

    private static Value.Struct get(Client client, String path) throws Exception {
        var answer = client.get(path);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private static List<Value> journal(Client client, String run, String filter) throws Exception {
        var all = new ArrayList<Value>();
        Value next = Value.of(0);
        while (next instanceof Value.Int(var after)) {
            var page =
                    get(
                            client,
                            "/api/v1/runs/" + run + "/events?limit=1000&after=" + after + filter);
            all.addAll(((Value.Array) field(page, "events")).items());
            next = page.fields().get("next");
        }
        return all;
    }

    @Test
    void
            every_reader_hears_each_event_once_and_in_order_though_connections_drop_and_the_server_is_killed(
                    @TempDir Path folder) throws Exception {
        try (var server = new ServedProcess(folder.resolve("store"), team(folder));
                var client = new Client(server.port, Served.TOKEN)) {
            var run =
                    client.post("/api/v1/runs", Value.struct("workflow", Value.text("many")))
                            .body()
                            .text("run");
            var address = "http://127.0.0.1:" + server.port + "/api/v1/runs/" + run + "/events";
            var seed = new AtomicInteger();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var all =
                        threads.submit(() ->
                                together(
                                        READERS,
                                        () ->
                                                new Ear(seed.incrementAndGet())
                                                        .listen(address, true)));
                var filtered =
                        threads.submit(() -> new Ear(-1).listen(address + "?stage=agent", false));
                for (int kill = 0; kill < KILLS; kill++) {
                    TimeUnit.MILLISECONDS.sleep(400);
                    server.kill();
                }
                var ears = all.get();
                var journal = journal(client, run, "");
                int drops = 0;
                for (var ear : ears) {
                    assertThat(ear.ended).isTrue();
                    assertThat(ear.events).extracting(Listener.Heard::data).isEqualTo(journal);
                    drops += ear.drops;
                }
                assertThat(filtered.get().events)
                        .extracting(Listener.Heard::data)
                        .isEqualTo(journal(client, run, "&stage=agent"));
                assertThat(drops).isGreaterThan(READERS / 2);
                System.out.printf(
                        "%d readers heard %d events each, over %d dropped connections and %d kill -9%n",
                        READERS, journal.size(), drops, KILLS);
            }
        }
    }

    // ---- the folded view

    /// A page that applies patches by the rule that it is told.
    private static final class Page {
        private final Map<String, Value> rows = new LinkedHashMap<>();
        private Value.Struct view = Value.Struct.EMPTY;
        private long sequence;

        boolean ended() {
            return Value.of(true).equals(view.get("ended"));
        }

        void apply(Value.Struct patch) {
            long from = number(patch, "from");
            assertThat(from).isLessThanOrEqualTo(sequence);
            if (number(patch, "sequence") <= sequence) {
                return;
            }
            sequence = number(patch, "sequence");
            view = (Value.Struct) field(patch, "view");
            for (var row : ((Value.Array) field(patch, "tasks")).items()) {
                rows.put(((Value.Struct) row).text("task"), row);
            }
        }
    }

    private static long number(Value.Struct of, String name) {
        return ((Value.Int) field(of, name)).value();
    }

    @Test
    void patches_add_up_to_the_view_whatever_was_missed(@TempDir Path folder) throws Exception {
        try (var served =
                Served.in(folder.resolve("store"), Served.options().serving(team(folder)))) {
            var run = served.begin("many");
            var address =
                    "http://127.0.0.1:"
                            + served.server.port()
                            + "/api/v1/live?list=true&run="
                            + run;
            var pages =
                    together(
                            5,
                            () -> {
                                var page = new Page();
                                var random = new Random();
                                while (!page.ended()) {
                                    var from = random.nextBoolean() ? ":" + page.sequence : "";
                                    try (var listener = Listener.open(http, address + from, null)) {
                                        int patience = 1 + random.nextInt(12);
                                        while (patience-- > 0 && !page.ended()) {
                                            var heard = listener.next().orElseThrow();
                                            if (heard.event().equals("patch")) {
                                                page.apply(heard.data());
                                            }
                                        }
                                    }
                                }
                                return page;
                            });
            var view = served.view(run);
            for (var page : pages) {
                assertThat(new Value.Array(new ArrayList<>(page.rows.values())))
                        .isEqualTo(view.get("tasks"));
                page.view
                        .fields()
                        .forEach((name, value) ->
                                assertThat(value).as(name).isEqualTo(view.get(name)));
            }
        }
    }

    @Test
    void a_page_hears_of_new_runs_and_of_questions() throws Exception {
        try (var served = Served.inMemory();
                var listener =
                        Listener.open(
                                http,
                                "http://127.0.0.1:"
                                        + served.server.port()
                                        + "/api/v1/live?list=true&questions=true",
                                null)) {
            assertThat(listener.next().orElseThrow().event()).isEqualTo("hello");
            var run = served.begin("asking");
            boolean listed = false;
            boolean asked = false;
            while (!listed || !asked) {
                var heard = listener.next().orElseThrow();
                listed |= heard.event().equals("runs") && heard.data().toString().contains(run);
                asked |=
                        heard.event().equals("questions")
                                && Value.of(1).equals(heard.data().get("open"));
            }
            served.server.drain(Duration.ofMillis(1));
            Listener.Heard last = null;
            for (var heard = listener.next(); heard.isPresent(); heard = listener.next()) {
                last = heard.get();
            }
            assertThat(Objects.requireNonNull(last).event()).isEqualTo("bye");
        }
    }

    @Test
    void a_page_that_nothing_happens_to_hears_that_the_server_is_there() throws Exception {
        try (var served = Served.inMemory(Served.options().pulsing(Duration.ofMillis(100)));
                var listener = Listener.open(http, live(served, "list=true"), null)) {
            var hello = listener.next().orElseThrow();
            assertThat(hello.data().get("alive_ms")).isEqualTo(Value.of(100));
            for (int i = 0; i < 3; i++) {
                var heard = listener.next().orElseThrow();
                assertThat(heard.event()).isEqualTo("alive");
                // What it resumes with is still what it had.
                assertThat(heard.id()).isEqualTo(hello.id());
            }
        }
    }

    @Test
    void a_page_hears_that_the_server_is_there_while_only_what_it_does_not_show_goes_on()
            throws Exception {
        try (var served = Served.inMemory(Served.options().pulsing(Duration.ofMillis(300)));
                var listener = Listener.open(http, live(served, "list=false"), null);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var busy =
                    threads.submit(() -> {
                        for (int i = 0; i < 100; i++) {
                            served.begin("asking");
                            TimeUnit.MILLISECONDS.sleep(50);
                        }
                        return null;
                    });
            assertThat(listener.next().orElseThrow().event()).isEqualTo("hello");
            assertThat(listener.next().orElseThrow().event()).isEqualTo("alive");
            assertThat(listener.next().orElseThrow().event()).isEqualTo("alive");
            busy.cancel(true);
        }
    }

    private static String live(Served served, String query) {
        return "http://127.0.0.1:" + served.server.port() + "/api/v1/live?" + query;
    }

    @Test
    void a_run_that_is_not_there_ends_nothing_of_what_else_is_followed() throws Exception {
        try (var served = Served.inMemory()) {
            var run = served.begin("asking");
            var other = served.begin("asking");
            var ambiguous = run.substring(0, 3);
            assertThat(other).startsWith(ambiguous);
            var wanted =
                    "questions=true&run=00000000000000000000000000&run="
                            + ambiguous
                            + "&run=%2e%2e%2f&run="
                            + run;
            try (var listener = Listener.open(http, live(served, wanted), null)) {
                assertThat(listener.next().orElseThrow().event()).isEqualTo("hello");
                var told = listener.next().orElseThrow();
                assertThat(told.event()).isEqualTo("not_followed");
                assertThat(told.data())
                        .isEqualTo(
                                Json.parse(
                                        """
                                        {"runs": [
                                          {"run": "00000000000000000000000000", "why": "no_run"},
                                          {"run": "%s", "why": "ambiguous"},
                                          {"run": "../", "why": "no_run"}]}
                                        """
                                                .formatted(ambiguous)));
                var patch = listener.next().orElseThrow();
                assertThat(patch.event()).isEqualTo("patch");
                assertThat(patch.data().text("run")).isEqualTo(run);
            }
        }
    }

    @Test
    void more_runs_than_one_page_follows_are_left_to_the_list() throws Exception {
        try (var served = Served.inMemory()) {
            var runs = new ArrayList<String>();
            for (int i = 0; i < 66; i++) {
                runs.add(served.begin("asking"));
            }
            var wanted = "list=true&run=" + String.join("&run=", runs);
            try (var listener = Listener.open(http, live(served, wanted), null)) {
                assertThat(listener.next().orElseThrow().event()).isEqualTo("hello");
                var told = listener.next().orElseThrow();
                assertThat(told.event()).isEqualTo("not_followed");
                assertThat(((Value.Array) field(told.data(), "runs")).items())
                        .extracting(one -> ((Value.Struct) one).text("run"))
                        .containsExactlyElementsOf(runs.subList(64, 66));
                assertThat(listener.next().orElseThrow().event()).isEqualTo("patch");
            }
        }
    }

    // ---- slow readers

    @Test
    void a_slow_reader_is_cut_and_resumes_without_a_gap() throws Exception {
        try (var served = Served.inMemory(Duration.ofMillis(800))) {
            var big = "x".repeat(30_000);
            var team =
                    Team.define()
                            .agent(
                                    "writer",
                                    List.of("write"),
                                    _ -> Outcome.succeeded(Value.struct("text", Value.text(big))))
                            .workflow(
                                    "big",
                                    workflow ->
                                            workflow.task(
                                                    "write",
                                                    "write",
                                                    Map.of("n", "${item}"),
                                                    Map.of(
                                                            "each",
                                                            "${"
                                                                    + IntStream.range(0, 400)
                                                                            .boxed()
                                                                            .toList()
                                                                    + "}")));
            var run = served.tutti.submit(team.goal("big", Map.of()));
            assertThat(run.await().succeeded()).isTrue();
            var path = "/api/v1/runs/" + run.id() + "/events?payload=true";
            var heard = new ArrayList<String>();
            try (var socket = new Socket()) {
                socket.setReceiveBufferSize(4_096);
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), served.server.port()));
                socket.getOutputStream()
                        .write(
                                ("GET "
                                                + path
                                                + " HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                                                + "Authorization: Bearer "
                                                + Served.TOKEN
                                                + "\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (served.server.live().cut() == 0) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                ids(Listener.of(whatCame(socket.getInputStream())), heard);
            }
            long head = run.load().state().sequence();
            assertThat(heard).hasSizeLessThan((int) head);
            var last = heard.isEmpty() ? null : heard.getLast();
            try (var again =
                    Listener.open(http, "http://127.0.0.1:" + served.server.port() + path, last)) {
                ids(again, heard);
            }
            assertThat(heard)
                    .isEqualTo(
                            IntStream.rangeClosed(1, (int) head)
                                    .mapToObj(String::valueOf)
                                    .toList());
        }
    }

    /// The bytes that arrived before the connection was cut; an event that is not whole is none.
    private static InputStream whatCame(InputStream in) {
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            in.transferTo(bytes);
        } catch (IOException _) {
            // It was cut.
        }
        return new SequenceInputStream(
                new ByteArrayInputStream(bytes.toByteArray()), InputStream.nullInputStream());
    }

    private static void ids(Listener listener, List<String> into) throws IOException {
        for (var event = listener.next(); event.isPresent(); event = listener.next()) {
            if (event.get().event().equals("journal")) {
                into.add(event.get().id());
            }
        }
    }

    // ---- how late

    @Test
    void pages_are_hardly_behind(@TempDir Path folder) throws Exception {
        try (var served =
                Served.in(folder.resolve("store"), Served.options().serving(team(folder)))) {
            var run = served.begin("many");
            var address =
                    "http://127.0.0.1:"
                            + served.server.port()
                            + "/api/v1/live?list=true&run="
                            + run;
            long begun = System.nanoTime();
            var lags = new ArrayList<Long>();
            together(
                            READERS,
                            () -> {
                                var own = new ArrayList<Long>();
                                try (var listener = Listener.open(http, address, null)) {
                                    boolean ended = false;
                                    while (!ended) {
                                        var heard = listener.next().orElseThrow();
                                        if (heard.event().equals("patch")) {
                                            var view = (Value.Struct) field(heard.data(), "view");
                                            own.add(
                                                    Duration.between(
                                                                    Instant.parse(view.text("at")),
                                                                    Instant.now())
                                                            .toMillis());
                                            ended = Value.of(true).equals(view.get("ended"));
                                        }
                                    }
                                }
                                return own;
                            })
                    .forEach(lags::addAll);
            lags.sort(null);
            long p99 = lags.get(lags.size() * 99 / 100);
            System.out.printf(
                    "%d tasks in %.1f s before %d pages: %d patches, behind by p50 %d ms, p99 %d ms, at most %d ms%n",
                    TASKS,
                    (System.nanoTime() - begun) / 1e9,
                    READERS,
                    lags.size(),
                    lags.get(lags.size() / 2),
                    p99,
                    lags.getLast());
            assertThat(p99).isLessThan(1_000);
        }
    }

    private static Value field(Value.Struct of, String name) {
        return Objects.requireNonNull(of.get(name), name);
    }
}
