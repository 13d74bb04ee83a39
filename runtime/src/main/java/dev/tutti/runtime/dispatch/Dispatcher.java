package dev.tutti.runtime.dispatch;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Hands out places at agents, shared by all runs of one store.
///
/// A place is taken from the moment it is offered until the attempt has reported, whatever the run
/// thinks of the attempt by then. Who finds none free waits in line, and is offered the next one in
/// the order of asking; no one is offered a place for which another waits. Among free agents the
/// turn goes round.
public final class Dispatcher {
    /// Candidates recorded with an offer, at most: enough to explain it.
    private static final int MOST_CANDIDATES = 8;

    private final Map<PoolKey, Pool> pools = new HashMap<>();
    private final Map<LineKey, Line> lines = new HashMap<>();
    private final Map<Grant, Pool> grants = new HashMap<>();
    private final Map<StreamId, Integer> waitingOf = new HashMap<>();
    private final Predicate<Agent> present;
    private long arrivals;

    /// A dispatcher of places at those agents that this process can perform.
    public Dispatcher(Predicate<Agent> present) {
        this.present = present;
    }

    private record PoolKey(String team, String agent) {}

    private record LineKey(String team, Performer performer) {}

    private record Grant(StreamId run, long token) {}

    /// A task in line.
    private record Waiting(StreamId run, TaskId task, long arrival) {}

    /// An offer that became possible for a task that waited.
    public record Turn(StreamId run, Offer offer) {}

    /// The places of one agent.
    private static final class Pool {
        private final Agent agent;
        private final Set<Line> lines = new LinkedHashSet<>();
        private int taken;

        private Pool(Agent agent) {
            this.agent = agent;
        }

        private boolean free() {
            return taken < agent.limits().concurrency();
        }
    }

    /// Those that wait for the same kind of place.
    private static final class Line {
        private final List<Pool> pools;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int turn;

        private Line(List<Pool> pools) {
            this.pools = pools;
        }
    }

    /// Sets a place aside for a task, or puts the task in line.
    ///
    /// @param team hash of the team's definition: runs of one definition share its agents
    public Optional<Offer> offer(
            StreamId run, TaskId task, Performer performer, String team, Team members) {
        var line = lines.computeIfAbsent(new LineKey(team, performer), key -> open(key, members));
        if (line.waiting.isEmpty()) {
            var offer = take(line, task);
            if (offer.isPresent()) {
                return offer;
            }
        }
        line.waiting.add(new Waiting(run, task, arrivals++));
        waitingOf.merge(run, 1, Integer::sum);
        return Optional.empty();
    }

    private Line open(LineKey key, Team members) {
        var line =
                new Line(
                        Match.capable(members.agents(), key.performer()).stream()
                                .filter(present)
                                .map(agent ->
                                        pools.computeIfAbsent(
                                                new PoolKey(key.team(), agent.id().value()),
                                                _ -> new Pool(agent)))
                                .toList());
        line.pools.forEach(pool -> pool.lines.add(line));
        return line;
    }

    private static Optional<Offer> take(Line line, TaskId task) {
        int count = line.pools.size();
        for (int i = 0; i < count; i++) {
            var pool = line.pools.get((line.turn + i) % count);
            if (pool.free()) {
                var candidates = candidates(line);
                pool.taken++;
                line.turn = (line.turn + i + 1) % count;
                return Optional.of(
                        new Offer(
                                task, pool.agent.id(), candidates, pool.agent.limits().timeout()));
            }
        }
        return Optional.empty();
    }

    /// In the order of their turns; the score says who was nearer.
    private static List<Candidate> candidates(Line line) {
        int count = line.pools.size();
        var candidates = new ArrayList<Candidate>(Math.min(count, MOST_CANDIDATES));
        for (int i = 0; i < count && i < MOST_CANDIDATES; i++) {
            var pool = line.pools.get((line.turn + i) % count);
            candidates.add(
                    new Candidate(
                            pool.agent.id(),
                            1.0 - (double) i / count,
                            pool.free() ? null : "all its places are taken"));
        }
        return candidates;
    }

    /// The offer was used: the place belongs to the attempt until it reports.
    public void grant(StreamId run, long token, String team, Offer offer) {
        grants.put(new Grant(run, token), pool(team, offer));
    }

    /// The attempt was under way when its run was loaded: it has its place until it reports.
    public void hold(StreamId run, long token, String team, Agent agent) {
        var pool =
                pools.computeIfAbsent(new PoolKey(team, agent.id().value()), _ -> new Pool(agent));
        pool.taken++;
        grants.put(new Grant(run, token), pool);
    }

    /// The offer was not used.
    public List<Turn> giveBack(String team, Offer offer) {
        return free(pool(team, offer));
    }

    /// The attempt has reported: its place goes to the next in line, whom this names.
    public List<Turn> release(StreamId run, long token) {
        var pool = grants.remove(new Grant(run, token));
        return pool == null ? List.of() : free(pool);
    }

    /// The run wants no more places.
    public void forget(StreamId run) {
        if (waitingOf.remove(run) != null) {
            lines.values()
                    .forEach(line -> line.waiting.removeIf(waiting -> waiting.run().equals(run)));
        }
    }

    /// Sends everyone in line away: places that become free stay free.
    public void sendAway() {
        lines.values().forEach(line -> line.waiting.clear());
        waitingOf.clear();
    }

    /// Whether a task of the run is in line.
    public boolean waits(StreamId run) {
        return waitingOf.containsKey(run);
    }

    private Pool pool(String team, Offer offer) {
        var pool = pools.get(new PoolKey(team, offer.agent().value()));
        if (pool == null) {
            throw new IllegalStateException("no agent " + offer.agent() + " was offered");
        }
        return pool;
    }

    private List<Turn> free(Pool pool) {
        pool.taken--;
        var turns = new ArrayList<Turn>();
        while (pool.free()) {
            var line = longestWaiting(pool);
            if (line == null) {
                break;
            }
            var next = line.waiting.remove();
            waitingOf.computeIfPresent(next.run(), (_, n) -> n == 1 ? null : n - 1);
            take(line, next.task()).ifPresent(offer -> turns.add(new Turn(next.run(), offer)));
        }
        return turns;
    }

    private static @Nullable Line longestWaiting(Pool pool) {
        return pool.lines.stream()
                .filter(line -> !line.waiting.isEmpty())
                .min(Comparator.comparingLong(line -> line.waiting.element().arrival()))
                .orElse(null);
    }
}
