package dev.tutti;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.driver.Crowded;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.wiring.Definitions;
import dev.tutti.wiring.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The topics of a store: messages are published on them, and read.
public final class Topics {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,99}");
    private static final Pattern DEPLOYED = Pattern.compile("[^/\\p{Cntrl}]{1,100}");
    private static final Duration LOOK = Duration.ofMillis(10);

    /// So many messages may wait for the owner of the store.
    private static final int MOST_WAITING = 10_000;

    private final Store store;
    private final String actor;
    private final Clock clock = Clock.systemUTC();

    Topics(Store store, String actor) {
        this.store = store;
        this.actor = actor;
    }

    /// A message on record.
    ///
    /// @param sequence its place in its topic, from 1 without gaps
    /// @param at when it was taken
    public record Seen(String topic, long sequence, Instant at, Posted posted) {}

    /// A message of one's own.
    ///
    /// @param key what those who wait for it may name, or null
    /// @param id tells repetitions of it by, or null for one that is made now
    public CloudEvent event(
            String source, String type, @Nullable String key, @Nullable String id, Value data) {
        return new CloudEvent(
                id == null ? UlidCreator.getMonotonicUlid().toString() : id,
                source,
                type,
                key,
                clock.instant(),
                null,
                data);
    }

    /// Publishes. The message is on disk when this returns, and so is whom it is for; one of the
    /// same source and id is there once.
    ///
    /// @throws Busy when too many wait already: nothing was done
    /// @throws Refusal when there can be no such topic
    public void publish(String topic, CloudEvent event) throws InterruptedException {
        ask(stream(topic), new Request.Publish(event));
    }

    void ask(StreamId stream, Request request) throws InterruptedException {
        ask(stream, request, null);
    }

    /// @param key what is asked twice under one is done once; null for one that is made now
    void ask(StreamId stream, Request request, @Nullable String key) throws InterruptedException {
        var id = key == null ? UlidCreator.getMonotonicUlid().toString() : key;
        var refusal =
                store.remote().isPresent()
                        ? store.remote().get().ask(message(stream, request, id)).orElse(null)
                        : here(stream, request, id);
        if (refusal != null) {
            throw new Refusal(refusal);
        }
    }

    private @Nullable String here(StreamId stream, Request request, String id)
            throws InterruptedException {
        var driver = WhileFull.ask(id, WhileFull.PATIENCE, store::own);
        return driver.isPresent()
                ? ask(driver.get(), stream, request, id)
                : post(stream, request, id);
    }

    private Message message(StreamId stream, Request request, String id) {
        return new Message(id, stream, request.kind(), actor, clock.instant(), request.payload());
    }

    /// The same without waiting, in the process that owns the store: completed once the message is
    /// on disk, with [Crowded] when too many wait.
    ///
    /// @throws IllegalStateException when another process owns the store
    public CompletableFuture<Driver.Answer> offer(String topic, CloudEvent event) {
        return store.driver()
                .orElseThrow(() -> new IllegalStateException("another process owns the store"))
                .ask(
                        stream(topic),
                        new Request.Publish(event),
                        actor,
                        UlidCreator.getMonotonicUlid().toString());
    }

    private @Nullable String ask(Driver driver, StreamId stream, Request request, String id)
            throws InterruptedException {
        try {
            return WhileFull.ask(
                            id,
                            WhileFull.PATIENCE,
                            () -> {
                                try {
                                    return driver.ask(stream, request, actor, id).get();
                                } catch (ExecutionException e) {
                                    if (e.getCause() instanceof Crowded crowded) {
                                        throw crowded;
                                    }
                                    throw e;
                                }
                            })
                    .refusal();
        } catch (Crowded crowded) {
            throw new Busy(String.valueOf(crowded.getMessage()), crowded.retryAfter());
        }
    }

    /// Leaves it for the owner, and waits until that has it.
    private @Nullable String post(StreamId stream, Request request, String id)
            throws InterruptedException {
        var message = message(stream, request, id);
        try (var reader = store.reader()) {
            if (reader.messages(MOST_WAITING).size() >= MOST_WAITING) {
                throw new Busy(
                        MOST_WAITING + " messages wait for the owner of the store",
                        Duration.ofSeconds(1));
            }
            WhileFull.ask(
                    id,
                    WhileFull.PATIENCE,
                    () -> {
                        store.post(message);
                        return message;
                    });
            while (reader.message(id).isPresent()) {
                WhileFull.ask(id, WhileFull.PATIENCE, store::own);
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        }
        return null;
    }

    // ---- triggers

    /// Lets the triggers of a team begin runs from now on, instead of those that it had under this
    /// name. It is on disk when this returns. With a server it is the team that this one serves.
    ///
    /// @throws Refusal when the team is not sound, or has no triggers, or a server serves another
    public void deploy(String name, String from, Team team) throws InterruptedException {
        deploy(name, from, team, null);
    }

    /// The same once, however often it is asked under one key.
    ///
    /// @param key unique among requests, or null for one that is made now
    public void deploy(String name, String from, Team team, @Nullable String key)
            throws InterruptedException {
        if (name.isBlank() || !DEPLOYED.matcher(name).matches()) {
            throw new Refusal(
                    "`" + name + "` names no deployment: 1 to 100 characters, and no `/`");
        }
        var faults =
                TeamFile.faultsOf(team.document()).stream()
                        .filter(fault -> !fault.isWarning())
                        .toList();
        if (!faults.isEmpty()) {
            throw new Refusal("the team is not sound:", faults);
        }
        if (TeamFile.fromDocument(team.document()).workflows().stream()
                .allMatch(workflow -> workflow.triggers().isEmpty())) {
            throw new Refusal("no workflow of the team has `triggers`");
        }
        var remote = store.remote();
        if (remote.isPresent()) {
            var once = key == null ? UlidCreator.getMonotonicUlid().toString() : key;
            var refusal = remote.get().deploy(name, team.document(), once);
            if (refusal.isPresent()) {
                throw new Refusal(refusal.get());
            }
            return;
        }
        var definition = Definitions.of(team.document(), team.base());
        ask(new Request.Deploy(name, from, definition), key);
    }

    /// Lets the triggers of a team begin no more runs.
    ///
    /// @throws Refusal when nothing is deployed under this name
    public void withdraw(String name) throws InterruptedException {
        withdraw(name, null);
    }

    /// The same once, however often it is asked under one key.
    ///
    /// @param key unique among requests, or null for one that is made now
    public void withdraw(String name, @Nullable String key) throws InterruptedException {
        var board = board();
        if (board.deployment(name).isEmpty() && (key == null || !board.knows(key))) {
            throw new Refusal("nothing is deployed as `" + name + "`; `tutti triggers` lists it");
        }
        ask(new Request.Withdraw(name), key);
    }

    private void ask(Request request, @Nullable String key) throws InterruptedException {
        ask(StreamId.subscriptions(TenantId.LOCAL), request, key);
    }

    /// What is deployed, who waits, and what is under way.
    public Board board() {
        try (var reader = store.reader()) {
            var definitions = new Definitions();
            return Board.of(
                    reader,
                    StreamId.subscriptions(TenantId.LOCAL),
                    hash ->
                            reader.definition(hash)
                                    .map(definition -> definitions.read(definition.body()))
                                    .orElse(dev.tutti.core.goal.Team.NOBODY));
        }
    }

    // ---- looking

    /// The topics that have messages, by name.
    public List<String> names() {
        return board().topics();
    }

    /// Messages of a topic after `sequence`, in order, `limit` at most.
    public List<Seen> after(String topic, long sequence, int limit) {
        try (var reader = store.reader()) {
            return after(reader, topic, sequence, limit);
        }
    }

    /// The same with a reader at hand.
    public List<Seen> after(JournalReader reader, String topic, long sequence, int limit) {
        return reader.read(stream(topic), sequence, limit).stream()
                .map(entry ->
                        new Seen(topic, entry.sequence(), entry.event().at(), Posted.of(entry)))
                .toList();
    }

    /// How many messages a topic has.
    public long count(String topic) {
        try (var reader = store.reader()) {
            return reader.head(stream(topic));
        }
    }

    private static StreamId stream(String topic) {
        if (!NAME.matcher(topic).matches()) {
            throw new Refusal(
                    "`"
                            + topic
                            + "` is not the name of a topic: small letters, digits, `_`, `-` and"
                            + " `.`, a letter first, and 100 at most");
        }
        return StreamId.topic(TenantId.LOCAL, topic);
    }
}
