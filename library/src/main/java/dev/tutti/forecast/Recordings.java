package dev.tutti.forecast;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.Moment;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The runs of a store that a forecast can learn from.
///
/// @param runs all events of each, the newest first
/// @param unread runs that could not be read, since their journals are damaged
public record Recordings(List<List<Moment>> runs, int unread) {
    private static final int MOST_LISTED = 5_000;
    private static final long MOST_EVENTS = 500_000;

    public Recordings {
        runs = List.copyOf(runs);
    }

    /// Reads the newest runs of a workflow that have ended.
    ///
    /// @param most how many are read; fewer where they are long
    /// @param before only runs that had ended then, or null for all
    /// @param watch told how many were read
    public static Recordings of(
            JournalReader journal,
            String workflow,
            int most,
            @Nullable Instant before,
            Watch watch) {
        var chosen =
                RunList.newest(journal, TenantId.LOCAL, MOST_LISTED).stream()
                        .filter(run -> run.goal().equals(workflow) && run.status().isFinal())
                        .filter(run -> before == null || run.lastAt().isBefore(before))
                        .limit(most)
                        .toList();
        var runs = new ArrayList<List<Moment>>();
        long events = 0;
        int unread = 0;
        int done = 0;
        for (RunSummary summary : chosen) {
            if (events > MOST_EVENTS) {
                break;
            }
            try {
                var stream = StreamId.run(summary.tenant(), summary.run());
                var moments = Moments.of(journal, stream, Watch.NOBODY);
                events += moments.size();
                runs.add(moments);
            } catch (JournalException _) {
                unread++;
            }
            watch.at(++done, chosen.size());
        }
        return new Recordings(runs, unread);
    }

    /// What they say of a team: attempts of agents that are another now do not count.
    public Experience experience(JournalReader journal, TeamReader teams, Team now) {
        var then = new LinkedHashMap<String, Map<AgentId, Agent>>();
        var current = agents(now);
        return Experience.of(
                runs,
                (run, agent) -> {
                    var known =
                            then.computeIfAbsent(
                                    run.team(), hash -> agents(team(journal, teams, hash)));
                    return same(known.get(agent), current.get(agent));
                });
    }

    private static Map<AgentId, Agent> agents(Team team) {
        var agents = new LinkedHashMap<AgentId, Agent>();
        team.agents().forEach(agent -> agents.put(agent.id(), agent));
        return agents;
    }

    /// A team whose definition cannot be read any more says nothing of its agents.
    private static Team team(JournalReader journal, TeamReader teams, String hash) {
        try {
            return journal.definition(hash)
                    .map(definition -> teams.read(definition.body()))
                    .orElse(Team.NOBODY);
        } catch (RuntimeException _) {
            return Team.NOBODY;
        }
    }

    private static boolean same(@Nullable Agent then, @Nullable Agent now) {
        return then != null
                && now != null
                && then.uses().equals(now.uses())
                && then.settings().equals(now.settings());
    }
}
