package dev.tutti.simulation;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// I12: at no place in the whole journal are more attempts under way at an agent than its limits
/// allow. Agents are shared by the runs of one team, so this check sees all runs.
final class ConcurrencyCheck extends Check {
    private final JournalReader journal;
    private final TeamReader reader;
    private final Map<String, Optional<Team>> teams = new HashMap<>();
    private final Map<StreamId, String> teamOf = new HashMap<>();
    private final Map<Attempt, Place> open = new HashMap<>();
    private final Map<Place, Integer> taken = new HashMap<>();
    private final Map<Attempt, Terms.OfAgent> needs = new HashMap<>();
    private final Map<Owner, List<String>> locks = new HashMap<>();
    private final Map<String, Attempt> holders = new HashMap<>();

    private record Attempt(StreamId run, long token) {}

    private record Owner(StreamId run, TaskId task) {}

    private record Place(String team, AgentId agent) {}

    ConcurrencyCheck(JournalReader journal, TeamReader reader) {
        this.journal = journal;
        this.reader = reader;
    }

    @Override
    void see(Step step) {
        var run = step.entry().stream();
        if (step.event() instanceof Event.RunStarted e) {
            teamOf.put(run, e.team());
            if (team(e.team()).isEmpty()) {
                report("I12", step, "the definition " + e.team() + " of the team is missing");
            }
        } else if (step.event() instanceof Event.Assigned e && !step.copied()) {
            assigned(step, e);
        } else if (step.event() instanceof Event.AttemptEnded e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.ResultAccepted e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.Iterated e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.HandedOver e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.ResultProposed e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.PlanProposed e) {
            free(new Attempt(run, e.token()));
        } else if (step.event() instanceof Event.TaskReady e) {
            locks.put(new Owner(run, e.task()), e.locks());
        } else if (step.event() instanceof Event.ChildStarted e && !step.copied()) {
            lock(step, new Attempt(run, e.token()), new Owner(run, e.task()));
        }
    }

    /// No two attempts hold a lock of one name.
    private void lock(Step step, Attempt attempt, Owner owner) {
        for (var name : locks.getOrDefault(owner, List.of())) {
            var other = holders.put(name, attempt);
            if (other != null && !other.equals(attempt)) {
                report(
                        "I12",
                        step,
                        owner.task() + " takes lock `" + name + "`, which " + other + " holds");
            }
        }
    }

    private void assigned(Step step, Event.Assigned e) {
        var run = step.entry().stream();
        var place = new Place(teamOf.getOrDefault(run, ""), e.agent());
        lock(step, new Attempt(run, e.token()), new Owner(run, e.task()));
        open.put(new Attempt(run, e.token()), place);
        int now = taken.merge(place, 1, Integer::sum);
        team(place.team())
                .ifPresent(
                        team -> quotas(step, new Attempt(run, e.token()), team.terms(), e.agent()));
        var agent = team(place.team()).flatMap(team -> team.agent(e.agent()));
        if (agent.isPresent()
                && agent.get().needsPlace()
                && now > agent.get().limits().concurrency()) {
            report(
                    "I12",
                    step,
                    now
                            + " attempts are under way at "
                            + e.agent()
                            + ", which takes "
                            + agent.get().limits().concurrency());
        }
    }

    /// Attempts that need a quota are never more than it has slots, and never take more memory.
    private void quotas(Step step, Attempt attempt, Terms terms, AgentId agent) {
        var own = terms.of(agent);
        if (own.quotas().isEmpty()) {
            return;
        }
        needs.put(attempt, own);
        for (var name : own.quotas()) {
            var quota = terms.quota(name).orElse(null);
            if (quota == null) {
                continue;
            }
            long slots = needs.values().stream().filter(one -> one.quotas().contains(name)).count();
            long memory =
                    needs.values().stream()
                            .filter(one -> one.quotas().contains(name))
                            .mapToLong(Terms.OfAgent::memory)
                            .sum();
            if (quota.slots() != null && slots > quota.slots()) {
                report(
                        "I12",
                        step,
                        slots + " attempts have quota `" + name + "`, of " + quota.slots());
            }
            if (quota.memory() != null && memory > quota.memory()) {
                report(
                        "I12",
                        step,
                        memory + " bytes of quota `" + name + "` are taken, of " + quota.memory());
            }
        }
    }

    private void free(Attempt attempt) {
        holders.values().removeIf(attempt::equals);
        needs.remove(attempt);
        var place = open.remove(attempt);
        if (place != null) {
            taken.merge(place, -1, Integer::sum);
        }
    }

    Optional<Team> team(String hash) {
        return teams.computeIfAbsent(
                hash,
                _ -> journal.definition(hash).map(definition -> reader.read(definition.body())));
    }
}
