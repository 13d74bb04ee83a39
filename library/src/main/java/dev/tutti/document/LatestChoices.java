package dev.tutti.document;

import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.history.Moment;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The latest assignments in which an agent was weighed, whether it was chosen or not.
public final class LatestChoices {
    /// Runs that are looked through, the newest.
    private static final int MOST_RUNS = 20;

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
                for (var assigned : of(reader, stream, e -> weighs(e, agent)).reversed()) {
                    if (found.size() == most) {
                        return found;
                    }
                    found.add(new Choice(summary.run(), assigned));
                }
            }
        }
        return found;
    }

    /// The assignments of a run that are looked for, the latest last.
    public static List<Event.Assigned> of(
            JournalReader reader, StreamId run, Predicate<Event.Assigned> wanted) {
        return Moments.of(reader, run, Watch.NOBODY).stream()
                .map(Moment::event)
                .filter(Event.Assigned.class::isInstance)
                .map(Event.Assigned.class::cast)
                .filter(wanted)
                .toList();
    }

    private static boolean weighs(Event.Assigned e, AgentId agent) {
        return e.agent().equals(agent)
                || e.candidates().stream().anyMatch(one -> one.agent().equals(agent));
    }
}
