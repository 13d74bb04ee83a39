package dev.tutti.simulation;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.List;

/// Checks everything that must hold of a store at rest, over all its runs, and reports all of it at
/// once.
///
/// Today: I2 and I3 (one end of every task and run, no effect twice), I4 (sequence and chain), I5
/// (replay), I6 (order of the plan), I7 (fencing), I8 and I9 (budgets and quotas), I10 (attempts),
/// I11 (timers), I12 (concurrency and locks), I13 (liveness), I16 (artifacts), I17 (approvals), I20
/// (audit), I21 (disagreement), I22 (notes), I24 (messages of topics), I25 (hand-offs and
/// conversations), I26 (auctions and claims), I27 (choreography), I28 (contexts), I29 (lineage),
/// I32 (agents that are switched off), I33 (who can do what is asked for), I34 (what trees count),
/// I35 (skills that stand for others), I36 (debates), I37 (outputs that stand in), I39 (deadlines),
/// I40 (policies of tasks). I38 (what attempts took outside) and I41 (who changed an input, told to
/// whoever does the task) only a world can check.
public final class Invariants {
    private static final int PAGE = 5_000;

    /// Stands for an entry whose stream is not known.
    private static final StreamId AT_POSITION = new StreamId(TenantId.LOCAL, "position");

    private final JournalReader journal;
    private final ArtifactStore artifacts;
    private final TeamReader teams;
    private final List<Violation> found = new ArrayList<>();

    private Invariants(JournalReader journal, ArtifactStore artifacts, TeamReader teams) {
        this.journal = journal;
        this.artifacts = artifacts;
        this.teams = teams;
    }

    /// Everything that does not hold, by stream and then as found.
    ///
    /// @param teams reads the definitions that the journal keeps
    public static List<Violation> check(
            JournalReader journal, ArtifactStore artifacts, TeamReader teams) {
        var invariants = new Invariants(journal, artifacts, teams);
        invariants.check();
        return invariants.found;
    }

    private void check() {
        var watch = new Watch(journal, artifacts, teams);
        for (var entry : positions()) {
            watch.see(entry);
        }
        watch.end();
        found.addAll(watch.found());
        watch.runs().forEach(run -> checkChain(run, watch.sequence(run)));
    }

    /// The whole journal in the order of commits. An entry that cannot be read, since its payload
    /// is an artifact that is damaged or missing, is reported and passed over.
    private List<Entry> positions() {
        var all = new ArrayList<Entry>();
        long position = 0;
        int limit = PAGE;
        while (true) {
            List<Entry> page;
            try {
                page = journal.follow(position, limit);
            } catch (JournalException e) {
                if (limit == 1) {
                    position++;
                    report("I16", AT_POSITION, position, String.valueOf(e.getMessage()));
                }
                limit = 1;
                continue;
            }
            if (page.isEmpty()) {
                return all;
            }
            rise(position, page);
            all.addAll(page);
            position = Math.max(position, page.getLast().position());
        }
    }

    private void rise(long after, List<Entry> page) {
        long position = after;
        for (var entry : page) {
            if (entry.position() <= position) {
                report(
                        "I4",
                        entry.stream(),
                        entry.sequence(),
                        "position " + entry.position() + " does not rise above " + position);
            }
            position = entry.position();
        }
    }

    /// I4: reading the stream verifies its hashes, and nothing is missing at the end.
    ///
    /// @param seen the sequence of the last entry that was seen
    private void checkChain(StreamId run, long seen) {
        long head = journal.head(run);
        if (head != seen) {
            report("I4", run, head, "the stream's head is " + head + ", not " + seen);
        }
        try {
            long sequence = 0;
            while (true) {
                var page = journal.read(run, sequence, PAGE);
                if (page.size() < PAGE) {
                    break;
                }
                sequence = page.getLast().sequence();
            }
        } catch (JournalException e) {
            report("I4", run, 0, String.valueOf(e.getMessage()));
        }
    }

    private void report(String invariant, StreamId stream, long sequence, String sentence) {
        found.add(new Violation(invariant, stream, sequence, sentence));
    }
}
