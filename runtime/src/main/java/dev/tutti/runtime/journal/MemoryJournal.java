package dev.tutti.runtime.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A journal that is gone with the process: for tests, trials and the simulator. Holds to the same
/// contract as the ones on disk, but for surviving.
public final class MemoryJournal implements Journal {
    private final Map<StreamId, List<Entry>> streams = new LinkedHashMap<>();
    private final Map<StreamId, Instant> due = new LinkedHashMap<>();
    private final List<Entry> all = new ArrayList<>();
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final Map<String, Projection> projections = new LinkedHashMap<>();
    private final HashChain chain = new HashChain();
    private long epoch;

    private record Projection(int version, long position, NavigableMap<String, Row> rows) {}

    @Override
    public synchronized long claim() {
        return ++epoch;
    }

    @Override
    public synchronized List<Append.Result> commit(List<Append> batch) {
        return batch.stream().map(this::append).toList();
    }

    private Append.Result append(Append append) {
        if (append.epoch() != epoch) {
            return new Append.Result.Fenced(append.epoch(), epoch);
        }
        long head = head(append.stream());
        if (append.expected() != Append.ANY && append.expected() != head) {
            return new Append.Result.Conflict(append.expected(), head);
        }
        var added = new ArrayList<Entry>();
        for (var entry : append.entries()) {
            added.add(add(append, entry));
        }
        append.outbox().forEach(this::post);
        append.consumed().forEach(messages::remove);
        append.definitions()
                .forEach(definition -> definitions.putIfAbsent(definition.hash(), definition));
        setDue(append.stream(), append.due());
        return new Append.Result.Committed(added);
    }

    private Entry add(Append append, NewEntry event) {
        var stream = streams.computeIfAbsent(append.stream(), _ -> new ArrayList<>());
        var before = stream.isEmpty() ? HashChain.START : stream.getLast().hash();
        long sequence = stream.size() + 1L;
        var hash =
                chain.next(
                        before, append.stream(), sequence, append.epoch(), event, event.payload());
        var entry =
                new Entry(all.size() + 1L, append.stream(), sequence, append.epoch(), event, hash);
        stream.add(entry);
        all.add(entry);
        return entry;
    }

    private void setDue(StreamId stream, @Nullable Instant at) {
        if (at == null) {
            due.remove(stream);
        } else {
            due.put(stream, at);
        }
    }

    @Override
    public synchronized void keep(
            String projection, int version, long position, List<Row> changed) {
        var kept = projections.get(projection);
        if (kept == null || kept.version() != version) {
            kept = new Projection(version, position, new TreeMap<>());
        }
        for (var row : changed) {
            kept.rows().put(row.key(), row);
        }
        projections.put(projection, new Projection(version, position, kept.rows()));
    }

    @Override
    public synchronized long position() {
        return all.size();
    }

    @Override
    public synchronized void post(Message message) {
        messages.putIfAbsent(message.id(), message);
    }

    @Override
    public synchronized List<Entry> read(StreamId stream, long sequence, int limit) {
        return part(streams.getOrDefault(stream, List.of()), sequence, limit);
    }

    @Override
    public synchronized List<Entry> follow(long position, int limit) {
        return part(all, position, limit);
    }

    /// At a place at once: a stream would go over all before it.
    private static List<Entry> part(List<Entry> entries, long from, int limit) {
        int first = (int) Math.min(from, entries.size());
        int count = Math.min(limit, entries.size() - first);
        return List.copyOf(entries.subList(first, first + count));
    }

    @Override
    public synchronized List<StreamId> changedSince(long position) {
        return part(all, position, Integer.MAX_VALUE).stream()
                .map(Entry::stream)
                .distinct()
                .toList();
    }

    @Override
    public synchronized long head(StreamId stream) {
        return streams.getOrDefault(stream, List.of()).size();
    }

    @Override
    public synchronized List<Due> due(int limit) {
        return due.entrySet().stream()
                .map(entry -> new Due(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Due::at))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<Message> message(String id) {
        return Optional.ofNullable(messages.get(id));
    }

    @Override
    public synchronized List<Message> messages(int limit) {
        return messages.values().stream().limit(limit).toList();
    }

    @Override
    public synchronized Optional<Definition> definition(String hash) {
        return Optional.ofNullable(definitions.get(hash));
    }

    @Override
    public synchronized long projectedTo(String projection, int version) {
        var kept = projections.get(projection);
        return kept == null || kept.version() != version ? 0 : kept.position();
    }

    @Override
    public synchronized List<Row> rowsBelow(String projection, String key, int limit) {
        var kept = projections.get(projection);
        return kept == null
                ? List.of()
                : kept.rows().headMap(key, false).descendingMap().values().stream()
                        .limit(limit)
                        .toList();
    }

    /// The same journal: its methods may be called from any thread.
    @Override
    public JournalReader reader() {
        return this;
    }

    @Override
    public void close() {}
}
