package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.quota.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// What the agents of a team can take on now, for who plans their work: those that have something
/// under way, or cannot be given anything, with the time until they can. Who is not named is free.
///
/// Times are guesses, but for those that follow from a rate or a breaker: what attempts took
/// lately, over the places there are, with those in line before.
final class Capacity {
    /// The most agents that are told of: those that cannot be given anything come first.
    static final int MOST = 200;

    /// What an attempt is taken to take where nothing is known of it.
    private static final double UNKNOWN_SECONDS = 10;

    private final Evidence evidence;
    private final Machine machine;
    private final Predicate<Agent> present;
    private final Instant now;

    Capacity(Evidence evidence, Machine machine, Predicate<Agent> present, Instant now) {
        this.evidence = evidence;
        this.machine = machine;
        this.present = present;
        this.now = now;
    }

    /// An object with `agents`, `quotas` and `node`, each where there is something to say; empty
    /// where everybody is free.
    ///
    /// @param planner who is told, and is not given tasks
    Value.Struct of(Team team, AgentId planner, Function<Agent, Pool> pools) {
        var waiting = new LinkedHashMap<String, Value>();
        var busy = new LinkedHashMap<String, Value>();
        var quotas = new LinkedHashMap<String, Value>();
        boolean shares = false;
        for (var agent : team.agents()) {
            if (agent.id().equals(planner) || !agent.needsPlace()) {
                continue;
            }
            var pool = pools.apply(agent);
            boolean free = present.test(agent) && pool.free(now);
            if (!free || pool.taken() > 0) {
                (free ? busy : waiting).put(agent.id().value(), agent(agent, pool));
            }
            var needs = team.terms().of(agent.id());
            shares |= needs.cpu() > 0 || needs.memory() > 0;
            for (var meter : pool.meters()) {
                meter.told(now).ifPresent(told -> quotas.put(meter.quota().name(), told));
            }
        }
        waiting.putAll(busy);
        while (waiting.size() > MOST) {
            waiting.pollLastEntry();
        }
        var fields = new LinkedHashMap<String, Value>();
        if (!waiting.isEmpty()) {
            fields.put("agents", new Value.Struct(waiting));
        }
        if (!quotas.isEmpty()) {
            fields.put("quotas", new Value.Struct(quotas));
        }
        var left = machine.left();
        if (shares && left.isPresent()) {
            fields.put("node", left.get());
        }
        return new Value.Struct(fields);
    }

    private Value agent(Agent agent, Pool pool) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("free", Value.of(present.test(agent) ? pool.spare(now) : 0));
        fields.put("places", Value.of(pool.places()));
        var why = present.test(agent) ? pool.excluded(now) : "nobody performs it in this process";
        if (why != null) {
            fields.put("why", Value.text(why));
            wait(agent, pool).ifPresent(wait -> fields.put("wait", seconds(wait)));
        }
        return new Value.Struct(fields);
    }

    /// In seconds, to a tenth.
    static Value seconds(double seconds) {
        return new Value.Real(Math.round(Math.max(0, seconds) * 10) / 10.0);
    }

    /// How long it is until a task that is planned now has a place; empty where nobody can say.
    private Optional<Double> wait(Agent agent, Pool pool) {
        if (!present.test(agent) || !pool.isAble()) {
            return Optional.empty();
        }
        var alone = pool.next(now).orElse(null);
        if (alone != null) {
            return Optional.of(Duration.between(now, alone).toMillis() / 1_000.0);
        }
        double line = 0;
        for (var one : pool.lines()) {
            line += one.queue().size() / rate(one);
        }
        return Optional.of(seconds(agent) / Math.max(1, pool.taken()) + line);
    }

    /// How many of those in a line are served in a second.
    private double rate(Line line) {
        double rate = 0;
        for (var pool : line.pools()) {
            rate += pool.isAble() ? pool.places() / seconds(pool.agent()) : 0;
        }
        return Math.max(rate, 1e-6);
    }

    private double seconds(Agent agent) {
        double sum = 0;
        int known = 0;
        for (var skill : agent.skills()) {
            var time = evidence.standing(agent, new Performer.BySkill(skill)).time();
            if (time.isPositive()) {
                sum += time.toMillis() / 1_000.0;
                known++;
            }
        }
        return known == 0 ? UNKNOWN_SECONDS : sum / known;
    }
}
