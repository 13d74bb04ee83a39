package dev.tutti.runtime.engine;

import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the streams of topics are to have appended in one commit, in the order in which it was
/// begun.
final class Lots {
    private final Map<StreamId, Lot> lots = new LinkedHashMap<>();

    /// What one stream is to have appended.
    static final class Lot {
        final List<NewEntry> entries = new ArrayList<>();
        final List<Message> outbox = new ArrayList<>();
        final List<String> consumed = new ArrayList<>();
        final List<Definition> definitions = new ArrayList<>();
    }

    Lot of(StreamId stream) {
        return lots.computeIfAbsent(stream, _ -> new Lot());
    }

    Collection<Lot> all() {
        return lots.values();
    }

    void clear() {
        lots.clear();
    }

    /// @param due when a stream wants attention
    List<Append> appends(long epoch, Function<StreamId, @Nullable Instant> due) {
        var appends = new ArrayList<Append>(lots.size());
        lots.forEach((stream, lot) ->
                appends.add(
                        new Append(
                                stream,
                                Append.ANY,
                                epoch,
                                lot.entries,
                                lot.outbox,
                                lot.consumed,
                                lot.definitions,
                                due.apply(stream))));
        return appends;
    }
}
