package dev.tutti.document;

import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

/// The latest assignments in which an agent was weighed, whether it was chosen or not.
public final class LatestChoices {
    /// Runs that are looked through, the newest.
    private static final int MOST_RUNS = 20;

    private LatestChoices() {}

    /// One of them.
    ///
    /// @param ruling what the rules of the task's policy had said of its agents
    public record Choice(RunId run, Event.Assigned assigned, Ruling ruling) {}

    /// The newest first.
    ///
    /// @param most how many
    public static List<Choice> of(Tutti tutti, AgentId agent, int most) {
        var found = new ArrayList<Choice>();
        try (var reader = tutti.reader()) {
            for (var summary : tutti.runs(MOST_RUNS)) {
                var stream = StreamId.run(summary.tenant(), summary.run());
                for (var choice : of(reader, stream, e -> weighs(e, agent)).reversed()) {
                    if (found.size() == most) {
                        return found;
                    }
                    found.add(choice);
                }
            }
        }
        return found;
    }

    /// The assignments of a run that are looked for, the latest last.
    public static List<Choice> of(
            JournalReader reader, StreamId run, Predicate<Event.Assigned> wanted) {
        var choices = new ArrayList<Choice>();
        var rulings = new HashMap<TaskId, Ruling>();
        for (var moment : Moments.of(reader, run, Watch.NOBODY)) {
            if (moment.event() instanceof Event.TaskReady e) {
                rulings.put(e.task(), e.ruling());
            } else if (moment.event() instanceof Event.Assigned e && wanted.test(e)) {
                var ruling = rulings.getOrDefault(e.task(), Ruling.NONE);
                choices.add(new Choice(run.run(), e, ruling));
            }
        }
        return choices;
    }

    private static boolean weighs(Event.Assigned e, AgentId agent) {
        return e.agent().equals(agent)
                || e.candidates().stream().anyMatch(one -> one.agent().equals(agent));
    }
}
