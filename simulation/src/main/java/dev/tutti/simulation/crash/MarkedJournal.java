package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.util.List;
import java.util.Optional;

/// A journal that marks where each commit begins and ends, and what it acknowledged. With its first
/// commit the process counts as working.
final class MarkedJournal implements Journal {
    private final Journal journal;
    private final CommitMarks marks;

    MarkedJournal(Journal journal, CommitMarks marks) {
        this.journal = journal;
        this.marks = marks;
    }

    @Override
    public List<Append.Result> commit(List<Append> batch) {
        if (marks.commits() == 0) {
            marks.phase(CommitMarks.Phase.WORKING);
        }
        marks.begin();
        var results = journal.commit(batch);
        marks.end();
        for (var result : results) {
            if (result instanceof Append.Result.Committed(var entries)) {
                entries.forEach(entry -> marks.acknowledge(entry.position(), entry.hash()));
            }
        }
        return results;
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
    public void close() {
        journal.close();
    }
}
