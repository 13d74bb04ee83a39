package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Busy;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.agent.Remembrance.Memories;
import dev.tutti.runtime.agent.Remembrance.Which;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.view.RunDocument;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is remembered from run to run: searched, shown, forgotten, by the names of `tutti memory`.
/// The memory is opened when it is first asked for, so that servers without one pay nothing.
public final class MemoryRoutes implements AutoCloseable {
    private static final String MEMORY = "/api/v1/memory";
    private static final String TOPIC = "memory";
    private static final String REMEMBER = MEMORY + "/remember";
    private static final String FORGET = MEMORY + "/forget";
    private static final String RULES = MEMORY + "/rules";
    private static final String LIMIT = "limit";
    private static final int USUAL = 50;
    private static final int MOST = 1_000;
    private static final int USUAL_FOUND = 8;
    private static final int MOST_FOUND = 100;
    private static final int LONGEST = 2_000;

    private final Desk desk;
    private final @Nullable Path store;
    private final InstantSource clock;
    private @Nullable Memories open;

    /// @param store the folder of the store, or null for one without a disk
    public MemoryRoutes(Desk desk, @Nullable Path store, InstantSource clock) {
        this.desk = desk;
        this.store = store;
        this.clock = clock;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                which(
                                Route.get(
                                                MEMORY + "/search",
                                                Right.VIEW,
                                                this::search,
                                                "Finds what is remembered, by words and by meaning.")
                                        .shows("Memories"))
                        .query("q", "words, or a question")
                        .query("most", "how many, 100 at most; 8")
                        .query("words", "whether by words alone, which needs no model"),
                which(
                                Route.get(
                                        MEMORY + "/export",
                                        Right.VIEW,
                                        this::export,
                                        "What is remembered, one JSON object a line, oldest first."))
                        .gives(200, "application/x-ndjson"),
                which(
                                Route.get(
                                                MEMORY,
                                                Right.VIEW,
                                                this::list,
                                                "What is remembered, the newest first.")
                                        .shows("Memories"))
                        .query(LIMIT, "how many, 1000 at most; 50"),
                Route.get(RULES, Right.VIEW, this::rules, "How long memories count and are kept.")
                        .shows("MemoryRules"),
                Route.post(
                                RULES,
                                Right.OPERATE,
                                this::rule,
                                "Changes how long what is told from now on counts and is kept.")
                        .takes(Map.of("half_life", "string?", "retain", "object?"))
                        .shows("MemoryRules"),
                Route.post(
                                REMEMBER,
                                Right.OPERATE,
                                this::remember,
                                "Remembers a fact, for all runs to come.")
                        .takes(
                                Map.of(
                                        "text",
                                        "string",
                                        "about",
                                        "string?",
                                        "attribute",
                                        "string?",
                                        "value",
                                        "string?",
                                        "expires",
                                        "string?",
                                        "trust",
                                        "string?"))
                        .shows("Remembered"),
                Route.get(
                                MEMORY + "/<id>",
                                Right.VIEW,
                                this::show,
                                "A memory, who told it, and what says otherwise.")
                        .shows("Memory"),
                Route.post(
                                FORGET,
                                Right.OPERATE,
                                this::forget,
                                "Forgets one memory, or all about a person or thing.")
                        .shows("Forgotten")
                        .takes(Map.of("id", "string?", "about", "string?", "dry_run", "bool?")));
    }

    private static Route which(Route route) {
        return route.query("about", "only what is about this person or thing")
                .query("kind", "only this: `fact`, `episode` or `procedure`; may be repeated");
    }

    private interface Look<T> {
        T at(Memories memories) throws IOException, InterruptedException;
    }

    private <T> T look(Look<T> look) throws InterruptedException {
        try {
            return look.at(memories());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized Memories memories() throws IOException {
        if (open == null) {
            open =
                    ServiceLoader.load(Remembrance.class)
                            .findFirst()
                            .orElseThrow(() ->
                                    new Problem(
                                            409,
                                            "no_memory",
                                            "nothing can be remembered here: `tutti-agents-local` is not on the class path"))
                            .open(store, TenantId.LOCAL, desk.tutti()::reader);
        }
        return open;
    }

    private static Which which(Context request) {
        return new Which(
                text(request, "about"),
                request.queryParams("kind").stream().collect(Collectors.toUnmodifiableSet()));
    }

    private static @Nullable String text(Context request, String name) {
        var text = request.queryParam(name);
        return text == null || text.isBlank() ? null : checked(name, text.strip());
    }

    private static String checked(String name, String text) {
        if (text.length() > LONGEST) {
            throw Problem.badRequest("`" + name + "` has " + LONGEST + " characters at most");
        }
        return text;
    }

    private static Value.Struct document(Value.Struct content) {
        return Value.struct("format", RunDocument.FORMAT).with(content);
    }

    private void search(Context request) throws InterruptedException {
        var query = text(request, "q");
        int most = (int) Desk.number(request, "most", USUAL_FOUND, 1, MOST_FOUND);
        boolean words = Desk.flag(request, "words");
        var found =
                look(memories ->
                        memories.search(
                                query == null ? "" : query,
                                which(request),
                                most,
                                !words,
                                clock.instant()));
        answer(request, 200, document(found));
    }

    private void list(Context request) throws InterruptedException {
        int limit = (int) Desk.number(request, LIMIT, USUAL, 0, MOST);
        answer(
                request,
                200,
                document(look(memories -> memories.list(which(request), limit, clock.instant()))));
    }

    private void show(Context request) throws InterruptedException {
        var id = request.pathParam("id");
        var found =
                look(memories -> memories.show(id, clock.instant()))
                        .orElseThrow(MemoryRoutes::nothing);
        answer(request, 200, document(found));
    }

    private static Problem nothing() {
        return new Problem(404, "no_memory", "this is not remembered here");
    }

    private void export(Context request) throws InterruptedException {
        var lines =
                look(memories -> memories.export(which(request), clock.instant())).stream()
                        .map(Json::text)
                        .collect(Collectors.joining("\n", "", "\n"));
        request.header("content-disposition", "attachment; filename=\"memory.ndjson\"")
                .contentType("application/x-ndjson")
                .result(
                        lines.strip().isEmpty()
                                ? new byte[0]
                                : lines.getBytes(StandardCharsets.UTF_8));
    }

    private void forget(Context request) throws InterruptedException {
        var body = Body.of(request);
        var id = named(body, "id");
        var about = named(body, "about");
        boolean dry = body.flag("dry_run", false);
        try {
            var gone =
                    dry
                            ? look(memories -> memories.forget(id, about, null, clock.instant()))
                            : forgotten(request, body, id, about);
            answer(
                    request,
                    200,
                    document(gone.orElseThrow(MemoryRoutes::nothing))
                            .with("dry_run", Value.of(dry)));
        } catch (Busy busy) {
            throw busy(request, busy);
        }
    }

    /// What is forgotten cannot be counted afterwards, so under an `Idempotency-Key` the answer is
    /// kept: before it is told, since whoever asks again after a crash is to hear it too.
    private Optional<Value.Struct> forgotten(
            Context request, Body body, @Nullable String id, @Nullable String about)
            throws InterruptedException {
        var key = desk.key(request, FORGET, body);
        var telling = telling(request, "/" + Caller.of(request).name(), () -> key);
        if (key == null) {
            return look(memories -> memories.forget(id, about, telling, clock.instant()));
        }
        var kept = desk.reservations().answer(key);
        boolean first = kept.isEmpty();
        if (first) {
            kept = look(memories -> memories.forget(id, about, null, clock.instant()));
            kept.ifPresent(answer -> desk.reservations().answer(key, answer));
        }
        if (kept.isEmpty()) {
            return kept;
        }
        var gone = look(memories -> memories.forget(id, about, telling, clock.instant()));
        if (!first || gone.isEmpty()) {
            return kept;
        }
        desk.reservations().answer(key, gone.get());
        return gone;
    }

    /// Tells in the name of whoever asks.
    ///
    /// @param source what the messages say they are from
    /// @param key tells repetitions of it by, or null for none
    private Remembrance.Telling telling(
            Context request, String source, Supplier<@Nullable String> key) {
        var tutti = desk.tutti().inTheNameOf(Caller.of(request).name());
        return (type, subject, data) -> {
            var id = key.get();
            desk.admission()
                    .admit(() -> {
                        var topics = tutti.topics();
                        topics.publish(TOPIC, topics.event(source, type, subject, id, data));
                        return true;
                    });
        };
    }

    /// What somebody tells in their own name, and is held to be theirs. The key is reserved when it
    /// is told, once it is known to make sense.
    private Remembrance.Telling inPerson(Context request, String what, Body body) {
        return telling(
                request, "tutti/" + Caller.of(request).name(), () -> desk.key(request, what, body));
    }

    private void remember(Context request) throws InterruptedException {
        var body = Body.of(request);
        var about = named(body, "about");
        if (named(body, "text") == null) {
            throw Problem.field("/text", "`text` is a sentence that can be read by itself");
        }
        var fact = new LinkedHashMap<>(body.fields().fields());
        fact.remove("about");
        try {
            var found =
                    look(memories ->
                            memories.remember(
                                    new Value.Struct(fact),
                                    about,
                                    inPerson(request, REMEMBER, body),
                                    clock.instant()));
            answer(
                    request,
                    200,
                    document(
                            Value.struct(
                                    "memory", found.<Value>map(one -> one).orElse(Value.NULL))));
        } catch (Busy busy) {
            throw busy(request, busy);
        }
    }

    private void rules(Context request) throws InterruptedException {
        rules(request, new Body(Value.Struct.EMPTY));
    }

    private void rule(Context request) throws InterruptedException {
        rules(request, Body.of(request));
    }

    private void rules(Context request, Body change) throws InterruptedException {
        var telling = inPerson(request, RULES, change);
        try {
            var rules = look(memories -> memories.rules(change.fields(), telling, clock.instant()));
            answer(request, 200, document(rules));
        } catch (Busy busy) {
            throw busy(request, busy);
        }
    }

    private static Problem busy(Context request, Busy busy) {
        request.header("retry-after", String.valueOf(busy.retryAfter().toSeconds()));
        return new Problem(429, "busy", String.valueOf(busy.getMessage()));
    }

    private static @Nullable String named(Body body, String name) {
        var text = checked(name, body.text(name, "")).strip();
        return text.isEmpty() ? null : text;
    }

    @Override
    public synchronized void close() {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open = null;
    }
}
