package dev.tutti.runtime.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a journal. Any number of readers may look while one owner writes; each sees only whole
/// commits.
public interface JournalReader extends AutoCloseable {

    /// Entries of one stream after `sequence`, in order, `limit` at most.
    ///
    /// @throws JournalException `corrupt` when the chain of hashes does not hold
    List<Entry> read(StreamId stream, long sequence, int limit);

    /// Entries of all streams after `position`, in the order of commits, `limit` at most.
    List<Entry> follow(long position, int limit);

    /// The streams that have entries after `position`, each once.
    List<StreamId> changedSince(long position);

    /// The position of the last entry, 0 when there is none.
    long position();

    /// The sequence of the stream's last entry, 0 when there is none.
    long head(StreamId stream);

    /// Streams that want attention, and when: the most urgent first.
    List<Due> due(int limit);

    /// Messages that nobody has handled yet, oldest first. Those that are damaged are left out, so
    /// that they keep nobody else's from being handled.
    List<Message> messages(int limit);

    /// The message of that id, if nobody has handled it yet.
    ///
    /// @throws JournalException `corrupt` when it is damaged: nobody will handle it
    Optional<Message> message(String id);

    Optional<Definition> definition(String hash);

    /// How far into the journal a projection was folded, 0 when there is none of this version.
    long projectedTo(String projection, int version);

    /// Rows of a projection whose key is below `key`, greatest key first, `limit` at most.
    List<Row> rowsBelow(String projection, String key, int limit);

    /// The same, of those rows alone whose bodies have neither of some texts in them, so that those
    /// which are not wanted need not be brought here.
    ///
    /// @param texts [#MOST_TEXTS] at most
    default List<Row> rowsWithout(List<String> texts, String projection, String key, int limit) {
        var found = new ArrayList<Row>();
        var below = key;
        while (found.size() < limit) {
            var page = rowsBelow(projection, below, PAGE);
            for (var row : page) {
                var body = new String(row.body(), StandardCharsets.UTF_8);
                if (found.size() < limit && texts.stream().noneMatch(body::contains)) {
                    found.add(row);
                }
            }
            if (page.size() < PAGE) {
                break;
            }
            below = page.getLast().key();
        }
        return found;
    }

    /// The most texts that [#rowsWithout] takes.
    int MOST_TEXTS = 3;

    /// Rows that are looked through at once.
    int PAGE = 1_000;

    @Override
    void close();

    /// A stream that wants attention.
    record Due(StreamId stream, Instant at) {}

    /// One row of a projection.
    record Row(String key, byte[] body) {}
}
