package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.quota.Machine;
import dev.tutti.runtime.quota.Meter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The places at the agents of one store, and what their attempts need besides. Says who has one,
/// and never who is to get it.
public final class Places {
    private final Map<Key, Pool> pools = new HashMap<>();
    private final Map<String, Meter> meters = new TreeMap<>();
    private final Machine machine;
    private Switches switches = new Switches();
    private long changes;

    private record Key(String team, AgentId agent) {}

    Places(Machine machine) {
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    Pool pool(String team, Agent agent, Terms terms) {
        return pools.computeIfAbsent(
                new Key(team, agent.id()),
                _ -> {
                    var needs = terms.of(agent.id());
                    var own = new ArrayList<Meter>();
                    for (var name : needs.quotas()) {
                        terms.quota(name).ifPresent(quota -> own.add(meter(quota)));
                    }
                    return new Pool(agent, needs, own, machine, switches.isOff(agent.id()));
                });
    }

    /// Which agents are switched off, to begin with.
    public void set(Switches off) {
        switches = off;
        pools.forEach((key, pool) -> pool.switched(!off.isOff(key.agent())));
    }

    /// A person switches an agent.
    ///
    /// @param request under which it was asked
    /// @return whether it is carried out now, and was not before
    public boolean switched(Switched fact, Instant at, String by, String request) {
        if (switches.knows(request)) {
            return false;
        }
        switches.fold(fact, at, by, request);
        pools.forEach((key, pool) -> {
            if (key.agent().equals(fact.agent())) {
                pool.switched(fact.on());
            }
        });
        changes++;
        return true;
    }

    /// Whether an agent is switched off.
    public boolean isOff(AgentId agent) {
        return switches.isOff(agent);
    }

    /// The latest team to name a quota says how much it is.
    private Meter meter(Terms.Quota quota) {
        var meter = meters.computeIfAbsent(quota.name(), _ -> new Meter(quota));
        meter.limit(quota);
        return meter;
    }

    Optional<Pool> find(String team, AgentId agent) {
        return Optional.ofNullable(pools.get(new Key(team, agent)));
    }

    Pool known(String team, Agent agent) {
        return find(team, agent.id())
                .orElseThrow(
                        () -> new IllegalStateException("no agent " + agent.id() + " was offered"));
    }

    /// Something may be free that was not.
    public void changed() {
        changes++;
    }

    /// Grows whenever something may be free that was not.
    public long changes() {
        return changes;
    }

    /// Takes a place with all that an attempt needs, if all of it is free now.
    ///
    /// @param team hash of the team's definition
    public boolean take(String team, Agent agent, Terms terms, Instant now) {
        var pool = pool(team, agent, terms);
        if (!pool.free(now)) {
            return false;
        }
        pool.take();
        return true;
    }

    /// How many attempts an agent has under way.
    public int busy(String team, Agent agent, Terms terms) {
        return pool(team, agent, terms).taken();
    }

    /// When an agent has a place though nobody gives anything back; empty where somebody must.
    public Optional<Instant> next(String team, Agent agent, Terms terms, Instant now) {
        return pool(team, agent, terms).next(now);
    }
}
