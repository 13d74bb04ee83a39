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
/// What changed is kept a part at a time, so that nothing else waits long for it, and the list
/// counts as kept to where it was when the first part was. An owner that was killed may have left
/// runs that it never kept. They are looked at a few at a time, when there is nothing else to do;
/// until then the list counts as kept only to where that owner had it. Readers make up for the
/// rest.
public final class RunListKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RunListKeeper.class);
    private static final int LOADED_AT_ONCE = 20;
    private static final int KEPT_AT_ONCE = 500;

    private final Journal journal;
    private final Deque<StreamId> behind;
    private final Deque<Runs.Loaded> round = new ArrayDeque<>();

    /// Up to where all is kept, or behind, and will be once the round is done.
    private long upTo;

    private long upToThen;

    /// Whether the store took nothing the last time.
    private boolean refused;

    public RunListKeeper(Journal journal) {
        this.journal = journal;
        behind = new ArrayDeque<>(RunList.changed(journal));
        upTo = journal.position();
    }

    /// Whether runs of an earlier owner are still to be looked at.
    public boolean isBehind() {
        return !behind.isEmpty();
    }

    /// Whether it is of use to look at them at once: not where the store took nothing the last
    /// time.
    public boolean isCatchingUp() {
        return isBehind() && !refused;
    }

    /// Looks at a few of them.
    public void catchUp() {
        var some = new ArrayList<Runs.Loaded>();
        while (some.size() < LOADED_AT_ONCE && !behind.isEmpty()) {
            var run = behind.remove();
            try {
                some.add(Runs.load(journal, run));
            } catch (JournalException e) {
                try (var _ = MDC.putCloseable("run", run.run().value())) {
                    LOG.warn("run {} is left out of the list of runs: {}", run, e.getMessage());
                }
            }
        }
        put(some);
    }

    /// Whether a part of what changed is still to be kept.
    public boolean isKeeping() {
        return !round.isEmpty();
    }

    /// Begins to keep what changed since the last time, where that is done.
    public void begin(List<Runs.Loaded> changed) {
        round.addAll(changed);
        upToThen = journal.position();
    }

    /// Keeps a part of it.
    public void goOn() {
        var part = new ArrayList<Runs.Loaded>();
        while (part.size() < KEPT_AT_ONCE && !round.isEmpty()) {
            part.add(round.remove());
        }
        if (round.isEmpty()) {
            upTo = upToThen;
        }
        put(part);
    }

    /// Keeps all that is left, and the runs that changed since.
    public void keep(List<Runs.Loaded> changed) {
        begin(changed);
        while (isKeeping()) {
            goOn();
        }
    }

    private void put(List<Runs.Loaded> runs) {
        try {
            if (!runs.isEmpty()) {
                RunList.keep(journal, runs, isBehind() ? RunList.keptTo(journal) : upTo);
            }
            refused = false;
        } catch (JournalException e) {
            LOG.warn("the list of runs is not kept: {}", e.getMessage());
            runs.forEach(loaded -> behind.add(loaded.run()));
            refused = true;
        }
    }
}
