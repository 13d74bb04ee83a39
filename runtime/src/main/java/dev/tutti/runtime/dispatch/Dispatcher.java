package dev.tutti.runtime.dispatch;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.quota.Machine;
import dev.tutti.runtime.quota.Meter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Hands out places at agents, with what their attempts need besides, and locks, shared by all runs
/// of one store.
///
/// A place is taken from the moment it is offered until the attempt has reported, whatever the run
/// thinks of the attempt by then. Who finds none free waits in line, holding nothing; in which
/// order those in line are served is said in [Queue]. Where a place could go to several lines, they
/// take turns. A task that needs locks gets all of them first, and a place then. People need no
/// place, and neither do runs of their own.
public final class Dispatcher {
    private final Places places;
    private final Map<LineKey, Line> lines = new HashMap<>();
    private final Set<Line> crowded = new LinkedHashSet<>();

    /// Lines that may be served with what was released.
    private final Set<Line> freed = new LinkedHashSet<>();

    private boolean released;

    /// Offers that became possible with locks that were released.
    private final List<Turn> free = new ArrayList<>();

    private final Turns<Line> lineTurns = new Turns<>(_ -> 1.0);
    private final Map<Grant, Held> grants = new HashMap<>();
    private final Map<StreamId, Integer> waitingOf = new HashMap<>();
    private final Locks locks = new Locks();
    private final Calls calls = new Calls();

    /// Tasks that need locks and were offered a place, until the offer is used or comes back.
    private final Set<Locks.Holder> offered = new LinkedHashSet<>();

    /// Who is left alone for failing, for those who look from outside.
    private final Map<AgentId, Instant> leftAlone = new ConcurrentHashMap<>();

    private final Predicate<Agent> present;
    private final Evidence evidence;
    private final ToDoubleFunction<TenantId> weights;
    private Consulting consulting = new Consulting(Chooser.NONE);
    private long arrivals;
    private Instant latest = Instant.EPOCH;

    /// A dispatcher of places at those agents that this process can perform.
    ///
    /// @param machine what attempts of agents that say what they need may have together
    /// @param weights how much of the places a tenant is to have, compared with the others
    public Dispatcher(
            Predicate<Agent> present,
            Evidence evidence,
            Machine machine,
            ToDoubleFunction<TenantId> weights) {
        this.present = present;
        this.evidence = evidence;
        places = new Places(machine);
        this.weights = weights;
    }

    /// A dispatcher to whom all tenants are alike, on a machine that is never short of anything.
    public Dispatcher(Predicate<Agent> present) {
        this(present, new Evidence(0), Machine.boundless(), _ -> 1.0);
    }

    /// Lets programs' own policies choose where tasks name one.
    ///
    /// @param chooser asks them
    public Dispatcher with(Chooser chooser) {
        consulting = new Consulting(chooser);
        return this;
    }

    /// The places at agents, whoever gives them away.
    public Places places() {
        return places;
    }

    /// Whether this process can perform an agent.
    public boolean isPresent(Agent agent) {
        return present.test(agent);
    }

    /// What the agents of a team can take on now, for who plans their work; empty where everybody
    /// is free.
    ///
    /// @param team hash of the team's definition
    /// @param planner who is told
    public Value.Struct capacity(String team, Team members, AgentId planner, Instant now) {
        return new Capacity(evidence, places.machine(), present, now)
                .of(members, planner, agent -> places.pool(team, agent, members.terms()));
    }

    /// What is known of agents.
    public Evidence evidence() {
        return evidence;
    }

    private record LineKey(
            String team,
            Performer performer,
            List<AgentId> excluded,
            List<AgentId> denied,
            @Nullable AgentId named) {

        private static LineKey of(Want want) {
            return new LineKey(
                    want.team(),
                    want.performer(),
                    want.excluded(),
                    want.denied(),
                    want.wish().choice().agent());
        }
    }

    private record Grant(StreamId run, long token) {}

    /// What an attempt has.
    private static final class Held {
        private final TaskId task;
        private final @Nullable Pool pool;

        /// Whether its first call is still to come, which was let through when it began.
        private boolean fresh;

        private Held(TaskId task, @Nullable Pool pool, boolean fresh) {
            this.task = task;
            this.pool = pool;
            this.fresh = fresh;
        }
    }

    /// A call that is let through.
    ///
    /// @param name what the attempt calls it
    public record Through(StreamId run, long token, String name) {}

    /// An offer that became possible for a task that waited.
    public record Turn(StreamId run, Offer offer) {}

    // ---- asking

    /// Sets locks and a place aside for a task, or puts the task in line.
    public Optional<Offer> offer(Want want, Team members, Instant now) {
        if (want.wish().choice().weighs()) {
            evidence.remember();
        }
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
        if (line.queue().isEmpty() && !released) {
            var offer = line.take(want, now);
            if (offer.isPresent()) {
                line.queue().passed(want);
                return offer;
            }
        }
        line.queue().add(new Queue.Waiting(want, arrivals++));
        crowded.add(line);
        if (released) {
            freed.add(line);
        }
        waitingOf.merge(want.run(), 1, Integer::sum);
        return Optional.empty();
    }

    private Line line(Want want, Team members) {
        var key = LineKey.of(want);
        var line = lines.get(key);
        if (line == null) {
            line = open(key, members);
            lines.put(key, line);
        }
        return line;
    }

    private Line open(LineKey key, Team members) {
        var sieve = new Sieve(members.agents());
        if (key.performer() instanceof Performer.BySkill(var skill, var require, _)) {
            sieve.keep(Choosing.Reason.SKILL, agent -> agent.skills().contains(skill));
            sieve.keep(Choosing.Reason.VERSION, agent -> require.current(agent, skill));
            sieve.keep(Choosing.Reason.LABELS, require::labelled);
        }
        sieve.keep(Choosing.Reason.NAMED, agent -> Match.can(agent, key.performer()));
        sieve.keep(Choosing.Reason.POLICY, agent -> !key.denied().contains(agent.id()));
        sieve.keep(Choosing.Reason.ATTEMPTED, agent -> !key.excluded().contains(agent.id()));
        sieve.keep(
                Choosing.Reason.NAMED,
                agent -> key.named() == null || agent.id().equals(key.named()));
        sieve.keep(Choosing.Reason.ABSENT, agent -> !agent.needsPlace() || present.test(agent));
        var agents = sieve.left();
        var of =
                agents.stream()
                        .map(agent -> places.pool(key.team(), agent, members.terms()))
                        .toList();
        var line =
                new Line(
                        of,
                        members.terms().worth(),
                        () -> evidence.panel(agents, key.performer()),
                        new Queue(weights),
                        sieve.filters(),
                        consulting);
        of.forEach(pool -> pool.lines().add(line));
        return line;
    }

    // ---- having

    /// The offer was used: what it offers belongs to the attempt until it reports.
    public void grant(StreamId run, long token, String team, Offer offer) {
        var agent = offer.agent();
        offered.remove(new Locks.Holder(run, offer.task()));
        grants.put(
                new Grant(run, token),
                new Held(offer.task(), agent == null ? null : places.known(team, agent), true));
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
            Terms terms,
            @Nullable Agent agent,
            List<String> held) {
        if (grants.containsKey(new Grant(run, token))) {
            return;
        }
        var pool = agent == null ? null : places.pool(team, agent, terms);
        if (pool != null) {
            pool.hold();
        }
        grants.put(new Grant(run, token), new Held(task, pool, false));
        locks.hold(new Locks.Holder(run, task), held);
    }

    /// The offer was not used.
    public List<Turn> giveBack(StreamId run, String team, Offer offer, Instant now) {
        var agent = offer.agent();
        offered.remove(new Locks.Holder(run, offer.task()));
        var turns = new ArrayList<Turn>();
        if (agent != null) {
            var pool = places.known(team, agent);
            pool.undo();
            places.changed();
            turns.addAll(fill(served(pool), now));
        }
        if (locks.anyOf(run) && !needsLocks(run, offer.task())) {
            turns.addAll(unlocked(locks.release(run, offer.task()), now));
        }
        return turns;
    }

    /// A place that was set aside for an agent that bid or claimed is not needed after all: those
    /// in line for it are served next.
    public void giveBack(String team, Agent agent) {
        var pool = places.known(team, agent);
        pool.undo();
        freed.addAll(served(pool));
    }

    /// Whether the locks of a task are still needed: one attempt shares them with the next, which
    /// may be at work, offered a place, or in line for one, before the one that was stopped has
    /// reported.
    private boolean needsLocks(StreamId run, TaskId task) {
        return offered.contains(new Locks.Holder(run, task))
                || grants.entrySet().stream()
                        .anyMatch(grant ->
                                grant.getKey().run().equals(run)
                                        && grant.getValue().task.equals(task))
                || (waitingOf.containsKey(run)
                        && crowded.stream()
                                .flatMap(line -> line.queue().of(run))
                                .anyMatch(want -> want.task().equals(task)));
    }

    /// An attempt under way is about to call somebody outside: its first call was let through when
    /// it began, another takes what the quotas of its agent let through, or waits for that.
    ///
    /// @param name what the attempt calls it, unlike any other call of its own that waits
    /// @return whether it may call now; otherwise [#through] says so later
    public boolean call(StreamId run, long token, String name, Instant now) {
        var held = grants.get(new Grant(run, token));
        if (held == null || held.pool == null || held.pool.meters().isEmpty()) {
            return true;
        }
        if (held.fresh) {
            held.fresh = false;
            return true;
        }
        return calls.take(new Calls.Call(run, token, name), held.pool.meters(), now);
    }

    /// A program's own policy has answered, or it is known that it will not: who waited for that
    /// has a place, if one is left.
    public List<Turn> answered(Chooser.Answer answer, Instant now) {
        var line = consulting.answered(answer).orElse(null);
        return line == null ? List.of() : fill(List.of(line), now);
    }

    /// Lets calls through that waited, as far as time has come.
    public List<Through> through(Instant now) {
        latest = now;
        if (calls.isEmpty()) {
            return List.of();
        }
        var served = calls.serve(now);
        if (!served.isEmpty()) {
            freed.addAll(crowded);
        }
        return served.stream()
                .map(call -> new Through(call.run(), call.token(), call.name()))
                .toList();
    }

    /// What a call of an attempt under way really took.
    public void called(StreamId run, long token, Usage used) {
        var held = grants.get(new Grant(run, token));
        if (held != null && held.pool != null) {
            for (var meter : held.pool.meters()) {
                meter.used(1, used.inputTokens() + used.outputTokens());
            }
        }
    }

    /// Whoever an attempt called wants to be left alone, by everybody who shares its quotas.
    public void leaveAlone(StreamId run, long token, Instant until) {
        var held = grants.get(new Grant(run, token));
        if (held != null && held.pool != null) {
            held.pool.meters().stream()
                    .filter(Meter::isRate)
                    .forEach(meter -> meter.leaveAlone(until));
        }
    }

    /// The attempt has reported: what it had goes to the next in line, once those are in line whom
    /// its report makes ready. See [#serve].
    public void release(StreamId run, long token, Instant now) {
        var held = grants.remove(new Grant(run, token));
        if (held == null) {
            return;
        }
        if (!calls.isEmpty()) {
            calls.forget(run, token);
        }
        if (held.pool != null) {
            held.pool.giveBack();
            places.changed();
            freed.addAll(served(held.pool));
            released = true;
        }
        if (!locks.anyOf(run) || !needsLocks(run, held.task)) {
            unlocked(locks.release(run, held.task), now).forEach(free::add);
        }
    }

    /// Serves those in line with what was released.
    public List<Turn> serve(Instant now) {
        released = false;
        if (freed.isEmpty() && free.isEmpty()) {
            return List.of();
        }
        var turns = new ArrayList<>(free);
        free.clear();
        var some = List.copyOf(freed);
        freed.clear();
        turns.addAll(fill(some, now));
        return turns;
    }

    private List<Turn> unlocked(List<Want> wants, Instant now) {
        var turns = new ArrayList<Turn>();
        for (var want : wants) {
            var line = lines.get(LineKey.of(want));
            if (line != null) {
                place(want, line, now).ifPresent(offer -> turns.add(new Turn(want.run(), offer)));
            }
        }
        return turns;
    }

    /// How an attempt at the agent went, for better or worse. When it was left alone and went well,
    /// those who waited for it have their turn.
    public List<Turn> noted(String team, AgentId agent, boolean well, Instant now) {
        var pool = places.find(team, agent).orElse(null);
        if (pool == null) {
            return List.of();
        }
        if (!well) {
            pool.circuit().failed(now);
            var until = pool.circuit().openUntil();
            if (until != null) {
                leftAlone.put(agent, until);
            }
            return List.of();
        }
        boolean wasOpen = pool.circuit().openUntil() != null;
        pool.circuit().succeeded();
        if (wasOpen) {
            leftAlone.remove(agent);
        }
        places.changed();
        return wasOpen ? fill(served(pool), now) : List.of();
    }

    /// Until when an agent is left alone for failing, which may have passed; empty where it is not.
    /// It may be asked from any thread.
    public Optional<Instant> leftAlone(AgentId agent) {
        return Optional.ofNullable(leftAlone.get(agent));
    }

    // ---- leaving

    /// The run wants nothing more than what its attempts have, and what it was just offered: that
    /// it either uses or gives back.
    public List<Turn> forget(StreamId run, Instant now) {
        consulting.forget(run);
        if (waitingOf.remove(run) != null) {
            crowded.forEach(line -> line.queue().remove(run));
            crowded.removeIf(line -> line.queue().isEmpty());
        }
        var atWork = new LinkedHashSet<TaskId>();
        if (locks.anyOf(run)) {
            grants.forEach((grant, held) -> {
                if (grant.run().equals(run)) {
                    atWork.add(held.task);
                }
            });
            offered.stream()
                    .filter(one -> one.run().equals(run))
                    .forEach(one -> atWork.add(one.task()));
        }
        return unlocked(locks.forget(run, atWork), now);
    }

    /// Sends everyone in line away: places that become free stay free.
    public void sendAway() {
        crowded.forEach(line -> line.queue().clear());
        crowded.clear();
        locks.sendAway();
        consulting.clear();
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

    /// When someone in line can be served though nobody gives anything back: an agent that failed
    /// too often is tried again, or a quota lets the next through.
    public Optional<Instant> nextAlarm() {
        Instant first = calls.next(latest).orElse(null);
        for (var line : crowded) {
            if (isConsulting(line)) {
                continue;
            }
            for (var pool : line.pools()) {
                var next = pool.next(latest).orElse(null);
                if (next != null && (first == null || next.isBefore(first))) {
                    first = next;
                }
            }
        }
        return Optional.ofNullable(first);
    }

    /// Serves those in line for whom time alone was missing.
    public List<Turn> wake(Instant now) {
        latest = now;
        if (crowded.isEmpty()) {
            return List.of();
        }
        var due = new ArrayList<Line>();
        for (var line : crowded) {
            if (!isConsulting(line)
                    && line.pools().stream()
                            .anyMatch(pool ->
                                    pool.next(now)
                                            .filter(next -> !next.isAfter(now))
                                            .isPresent())) {
                due.add(line);
            }
        }
        return fill(due, now);
    }

    /// Whether the first in line waits for the answer of a program's own policy, and for no time.
    private boolean isConsulting(Line line) {
        return consulting.waits(line, line.queue().first().want());
    }

    /// Serves whoever can be served now: something has changed for all of them.
    public List<Turn> allMay(Instant now) {
        return fill(List.copyOf(crowded), now);
    }

    /// The lines that what an agent gives back may serve: its own, and where it shares something
    /// with others, theirs.
    private Collection<Line> served(Pool pool) {
        return pool.shares() ? List.copyOf(crowded) : pool.lines();
    }

    private List<Turn> fill(Collection<Line> some, Instant now) {
        var turns = new ArrayList<Turn>();
        var left = new ArrayList<Line>();
        for (var line : some) {
            if (!line.queue().isEmpty()) {
                left.add(line);
            }
        }
        while (!left.isEmpty()) {
            var line = first(left);
            var want = line.queue().first().want();
            var offer = line.take(want, now);
            if (offer.isPresent()) {
                line.queue().remove();
                lineTurns.served(line, lineTurns.next(line));
                waitingOf.computeIfPresent(want.run(), (_, n) -> n == 1 ? null : n - 1);
                note(want);
                turns.add(new Turn(want.run(), offer.get()));
            }
            if (line.queue().isEmpty()) {
                crowded.remove(line);
                left.remove(line);
            } else if (offer.isEmpty()) {
                left.remove(line);
            }
        }
        return turns;
    }

    private Line first(List<Line> some) {
        var first = some.getFirst();
        for (var line : some) {
            if (goesBefore(line, first)) {
                first = line;
            }
        }
        return first;
    }

    /// Tasks of one run go by the order of the run; others as it is their line's turn.
    private boolean goesBefore(Line one, Line other) {
        var mine = one.queue().first();
        var yours = other.queue().first();
        if (mine.want().run().equals(yours.want().run())) {
            int order = Want.ORDER.compare(mine.want(), yours.want());
            return order == 0 ? mine.arrival() < yours.arrival() : order < 0;
        }
        int turn = Double.compare(lineTurns.next(one), lineTurns.next(other));
        return turn == 0 ? mine.arrival() < yours.arrival() : turn < 0;
    }
}
