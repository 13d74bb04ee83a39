package dev.tutti.runtime.dispatch;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
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

/// Hands out places at agents, and locks, shared by all runs of one store.
///
/// A place is taken from the moment it is offered until the attempt has reported, whatever the run
/// thinks of the attempt by then. Who finds none free waits in line, and is offered the next one in
/// the order of asking; no one is offered a place for which another waits. Among free agents the
/// turn goes round. A task that needs locks gets all of them first, and a place then. People need
/// no place, and neither do runs of their own.
public final class Dispatcher {
    /// Candidates recorded with an offer, at most: enough to explain it.
    private static final int MOST_CANDIDATES = 8;

    private final Map<PoolKey, Pool> pools = new HashMap<>();
    private final Map<LineKey, Line> lines = new HashMap<>();
    private final Map<Grant, Held> grants = new HashMap<>();
    private final Map<StreamId, Integer> waitingOf = new HashMap<>();
    private final Locks locks = new Locks();

    /// Tasks that need locks and were offered a place, until the offer is used or comes back.
    private final Set<Locks.Holder> offered = new LinkedHashSet<>();

    private final Predicate<Agent> present;
    private long arrivals;

    /// A dispatcher of places at those agents that this process can perform.
    public Dispatcher(Predicate<Agent> present) {
        this.present = present;
    }

    private record PoolKey(String team, String agent) {}

    private record LineKey(String team, Performer performer, List<AgentId> excluded) {}

    private record Grant(StreamId run, long token) {}

    /// What an attempt has.
    private record Held(TaskId task, @Nullable Pool pool) {}

    /// A task in line.
    private record Waiting(Want want, long arrival) {}

    /// An offer that became possible for a task that waited.
    public record Turn(StreamId run, Offer offer) {}

    /// The places of one agent.
    private static final class Pool {
        private final Agent agent;
        private final Set<Line> lines = new LinkedHashSet<>();
        private final Circuit circuit = new Circuit();
        private int taken;

        private Pool(Agent agent) {
            this.agent = agent;
        }

        private boolean free(Instant now) {
            return !agent.needsPlace()
                    || (taken < agent.limits().concurrency() && circuit.lets(now, taken));
        }

        private @Nullable String excluded(Instant now) {
            if (free(now)) {
                return null;
            }
            return circuit.lets(now, taken)
                    ? "all its places are taken"
                    : "it failed too often; tried again at " + circuit.openUntil();
        }

        private boolean counts() {
            return agent.needsPlace();
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

    // ---- asking

    /// Sets locks and a place aside for a task, or puts the task in line.
    public Optional<Offer> offer(Want want, Team members, Instant now) {
        var line = line(want, members);
        return locks.take(want) ? place(want, line, now) : Optional.empty();
    }

    private Optional<Offer> place(Want want, Line line, Instant now) {
        var offer = placeOf(want, line, now);
        if (offer.isPresent()) {
            note(want);
        }
        return offer;
    }

    private void note(Want want) {
        if (!want.locks().isEmpty()) {
            offered.add(new Locks.Holder(want.run(), want.task()));
        }
    }

    private Optional<Offer> placeOf(Want want, Line line, Instant now) {
        if (want.performer() instanceof Performer.ByWorkflow) {
            return Optional.of(new Offer(want.task(), null, List.of()));
        }
        if (line.waiting.isEmpty()) {
            var offer = take(line, want, now);
            if (offer.isPresent()) {
                return offer;
            }
        }
        line.waiting.add(new Waiting(want, arrivals++));
        waitingOf.merge(want.run(), 1, Integer::sum);
        return Optional.empty();
    }

    private Line line(Want want, Team members) {
        return lines.computeIfAbsent(
                new LineKey(want.team(), want.performer(), want.excluded()),
                key -> open(key, members));
    }

    private Line open(LineKey key, Team members) {
        var line =
                new Line(
                        Match.capable(members.agents(), key.performer()).stream()
                                .filter(agent -> !key.excluded().contains(agent.id()))
                                .filter(agent -> !agent.needsPlace() || present.test(agent))
                                .map(agent ->
                                        pools.computeIfAbsent(
                                                new PoolKey(key.team(), agent.id().value()),
                                                _ -> new Pool(agent)))
                                .toList());
        line.pools.forEach(pool -> pool.lines.add(line));
        return line;
    }

    private static Optional<Offer> take(Line line, Want want, Instant now) {
        int count = line.pools.size();
        for (int i = 0; i < count; i++) {
            if (line.pools.get(i).agent.id().equals(want.preferred())
                    && line.pools.get(i).free(now)) {
                return Optional.of(take(line, want.task(), i, i, now));
            }
        }
        for (int i = 0; i < count; i++) {
            int place = (line.turn + i) % count;
            if (line.pools.get(place).free(now)) {
                var offer = take(line, want.task(), line.turn, place, now);
                line.turn = (place + 1) % count;
                return Optional.of(offer);
            }
        }
        return Optional.empty();
    }

    private static Offer take(Line line, TaskId task, int first, int place, Instant now) {
        var candidates = candidates(line, first, now);
        var pool = line.pools.get(place);
        pool.taken += pool.counts() ? 1 : 0;
        return new Offer(task, pool.agent, candidates);
    }

    /// In the order in which they are asked; the score says who was nearer.
    private static List<Candidate> candidates(Line line, int first, Instant now) {
        int count = line.pools.size();
        var candidates = new ArrayList<Candidate>(Math.min(count, MOST_CANDIDATES));
        for (int i = 0; i < count && i < MOST_CANDIDATES; i++) {
            var pool = line.pools.get((first + i) % count);
            candidates.add(
                    new Candidate(pool.agent.id(), 1.0 - (double) i / count, pool.excluded(now)));
        }
        return candidates;
    }

    // ---- having

    /// The offer was used: what it offers belongs to the attempt until it reports.
    public void grant(StreamId run, long token, String team, Offer offer) {
        var agent = offer.agent();
        offered.remove(new Locks.Holder(run, offer.task()));
        grants.put(
                new Grant(run, token),
                new Held(offer.task(), agent == null ? null : pool(team, agent)));
    }

    /// The attempt was under way when its run was loaded: it has its place, and its locks, until it
    /// reports.
    ///
    /// @param agent whose place it is, or null
    public void hold(
            StreamId run,
            long token,
            TaskId task,
            String team,
            @Nullable Agent agent,
            List<String> held) {
        if (grants.containsKey(new Grant(run, token))) {
            return;
        }
        var pool =
                agent == null
                        ? null
                        : pools.computeIfAbsent(
                                new PoolKey(team, agent.id().value()), _ -> new Pool(agent));
        if (pool != null && pool.counts()) {
            pool.taken++;
        }
        grants.put(new Grant(run, token), new Held(task, pool));
        locks.hold(new Locks.Holder(run, task), held);
    }

    /// The offer was not used.
    public List<Turn> giveBack(StreamId run, String team, Offer offer, Instant now) {
        var agent = offer.agent();
        offered.remove(new Locks.Holder(run, offer.task()));
        var turns = agent == null ? new ArrayList<Turn>() : free(pool(team, agent), now);
        if (locks.anyOf(run) && !needsLocks(run, offer.task())) {
            turns.addAll(unlocked(locks.release(run, offer.task()), now));
        }
        return turns;
    }

    /// Whether the locks of a task are still needed: one attempt shares them with the next, which
    /// may be at work, offered a place, or in line for one, before the one that was stopped has
    /// reported.
    private boolean needsLocks(StreamId run, TaskId task) {
        return offered.contains(new Locks.Holder(run, task))
                || grants.entrySet().stream()
                        .anyMatch(grant ->
                                grant.getKey().run().equals(run)
                                        && grant.getValue().task().equals(task))
                || (waitingOf.containsKey(run)
                        && lines.values().stream()
                                .flatMap(line -> line.waiting.stream())
                                .map(Waiting::want)
                                .anyMatch(want ->
                                        want.run().equals(run) && want.task().equals(task)));
    }

    /// The attempt has reported: what it had goes to the next in line, whom this names.
    public List<Turn> release(StreamId run, long token, Instant now) {
        var held = grants.remove(new Grant(run, token));
        if (held == null) {
            return List.of();
        }
        var turns = held.pool == null ? new ArrayList<Turn>() : free(held.pool, now);
        if (!locks.anyOf(run) || !needsLocks(run, held.task)) {
            turns.addAll(unlocked(locks.release(run, held.task), now));
        }
        return turns;
    }

    private List<Turn> unlocked(List<Want> wants, Instant now) {
        var turns = new ArrayList<Turn>();
        for (var want : wants) {
            var line = lines.get(new LineKey(want.team(), want.performer(), want.excluded()));
            if (line != null) {
                place(want, line, now).ifPresent(offer -> turns.add(new Turn(want.run(), offer)));
            }
        }
        return turns;
    }

    /// How an attempt at the agent went, for better or worse. When it was left alone and went well,
    /// those who waited for it have their turn.
    public List<Turn> noted(String team, AgentId agent, boolean well, Instant now) {
        var pool = pools.get(new PoolKey(team, agent.value()));
        if (pool == null) {
            return List.of();
        }
        if (!well) {
            pool.circuit.failed(now);
            return List.of();
        }
        boolean wasOpen = pool.circuit.openUntil() != null;
        pool.circuit.succeeded();
        return wasOpen ? fill(pool, now) : List.of();
    }

    // ---- leaving

    /// The run wants nothing more than what its attempts have.
    public List<Turn> forget(StreamId run, Instant now) {
        if (waitingOf.remove(run) != null) {
            lines.values()
                    .forEach(line ->
                            line.waiting.removeIf(waiting -> waiting.want().run().equals(run)));
        }
        var atWork = new LinkedHashSet<TaskId>();
        if (locks.anyOf(run)) {
            grants.forEach((grant, held) -> {
                if (grant.run().equals(run)) {
                    atWork.add(held.task);
                }
            });
        }
        return unlocked(locks.forget(run, atWork), now);
    }

    /// Sends everyone in line away: places that become free stay free.
    public void sendAway() {
        lines.values().forEach(line -> line.waiting.clear());
        locks.sendAway();
        waitingOf.clear();
    }

    /// The task that holds a lock, or empty when nobody does.
    public Optional<Lock> holder(String lock) {
        return locks.holder(lock).map(held -> new Lock(held.run(), held.task()));
    }

    /// A lock in the hands of a task.
    public record Lock(StreamId run, TaskId task) {}

    /// Whether a task of the run is in line.
    public boolean waits(StreamId run) {
        return waitingOf.containsKey(run) || locks.waits(run);
    }

    // ---- time

    /// When an agent that failed too often is tried again, if anyone waits for it. While an attempt
    /// is under way that shows how it is now, its end is what is waited for.
    public Optional<Instant> nextAlarm() {
        return pools.values().stream()
                .filter(pool -> pool.taken == 0)
                .filter(pool -> pool.lines.stream().anyMatch(line -> !line.waiting.isEmpty()))
                .map(pool -> pool.circuit.openUntil())
                .filter(until -> until != null)
                .min(Comparator.naturalOrder());
    }

    /// Offers places at agents that may be tried again.
    public List<Turn> wake(Instant now) {
        var turns = new ArrayList<Turn>();
        for (var pool : pools.values()) {
            var until = pool.circuit.openUntil();
            if (until != null && !now.isBefore(until)) {
                turns.addAll(fill(pool, now));
            }
        }
        return turns;
    }

    private Pool pool(String team, Agent agent) {
        var pool = pools.get(new PoolKey(team, agent.id().value()));
        if (pool == null) {
            throw new IllegalStateException("no agent " + agent.id() + " was offered");
        }
        return pool;
    }

    private List<Turn> free(Pool pool, Instant now) {
        pool.taken -= pool.counts() ? 1 : 0;
        return fill(pool, now);
    }

    private List<Turn> fill(Pool pool, Instant now) {
        var turns = new ArrayList<Turn>();
        while (pool.free(now)) {
            var line = longestWaiting(pool);
            if (line == null) {
                break;
            }
            var next = line.waiting.remove().want();
            waitingOf.computeIfPresent(next.run(), (_, n) -> n == 1 ? null : n - 1);
            take(line, next, now)
                    .ifPresent(offer -> {
                        note(next);
                        turns.add(new Turn(next.run(), offer));
                    });
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
