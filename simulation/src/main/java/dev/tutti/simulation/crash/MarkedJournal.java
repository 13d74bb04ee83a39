package dev.tutti.simulation.crash;

import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.simulation.ForwardingJournal;
import java.util.List;

/// A journal that marks where each commit begins and ends, and what it acknowledged. With its first
/// commit the process counts as working.
final class MarkedJournal extends ForwardingJournal {
    private final CommitMarks marks;

    MarkedJournal(Journal journal, CommitMarks marks) {
        super(journal);
        this.marks = marks;
    }

    @Override
    public List<Append.Result> commit(List<Append> batch) {
        if (marks.commits() == 0) {
            marks.phase(CommitMarks.Phase.WORKING);
        }
        marks.begin();
        var results = super.commit(batch);
        marks.end();
        for (var result : results) {
            if (result instanceof Append.Result.Committed(var entries)) {
                entries.forEach(entry -> marks.acknowledge(entry.position(), entry.hash()));
            }
        }
        return results;
    }
}
