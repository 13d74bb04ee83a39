package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A journal written by hand, as right or as wrong as a test wants it.
final class HandMade implements JournalReader {
    private static final byte[] BODY = "team".getBytes(StandardCharsets.UTF_8);

    static final Definition TEAM = new Definition(Sha256.hex(BODY), BODY);
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final List<Entry> entries = new ArrayList<>();
    private Instant now = NOON;
    private StreamId stream = StreamId.run(TenantId.LOCAL, new RunId("R1"));
    private long missingAtTheEnd;

    static HandMade journal() {
        return new HandMade();
    }

    /// Goes on with another run.
    HandMade run(String id) {
        stream = StreamId.run(TenantId.LOCAL, new RunId(id));
        return this;
    }

    @Override
    public long position() {
        return entries.size();
    }

    HandMade pass(Duration time) {
        now = now.plus(time);
        return this;
    }

    HandMade add(Event... events) {
        for (var event : events) {
            var encoded = EventCodec.encode(event);
            entries.add(
                    new Entry(
                            entries.size() + 1L,
                            stream,
                            head(stream) + 1,
                            1,
                            new NewEntry(
                                    encoded.type(),
                                    encoded.version(),
                                    now,
                                    "engine",
                                    "",
                                    null,
                                    encoded.payload()),
                            new byte[32]));
        }
        return this;
    }

    /// Puts another entry in the place of the latest.
    HandMade spoil(UnaryOperator<Entry> how) {
        entries.add(how.apply(entries.removeLast()));
        return this;
    }

    /// Lets the stream's head be one further than its last entry.
    HandMade loseTheEnd() {
        missingAtTheEnd = 1;
        return this;
    }

    @Override
    public List<Entry> read(StreamId of, long sequence, int limit) {
        return entries.stream()
                .filter(entry -> entry.stream().equals(of) && entry.sequence() > sequence)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Entry> follow(long position, int limit) {
        return entries.stream().filter(entry -> entry.position() > position).limit(limit).toList();
    }

    @Override
    public List<StreamId> changedSince(long position) {
        return follow(position, Integer.MAX_VALUE).stream().map(Entry::stream).distinct().toList();
    }

    @Override
    public long head(StreamId of) {
        var own = read(of, 0, Integer.MAX_VALUE);
        return (own.isEmpty() ? 0 : own.getLast().sequence()) + missingAtTheEnd;
    }

    @Override
    public List<Due> due(int limit) {
        return List.of();
    }

    @Override
    public List<Message> messages(int limit) {
        return List.of();
    }

    @Override
    public Optional<Message> message(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<Definition> definition(String hash) {
        return hash.equals(TEAM.hash()) ? Optional.of(TEAM) : Optional.empty();
    }

    @Override
    public long projectedTo(String projection, int version) {
        return 0;
    }

    @Override
    public List<Row> rowsBelow(String projection, String key, int limit) {
        return List.of();
    }

    @Override
    public void close() {}
}
