package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.quota.Machine;
import dev.tutti.runtime.quota.Meter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The places of one agent, and what each attempt of it needs besides. All of that is taken at once
/// or nothing: who waits holds nothing.
final class Pool {
    private final Agent agent;
    private final Terms.OfAgent needs;
    private final List<Meter> meters;
    private final Machine machine;
    private final boolean counts;
    private final boolean shares;
    private final int places;
    private final Circuit circuit = new Circuit();
    private final Set<Line> lines = new LinkedHashSet<>();
    private int taken;
    private boolean off;

    /// @param off whether the agent is switched off
    Pool(Agent agent, Terms.OfAgent needs, List<Meter> meters, Machine machine, boolean off) {
        this.off = off;
        this.agent = agent;
        this.needs = needs;
        this.meters = List.copyOf(meters);
        this.machine = machine;
        counts = agent.needsPlace();
        places = agent.limits().concurrency();
        shares = !needs.isNothing();
    }

    Agent agent() {
        return agent;
    }

    Circuit circuit() {
        return circuit;
    }

    int places() {
        return places;
    }

    /// How many attempts more could begin now, as far as places and slots go.
    int spare(Instant now) {
        if (!free(now)) {
            return 0;
        }
        int spare = circuit.openUntil() == null ? places - taken : 1;
        for (var meter : meters) {
            spare = Math.min(spare, meter.spare());
        }
        return spare;
    }

    /// Whether it can have a place at all: it is not switched off, and needs no more than there is.
    boolean isAble() {
        return !off && machine.has(needs);
    }

    int taken() {
        return taken;
    }

    /// Those whose tasks it may be given.
    Set<Line> lines() {
        return lines;
    }

    List<Meter> meters() {
        return meters;
    }

    /// Whether what one attempt gives back may be what another agent waits for.
    boolean shares() {
        return shares;
    }

    /// Lets it be given tasks, or not.
    void switched(boolean on) {
        off = !on;
    }

    boolean free(Instant now) {
        if (off) {
            return false;
        }
        if (!counts) {
            return true;
        }
        if (taken >= places || !circuit.lets(now, taken)) {
            return false;
        }
        if (!shares) {
            return true;
        }
        if (!machine.lets(needs)) {
            return false;
        }
        for (var meter : meters) {
            if (!meter.lets(needs.memory(), now)) {
                return false;
            }
        }
        return true;
    }

    /// Why it is not free, or null when it is.
    @Nullable String excluded(Instant now) {
        if (free(now)) {
            return null;
        }
        if (off) {
            return Candidate.OFF;
        }
        if (!circuit.lets(now, taken)) {
            return "it failed too often; tried again at " + circuit.openUntil();
        }
        if (taken >= places) {
            return "all its places are taken";
        }
        for (var meter : meters) {
            var why = meter.why(needs.memory(), now);
            if (why != null) {
                return why;
            }
        }
        return machine.why(needs);
    }

    /// When it is free though nobody gives anything back; empty where somebody must. While an
    /// attempt is under way that shows how the agent is now, its end is what is waited for.
    Optional<Instant> next(Instant now) {
        if (off || taken >= places || !machine.lets(needs)) {
            return Optional.empty();
        }
        var open = circuit.openUntil();
        if (open != null && taken > 0) {
            return Optional.empty();
        }
        var next = open == null ? Instant.MIN : open;
        for (var meter : meters) {
            if (!meter.hasRoom(needs.memory()) || meter.isAwaited()) {
                return Optional.empty();
            }
            var lets = meter.next(now);
            next = lets.isAfter(next) ? lets : next;
        }
        return next.equals(Instant.MIN) ? Optional.empty() : Optional.of(next);
    }

    /// An attempt begins.
    void take() {
        if (counts) {
            taken++;
            machine.take(needs);
            meters.forEach(meter -> meter.begin(needs.memory()));
        }
    }

    /// An attempt was under way already.
    void hold() {
        if (counts) {
            taken++;
            machine.take(needs);
            meters.forEach(meter -> meter.hold(needs.memory()));
        }
    }

    /// An attempt is over.
    void giveBack() {
        if (counts) {
            taken--;
            machine.giveBack(needs);
            meters.forEach(meter -> meter.end(needs.memory()));
        }
    }

    /// An attempt that was to begin does not.
    void undo() {
        if (counts) {
            taken--;
            machine.giveBack(needs);
            meters.forEach(meter -> meter.unbegin(needs.memory()));
        }
    }
}
