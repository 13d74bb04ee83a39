package dev.tutti.runtime.projection;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What agents showed in the runs of a journal, learned again from their events.
public final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    /// The newest runs count, and of them so many events: what is older has been outweighed.
    private static final int MOST_RUNS = 500;

    private static final long MOST_EVENTS = 50_000;

    /// What tasks meant is worked out for those among so many of the newest events.
    private static final long NEAR_EVENTS = 1_000;

    private static final int PAGE = 2_000;

    private Records() {}

    /// One who learns from events.
    @FunctionalInterface
    public interface Learner {
        /// One more event of a run.
        ///
        /// @param before the state that the event was appended to
        void see(StreamId run, RunState before, Event event, Instant at, Team team);
    }

    /// Learns from the runs of a journal, the oldest first.
    ///
    /// @param before events from then on are left out, since whoever asks has seen them
    public static void learn(
            JournalReader journal, TeamReader teams, Instant before, Evidence evidence) {
        learn(journal, teams, before, evidence, (_, _, _, _, _) -> {});
    }

    /// The same, for one more who learns.
    public static void learn(
            JournalReader journal,
            TeamReader teams,
            Instant before,
            Evidence evidence,
            Learner other) {
        Learner both =
                (run, state, event, at, team) -> {
                    evidence.see(run, state, event, at, team);
                    other.see(run, state, event, at, team);
                };
        learn(journal, teams, before, both, evidence::longAgo);
        evidence.longAgo(false);
    }

    /// Learns from the same runs which agents are left alone for failing, and nothing else: no team
    /// is read.
    static void learn(JournalReader journal, Breakers breakers) {
        learn(journal, _ -> Team.NOBODY, Instant.MAX, breakers, _ -> {});
    }

    /// Told whether what comes next is long ago.
    @FunctionalInterface
    private interface Age {
        void longAgo(boolean is);
    }

    private static void learn(
            JournalReader journal, TeamReader teams, Instant before, Learner learner, Age age) {
        var known = new HashMap<String, Team>();
        long left = MOST_EVENTS;
        var runs = RunList.newest(journal, TenantId.LOCAL, MOST_RUNS);
        int some = 0;
        int near = 0;
        while (some < runs.size() && left > 0) {
            left -= journal.head(StreamId.run(TenantId.LOCAL, runs.get(some).run()));
            some++;
            near = left >= MOST_EVENTS - NEAR_EVENTS ? some : near;
        }
        for (int i = some - 1; i >= 0; i--) {
            var summary = runs.get(i);
            var stream = StreamId.run(TenantId.LOCAL, summary.run());
            age.longAgo(i >= near);
            try {
                learn(journal, teams, before, learner, stream, known);
            } catch (JournalException | IllegalArgumentException e) {
                LOG.warn("nothing is learned from run {}: {}", summary.run(), e.getMessage());
            }
        }
    }

    private static void learn(
            JournalReader journal,
            TeamReader teams,
            Instant before,
            Learner learner,
            StreamId run,
            Map<String, Team> known) {
        var state = RunState.EMPTY;
        for (var page = journal.read(run, 0, PAGE);
                !page.isEmpty();
                page = journal.read(run, state.sequence(), PAGE)) {
            for (var entry : page) {
                if (!entry.event().at().isBefore(before)) {
                    return;
                }
                var event = Runs.event(entry);
                if (state.started()) {
                    var hash = state.asked().team();
                    var team = known.get(hash);
                    if (team == null) {
                        team =
                                journal.definition(hash)
                                        .map(definition -> teams.read(definition.body()))
                                        .orElse(Team.NOBODY);
                        known.put(hash, team);
                    }
                    learner.see(run, state, event, entry.event().at(), team);
                }
                state = state.evolve(event);
            }
        }
    }
}
