package dev.tutti.runtime.engine;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.bidding.Backlogs;
import dev.tutti.runtime.bidding.DeclaredBids;
import dev.tutti.runtime.dispatch.Places;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the places for what agents give away among themselves: sets aside those of agents that
/// bid, lets idle agents claim, and wakes the runs whose winners had no place once they may.
/// Chooses nothing.
final class Awarding {
    private final Places places;
    private final Predicate<Agent> present;
    private final Consumer<Input> tell;
    private final Map<StreamId, Waiting> waiting = new LinkedHashMap<>();
    private final Map<String, Claiming> claiming = new LinkedHashMap<>();
    private long seen;
    private Instant latest = Instant.EPOCH;

    /// A run whose bidders have no place.
    private record Waiting(String hash, Team team, List<AgentId> agents) {}

    /// The tasks of runs of one team that may be claimed.
    private record Claiming(String hash, Team team, Backlogs backlogs) {}

    /// @param present whether this process can perform an agent
    /// @param tell hands an input to a run
    Awarding(Places places, Predicate<Agent> present, Consumer<Input> tell) {
        this.places = places;
        this.present = present;
        this.tell = tell;
    }

    // ---- bids

    /// Sets places aside for agents that bid, at most as many as it bid for, and notes that the run
    /// waits where not all of them have one.
    ///
    /// @param hash of the team's definition
    /// @param wanted how many each could win
    List<AgentId> setAside(
            StreamId run, String hash, Team team, Map<AgentId, Integer> wanted, Instant now) {
        var aside = new ArrayList<AgentId>();
        var lacking = new ArrayList<AgentId>();
        wanted.forEach((id, count) -> {
            var agent = team.agent(id).orElse(null);
            if (agent == null) {
                return;
            }
            boolean all = true;
            for (int i = 0; i < count && all; i++) {
                all = take(hash, agent, team, now);
                if (all) {
                    aside.add(id);
                }
            }
            if (!all) {
                lacking.add(id);
            }
        });
        if (lacking.isEmpty()) {
            waiting.remove(run);
        } else {
            waiting.put(run, new Waiting(hash, team, lacking));
        }
        return aside;
    }

    private boolean take(String hash, Agent agent, Team team, Instant now) {
        return agent.needsPlace()
                ? present.test(agent) && places.take(hash, agent, team.terms(), now)
                : !places.isOff(agent.id());
    }

    // ---- claims

    /// A task may be claimed.
    void offer(StreamId run, String hash, Team team, Action.Announce task) {
        var may =
                team.agents().stream()
                        .filter(agent -> !agent.needsPlace() || present.test(agent))
                        .filter(agent -> !DeclaredBids.open(agent, List.of(task)).isEmpty())
                        .map(Agent::id)
                        .toList();
        claiming.computeIfAbsent(hash, _ -> new Claiming(hash, team, new Backlogs()))
                .backlogs()
                .add(new Backlogs.Job(run, task.task(), task.round(), may));
    }

    /// Lets agents that have a place claim.
    void claims(Instant now) {
        for (var one : claiming.values()) {
            // Each its own first; who is idle then steals.
            for (var id : one.backlogs().wanted()) {
                claims(one, id, now, false);
            }
            for (var id : one.backlogs().wanted()) {
                claims(one, id, now, true);
            }
        }
        claiming.values().removeIf(one -> one.backlogs().isEmpty());
    }

    /// An agent claims until it has no place, or nothing is left for it.
    private void claims(Claiming one, AgentId id, Instant now, boolean steals) {
        var agent = one.team().agent(id).orElse(null);
        while (agent != null
                && one.backlogs().has(id, steals)
                && take(one.hash(), agent, one.team(), now)) {
            one.backlogs().take(id).ifPresent(taken -> claim(id, taken));
        }
    }

    private void claim(AgentId id, Backlogs.Taken taken) {
        var job = taken.job();
        tell.accept(
                new Input.Told(
                        job.run(),
                        new Command.ClaimTask(job.task(), job.round(), id, taken.from()),
                        "agent/" + id));
    }

    // ---- time

    /// The run wants nothing more than what its attempts have.
    void forget(StreamId run) {
        waiting.remove(run);
        claiming.values().forEach(one -> one.backlogs().forget(run));
    }

    /// Wakes the runs that wait, if something may be free that was not.
    ///
    /// @param but the run that is being handled, which looks for itself
    void freed(@Nullable StreamId but, Instant now) {
        latest = now;
        if (places.changes() != seen) {
            seen = places.changes();
            List.copyOf(waiting.keySet()).stream()
                    .filter(run -> !run.equals(but))
                    .forEach(this::wake);
        }
    }

    private void wake(StreamId run) {
        waiting.remove(run);
        tell.accept(new Input.Told(run, new Command.Dispatch(List.of()), "engine"));
    }

    /// When someone has a place though nobody gives anything back.
    Optional<Instant> nextAlarm() {
        Instant first = null;
        for (var one : waiting.values()) {
            var next = next(one).orElse(null);
            first = next != null && (first == null || next.isBefore(first)) ? next : first;
        }
        for (var one : claiming.values()) {
            for (var id : one.backlogs().wanted()) {
                var next = next(one.hash(), one.team(), id).orElse(null);
                first = next != null && (first == null || next.isBefore(first)) ? next : first;
            }
        }
        return Optional.ofNullable(first);
    }

    /// Serves those for whom time alone was missing.
    void tick(Instant now) {
        latest = now;
        List.copyOf(waiting.entrySet()).stream()
                .filter(one -> next(one.getValue()).filter(at -> !at.isAfter(now)).isPresent())
                .forEach(one -> wake(one.getKey()));
        claims(now);
    }

    private Optional<Instant> next(Waiting one) {
        return one.agents().stream()
                .flatMap(id -> next(one.hash(), one.team(), id).stream())
                .min(Instant::compareTo);
    }

    private Optional<Instant> next(String hash, Team team, AgentId id) {
        return team.agent(id)
                .filter(Agent::needsPlace)
                .filter(present)
                .flatMap(agent -> places.next(hash, agent, team.terms(), latest));
    }

    /// Whether a run waits here, for a place or for someone who claims a task of it.
    boolean waits(StreamId run) {
        return waiting.containsKey(run)
                || claiming.values().stream().anyMatch(one -> one.backlogs().has(run));
    }
}
