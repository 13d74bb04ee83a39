package dev.tutti.remote;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.teamfile.Limits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The store of a server that runs elsewhere (`tutti serve`). Safe to use from several threads.
///
/// What goes wrong on the way is a [JournalException]: `unreachable` when there is no answer after
/// some tries, `unauthorized` when the server does not know the token or grants it too little,
/// `version` when what answers is no server that this one understands. What is asked carries an id
/// of its own, so that asking again after an answer was lost does nothing twice.
public final class Remote implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /// So long a planner there is waited for.
    private static final Duration PLANNING = Duration.ofMinutes(5);

    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int TRIES = 4;
    private static final long AGAIN = 250;
    private static final long LONGEST_WAIT = 5;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
    private final URI server;
    private final String token;

    private Remote(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /// Greets the server.
    ///
    /// @param token that the server knows, or empty
    /// @param version of this program, for the message when the two do not fit
    /// @throws JournalException when there is none, it does not know the token, or is another
    ///   version
    public static Remote connect(URI server, String token, String version) {
        var remote = new Remote(server, token);
        try {
            remote.greet(version);
            return remote;
        } catch (RuntimeException e) {
            remote.close();
            throw e;
        }
    }

    private void greet(String version) {
        Value.@Nullable Struct hello;
        try {
            hello = find("", Map.of()).orElse(null);
        } catch (JsonException e) {
            hello = null;
        }
        if (hello == null || !(hello.get("format") instanceof Value.Int(var format))) {
            throw new JournalException(
                    "version",
                    "what answers at "
                            + server
                            + " serves no store that this Tutti can use: it is another program, an older"
                            + " Tutti, or this token is of another tenant",
                    null);
        }
        if (format != Wire.FORMAT) {
            throw new JournalException(
                    "version",
                    "the server at "
                            + server
                            + " is Tutti "
                            + hello.text("version")
                            + " and this is Tutti "
                            + version
                            + ", and they do not understand one another (format "
                            + format
                            + " there, "
                            + Wire.FORMAT
                            + " here); use the same version",
                    null);
        }
    }

    public URI server() {
        return server;
    }

    /// A reader of its journal.
    public JournalReader reader() {
        return new RemoteReader(this);
    }

    /// What its agents stored, to be read only.
    public ArtifactStore artifacts() {
        return new ArtifactStore() {
            @Override
            public String put(byte[] content) {
                throw new ArtifactException("artifacts are put where the store is", null);
            }

            @Override
            public Optional<byte[]> get(String hash) {
                return bytes("/artifacts/" + hash).filter(content -> isOf(content, hash));
            }
        };
    }

    private boolean isOf(byte[] content, String hash) {
        if (!Sha256.hex(content).equals(hash)) {
            throw new ArtifactException(
                    "the server at " + server + " gave another artifact than " + hash, null);
        }
        return true;
    }

    /// What is remembered there from run to run. What is told of it is told by the server.
    public Remembrance.Memories memories() {
        return new RemoteMemories(this);
    }

    /// In whose name things are done there.
    public String who() {
        return at("/api/v1/session", Map.of()).text("who");
    }

    /// Leaves a message for the store, and waits until it is handled.
    ///
    /// @return why it was not carried out, or empty
    public Optional<String> ask(Message message) {
        var path = message.kind().equals("answer") ? "/answers" : "/messages";
        var answer = post(Wire.STORE + path, message.id(), Wire.of(message));
        return refusal(answer);
    }

    /// Begins a run of a workflow of the team that is served.
    ///
    /// @param id asked twice under one id it is one run
    /// @param team what the team file says here; the server must serve the same. Null for whatever
    ///   it serves
    public Begun begin(
            RunId id,
            String workflow,
            Value.Struct inputs,
            List<StandIn> standIns,
            Budget budget,
            Value.@Nullable Struct team) {
        var body = Value.struct("workflow", Value.text(workflow), "inputs", inputs);
        if (!standIns.isEmpty()) {
            body = body.with(standIns(standIns));
        }
        if (!budget.equals(Budget.NONE)) {
            body = body.with("budget", Limits.written(budget));
        }
        if (team != null) {
            body = body.with("team", Value.text(Sha256.hex(Json.bytes(team))));
        }
        var answer = post("/api/v1/runs", id.value(), body);
        if (answer.statusCode() == CREATED) {
            return new Begun(new RunId(struct(answer).text("run")), null);
        }
        return new Begun(id, detail(answer));
    }

    /// Outputs that somebody wrote by their tasks; for those of a run the names are enough.
    private static Value.Struct standIns(List<StandIn> standIns) {
        var written = new LinkedHashMap<String, Value>();
        var recorded = new LinkedHashMap<String, List<String>>();
        for (var one : standIns) {
            if (one.from() == null) {
                written.put(one.task(), one.output());
            } else {
                recorded.computeIfAbsent(one.from().value(), _ -> new ArrayList<>())
                        .add(one.task());
            }
        }
        return Value.struct(
                "stand_in", new Value.Struct(written), "stand_in_from", Value.from(recorded));
    }

    /// Has the planner of a goal of the team that is served make its first plan there.
    ///
    /// @param team what the team file says here; the server must serve the same
    public FirstPlan plan(String workflow, Value.Struct inputs, Value.Struct team) {
        var body =
                Value.struct("workflow", Value.text(workflow), "inputs", inputs)
                        .with("team", Value.text(Sha256.hex(Json.bytes(team))));
        var answer =
                send(
                        request(Wire.STORE + "/plan")
                                .timeout(PLANNING)
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofByteArray(Json.bytes(body))));
        return answer.statusCode() == OK
                ? Wire.plan(struct(answer))
                : new FirstPlan(null, Usage.NONE, detail(answer));
    }

    /// Lets the triggers of the team that the server serves begin runs.
    ///
    /// @param team that is meant
    /// @param key asked twice under one it is done once
    /// @return why not, or nothing
    public Optional<String> deploy(String name, Value.Struct team, String key) {
        var body =
                Value.struct(
                        "as", Value.text(name), "team", Value.text(Sha256.hex(Json.bytes(team))));
        var answer = post("/api/v1/deploy", key, body);
        return answer.statusCode() == OK ? Optional.empty() : Optional.of(detail(answer));
    }

    /// The first plan for a goal.
    ///
    /// @param amendment the plan, or null where there is none
    /// @param usage what it took to plan
    /// @param refusal why there is none, or null
    public record FirstPlan(@Nullable Amendment amendment, Usage usage, @Nullable String refusal) {}

    /// A run that was begun.
    ///
    /// @param refusal why it was not, or null
    public record Begun(RunId run, @Nullable String refusal) {}

    private Optional<String> refusal(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != OK) {
            return Optional.of(detail(answer));
        }
        return struct(answer).get("refusal") instanceof Value.Text(var why)
                ? Optional.of(why)
                : Optional.empty();
    }

    // ---- over the wire

    /// Looks at something of the store.
    Value.Struct get(String path, Map<String, Object> query) {
        return find(path, query)
                .orElseThrow(() -> failed("has nothing at " + Wire.STORE + path, null));
    }

    Optional<Value.Struct> find(String path, Map<String, Object> query) {
        var answer = send(request(Wire.STORE + path + written(query)).GET());
        return switch (answer.statusCode()) {
            case OK -> Optional.of(struct(answer));
            case NOT_FOUND -> Optional.empty();
            default -> throw failed(detail(answer), null);
        };
    }

    Optional<byte[]> bytes(String path) {
        var answer = send(request(Wire.STORE + path).GET());
        return switch (answer.statusCode()) {
            case OK -> Optional.of(answer.body());
            case NOT_FOUND -> Optional.empty();
            default -> throw failed(detail(answer), null);
        };
    }

    /// What the server says at a path.
    ///
    /// @throws IllegalArgumentException when it says that this makes no sense
    Value.Struct at(String path, Map<String, Object> query) {
        return struct(answered(send(request(path + written(query)).GET())));
    }

    /// The same of what may not be there.
    Optional<Value.Struct> optional(String path) {
        var answer = send(request(path).GET());
        return answer.statusCode() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(struct(answered(answer)));
    }

    /// The lines of what the server says at a path.
    List<Value.Struct> lines(String path, Map<String, Object> query) {
        var answer = answered(send(request(path + written(query)).GET()));
        return new String(answer.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line ->
                        Json.parse(line) instanceof Value.Struct struct
                                ? struct
                                : Value.Struct.EMPTY)
                .toList();
    }

    /// Asks for something that may have nothing to be done to. It is done once, also where the
    /// answer is lost and it is asked again.
    Optional<Value.Struct> asked(String path, Value.Struct body) {
        var answer = post(path, UlidCreator.getMonotonicUlid().toString(), body);
        return answer.statusCode() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(struct(answered(answer)));
    }

    private HttpResponse<byte[]> answered(HttpResponse<byte[]> answer) {
        return switch (answer.statusCode()) {
            case OK -> answer;
            case BAD_REQUEST, CONFLICT -> throw new IllegalArgumentException(detail(answer));
            default -> throw failed(detail(answer), null);
        };
    }

    private HttpResponse<byte[]> post(String path, String key, Value.Struct body) {
        return send(
                request(path)
                        .header("content-type", "application/json")
                        .header("idempotency-key", key)
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body))));
    }

    private static String written(Map<String, Object> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .flatMap(one ->
                                values(one.getValue())
                                        .map(value -> one.getKey() + "=" + encoded(value)))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static Stream<?> values(Object value) {
        return value instanceof Collection<?> many ? many.stream() : Stream.of(value);
    }

    private static String encoded(Object value) {
        return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        var base = server.toString().replaceFirst("/+$", "");
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
        return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder builder) {
        var request = builder.build();
        for (int tried = 1; ; tried++) {
            try {
                var answer = http.send(request, BodyHandlers.ofByteArray());
                switch (answer.statusCode()) {
                    case UNAUTHORIZED, FORBIDDEN ->
                            throw new JournalException(
                                    "unauthorized",
                                    "the server at " + server + " refuses: " + detail(answer),
                                    null);
                    case TOO_MANY, UNAVAILABLE -> {
                        if (tried == TRIES) {
                            throw failed(detail(answer), null);
                        }
                        pause(retryAfter(answer));
                    }
                    default -> {
                        return answer;
                    }
                }
            } catch (IOException e) {
                if (tried == TRIES) {
                    throw failed(how(e), e);
                }
                pause(AGAIN * tried);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed("was not waited for", e);
            }
        }
    }

    private void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was not waited for", e);
        }
    }

    private static long retryAfter(HttpResponse<byte[]> answer) {
        var after = answer.headers().firstValue("retry-after").orElse("1");
        return TimeUnit.SECONDS.toMillis(
                after.matches("\\d{1,6}") ? Math.min(Long.parseLong(after), LONGEST_WAIT) : 1);
    }

    private static String how(IOException e) {
        return switch (e) {
            case ConnectException _ -> "nothing listens there";
            case HttpTimeoutException _ -> "it does not answer";
            default -> String.valueOf(e.getMessage());
        };
    }

    private JournalException failed(String how, @Nullable Throwable cause) {
        return new JournalException("unreachable", "the server at " + server + ": " + how, cause);
    }

    private static Value.Struct struct(HttpResponse<byte[]> answer) {
        return Json.parse(answer.body()) instanceof Value.Struct struct
                ? struct
                : Value.Struct.EMPTY;
    }

    /// What a problem says, or that it was something else.
    private static String detail(HttpResponse<byte[]> answer) {
        try {
            var problem = struct(answer);
            if (problem.get("detail") instanceof Value.Text(var text)) {
                return text;
            }
        } catch (JsonException _) {
            // Told below.
        }
        return "it answered with status " + answer.statusCode();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
