package dev.tutti.document;

import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.List;

/// The latest assignments in which an agent was weighed, whether it was chosen or not.
public final class LatestChoices {
    /// Runs that are looked through, the newest.
    private static final int MOST_RUNS = 20;

    private static final int PAGE = 2_000;

    private LatestChoices() {}

    /// One of them.
    public record Choice(RunId run, Event.Assigned assigned) {}

    /// The newest first.
    ///
    /// @param most how many
    public static List<Choice> of(Tutti tutti, AgentId agent, int most) {
        var found = new ArrayList<Choice>();
        try (var reader = tutti.reader()) {
            for (var summary : tutti.runs(MOST_RUNS)) {
                var stream = StreamId.run(summary.tenant(), summary.run());
                for (var assigned : weighed(reader, stream, agent).reversed()) {
                    if (found.size() == most) {
                        return found;
                    }
                    found.add(new Choice(summary.run(), assigned));
                }
            }
        }
        return found;
    }

    private static List<Event.Assigned> weighed(JournalReader reader, StreamId run, AgentId agent) {
        var found = new ArrayList<Event.Assigned>();
        long sequence = 0;
        while (true) {
            var page = reader.read(run, sequence, PAGE);
            for (var entry : page) {
                if (Runs.event(entry) instanceof Event.Assigned e && weighs(e, agent)) {
                    found.add(e);
                }
            }
            if (page.size() < PAGE) {
                return found;
            }
            sequence = page.getLast().sequence();
        }
    }

    private static boolean weighs(Event.Assigned e, AgentId agent) {
        return e.agent().equals(agent)
                || e.candidates().stream().anyMatch(one -> one.agent().equals(agent));
    }
}
