package dev.tutti.history;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Moment;
import dev.tutti.core.history.Precedents;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the other runs of a store say about one: each is read once, the newest first.
///
/// @param precedents what agents gave when they were given the same
/// @param alike the newest run that succeeded with the same goal and inputs, if there is one
/// @param unread runs that could not be read, since their journals are damaged
public record Witnesses(Precedents precedents, Optional<RunId> alike, int unread) {
    private static final int PAGE = 2_000;

    /// Events that say nothing of what went into what.
    private static final Set<String> SILENT =
            Set.of(
                    "TimerSet",
                    "TimerFired",
                    "EffectIntended",
                    "EffectRecorded",
                    "EffectWithdrawn",
                    "ArtifactStored",
                    "NoteWritten",
                    "NoteRead",
                    "ContextAssembled",
                    "QuestionHandedOn",
                    "QuestionReminded",
                    "QuestionAnswered",
                    "MessageReceived",
                    "MessagePublished",
                    "Refused",
                    "Stalled",
                    "Paused",
                    "Resumed");

    /// Reads other runs.
    ///
    /// @param run the one in question
    /// @param most how many others are read
    /// @param vouched a run that somebody says was right, or null; it is read first
    /// @param watch told how many runs were read
    public static Witnesses of(
            JournalReader journal,
            TeamReader teams,
            Chronicle run,
            StreamId stream,
            int most,
            @Nullable StreamId vouched,
            Watch watch) {
        var precedents = new Precedents(run, new AgentProfiles(journal, teams, new Expressions()));
        Optional<RunId> alike = Optional.empty();
        int unread = 0;
        int done = 0;
        var others = others(journal, stream, most, vouched);
        for (var other : others) {
            try {
                var chronicle = Chronicle.of(speaking(journal, other));
                if (chronicle.events() > 0) {
                    precedents.see(chronicle, other.equals(vouched));
                    if (alike.isEmpty() && isAlike(run, chronicle)) {
                        alike = Optional.of(other.run());
                    }
                }
            } catch (JournalException _) {
                unread++;
            }
            watch.at(++done, others.size());
        }
        return new Witnesses(precedents, alike, unread);
    }

    private static List<StreamId> others(
            JournalReader journal, StreamId run, int most, @Nullable StreamId vouched) {
        var others = new ArrayList<StreamId>();
        if (vouched != null) {
            others.add(vouched);
        }
        for (var summary : RunList.newest(journal, run.tenant(), most + 1)) {
            var other = StreamId.run(summary.tenant(), summary.run());
            if (!other.equals(run) && !other.equals(vouched) && others.size() < most) {
                others.add(other);
            }
        }
        return others;
    }

    private static boolean isAlike(Chronicle run, Chronicle other) {
        return other.status() == Status.SUCCEEDED
                && other.start().goal().equals(run.start().goal())
                && other.start().inputs().equals(run.start().inputs());
    }

    /// The events of a run that say what went into what.
    private static List<Moment> speaking(JournalReader journal, StreamId run) {
        var moments = new ArrayList<Moment>();
        long from = 0;
        while (true) {
            var page = journal.read(run, from, PAGE);
            for (var entry : page) {
                from = entry.sequence();
                if (!SILENT.contains(entry.event().type())) {
                    moments.add(Moments.of(entry));
                }
            }
            if (page.size() < PAGE) {
                return moments;
            }
        }
    }
}
