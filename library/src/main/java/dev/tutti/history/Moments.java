package dev.tutti.history;

import dev.tutti.core.history.Moment;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.List;

/// Runs as lists of their events.
public final class Moments {
    private static final int PAGE = 2_000;

    private Moments() {}

    /// Every event of a run, with its hashes checked.
    ///
    /// @param watch told now and then how many events were read
    /// @throws dev.tutti.runtime.journal.JournalException `corrupt` when the chain does not hold
    public static List<Moment> of(JournalReader journal, StreamId run, Watch watch) {
        var moments = new ArrayList<Moment>();
        long head = journal.head(run);
        while (true) {
            var page = journal.read(run, moments.size(), PAGE);
            page.forEach(entry -> moments.add(of(entry)));
            watch.at(moments.size(), head);
            if (page.size() < PAGE) {
                return moments;
            }
        }
    }

    /// An entry as an event in time.
    public static Moment of(Entry entry) {
        return new Moment(entry.sequence(), entry.event().at(), Runs.event(entry));
    }
}
