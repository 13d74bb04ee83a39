package dev.tutti.remote;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the journal of a server page by page. The server checks the chain of hashes.
final class RemoteReader implements JournalReader {
    /// The largest page that servers give; they may end one earlier.
    private static final int PAGE = 1_000;

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";

    private final Remote remote;
    private final Map<String, Definition> definitions = new HashMap<>();

    RemoteReader(Remote remote) {
        this.remote = remote;
    }

    @Override
    public List<Entry> read(StreamId stream, long sequence, int limit) {
        var entries = new ArrayList<Entry>();
        long from = sequence;
        while (entries.size() < limit) {
            var page =
                    remote.get(
                            "/entries",
                            Map.of(
                                    "stream",
                                    stream.name(),
                                    AFTER,
                                    from,
                                    LIMIT,
                                    Math.min(PAGE, limit - entries.size())));
            if (addTo(entries, page)) {
                break;
            }
            from = entries.getLast().sequence();
        }
        return entries;
    }

    @Override
    public List<Entry> follow(long position, int limit) {
        var entries = new ArrayList<Entry>();
        long from = position;
        while (entries.size() < limit) {
            var page =
                    remote.get(
                            "/entries",
                            Map.of(AFTER, from, LIMIT, Math.min(PAGE, limit - entries.size())));
            if (addTo(entries, page)) {
                break;
            }
            from = entries.getLast().position();
        }
        return entries;
    }

    /// Adds a page.
    ///
    /// @return whether it was the last
    private boolean addTo(List<Entry> entries, Value.Struct page) {
        var more = Wire.list(page, "entries", Wire::entry);
        entries.addAll(more);
        return more.isEmpty() || !(page.get("more") instanceof Value.Bool(var yes) && yes);
    }

    @Override
    public List<StreamId> changedSince(long position) {
        return Wire.list(remote.get("/changed", Map.of(AFTER, position)), "streams", Wire::stream);
    }

    @Override
    public long position() {
        return Wire.number(remote.get("", Map.of()), "position");
    }

    @Override
    public long head(StreamId stream) {
        return Wire.number(remote.get("/head", Map.of("stream", stream.name())), "head");
    }

    @Override
    public List<Due> due(int limit) {
        return Wire.list(remote.get("/due", Map.of(LIMIT, limit)), "due", Wire::due);
    }

    @Override
    public List<Message> messages(int limit) {
        return Wire.list(
                remote.get("/messages", Map.of(LIMIT, Math.min(PAGE, limit))),
                "messages",
                Wire::message);
    }

    @Override
    public Optional<Message> message(String id) {
        return Wire.list(remote.get("/messages", Map.of("id", id)), "messages", Wire::message)
                .stream()
                .findFirst();
    }

    /// Kept, since definitions never change.
    @Override
    public Optional<Definition> definition(String hash) {
        var known = definitions.get(hash);
        if (known != null) {
            return Optional.of(known);
        }
        var found = remote.bytes("/definitions/" + hash).map(body -> new Definition(hash, body));
        found.ifPresent(definition -> {
            if (!Sha256.hex(definition.body()).equals(hash)) {
                throw new JournalException(
                        "corrupt", "the definition " + hash + " came with another content", null);
            }
            definitions.put(hash, definition);
        });
        return found;
    }

    @Override
    public long projectedTo(String projection, int version) {
        return Wire.number(
                remote.get("/projections/" + projection, Map.of("version", version)), "position");
    }

    @Override
    public List<Row> rowsBelow(String projection, String key, int limit) {
        var rows = new ArrayList<Row>();
        var below = key;
        while (rows.size() < limit) {
            var page =
                    Wire.list(
                            remote.get(
                                    "/projections/" + projection + "/rows",
                                    Map.of(
                                            "below",
                                            below,
                                            LIMIT,
                                            Math.min(PAGE, limit - rows.size()))),
                            "rows",
                            Wire::row);
            rows.addAll(page);
            if (page.size() < PAGE) {
                break;
            }
            below = rows.getLast().key();
        }
        return rows;
    }

    @Override
    public void close() {
        // The connection is the store's.
    }
}
