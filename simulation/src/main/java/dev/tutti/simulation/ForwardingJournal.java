package dev.tutti.simulation;

import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.util.List;
import java.util.Optional;

/// A journal that hands everything on to another. Whoever looks at one kind of call on its way, or
/// disturbs it, overrides that.
public abstract class ForwardingJournal implements Journal {
    private final Journal journal;

    protected ForwardingJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public List<Append.Result> commit(List<Append> batch) {
        return journal.commit(batch);
    }

    @Override
    public long claim() {
        return journal.claim();
    }

    @Override
    public void keep(String projection, int version, long position, List<Row> changed) {
        journal.keep(projection, version, position, changed);
    }

    @Override
    public long position() {
        return journal.position();
    }

    @Override
    public void post(Message message) {
        journal.post(message);
    }

    @Override
    public JournalReader reader() {
        return journal.reader();
    }

    @Override
    public List<Entry> read(StreamId stream, long sequence, int limit) {
        return journal.read(stream, sequence, limit);
    }

    @Override
    public List<Entry> follow(long position, int limit) {
        return journal.follow(position, limit);
    }

    @Override
    public List<StreamId> changedSince(long position) {
        return journal.changedSince(position);
    }

    @Override
    public long head(StreamId stream) {
        return journal.head(stream);
    }

    @Override
    public List<Due> due(int limit) {
        return journal.due(limit);
    }

    @Override
    public List<Message> messages(int limit) {
        return journal.messages(limit);
    }

    @Override
    public Optional<Message> message(String id) {
        return journal.message(id);
    }

    @Override
    public Optional<Definition> definition(String hash) {
        return journal.definition(hash);
    }

    @Override
    public long projectedTo(String projection, int version) {
        return journal.projectedTo(projection, version);
    }

    @Override
    public List<Row> rowsBelow(String projection, String key, int limit) {
        return journal.rowsBelow(projection, key, limit);
    }

    @Override
    public List<Row> rowsWithout(List<String> texts, String projection, String key, int limit) {
        return journal.rowsWithout(texts, projection, key, limit);
    }

    @Override
    public void close() {
        journal.close();
    }
}
