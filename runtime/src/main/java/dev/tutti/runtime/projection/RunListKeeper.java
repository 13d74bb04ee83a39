package dev.tutti.runtime.projection;

import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Keeps the list of runs for the owner of a store.
///
/// An owner that was killed may have left runs that it never kept. They are looked at a few at a
/// time, when there is nothing else to do; until then the list counts as kept only to where that
/// owner had it, and readers make up for the rest.
public final class RunListKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RunListKeeper.class);
    private static final int AT_ONCE = 20;

    private final Journal journal;
    private final Deque<StreamId> behind;

    public RunListKeeper(Journal journal) {
        this.journal = journal;
        behind = new ArrayDeque<>(RunList.changed(journal));
    }

    /// Whether runs of an earlier owner are still to be looked at.
    public boolean isBehind() {
        return !behind.isEmpty();
    }

    /// Looks at a few of them.
    public void catchUp() {
        var some = new ArrayList<Runs.Loaded>();
        while (some.size() < AT_ONCE && !behind.isEmpty()) {
            var run = behind.remove();
            try {
                some.add(Runs.load(journal, run));
            } catch (JournalException e) {
                try (var _ = MDC.putCloseable("run", run.run().value())) {
                    LOG.warn("run {} is left out of the list of runs: {}", run, e.getMessage());
                }
            }
        }
        keep(some);
    }

    /// Keeps the runs that changed since the last time.
    public void keep(List<Runs.Loaded> changed) {
        try {
            if (!changed.isEmpty()) {
                RunList.keep(
                        journal,
                        changed,
                        isBehind() ? RunList.keptTo(journal) : journal.position());
            }
        } catch (JournalException e) {
            LOG.warn("the list of runs is not kept: {}", e.getMessage());
            changed.forEach(loaded -> behind.add(loaded.run()));
        }
    }
}
