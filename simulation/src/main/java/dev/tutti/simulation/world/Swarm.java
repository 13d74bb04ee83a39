package dev.tutti.simulation.world;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// What a seed decides. Each fault and each kind of actor has dice of its own, so that a world
/// without one fault throws the same for all the others: that makes a failure small by leaving
/// faults out.
final class Swarm {
    private final long seed;
    private final EnumMap<Fault, Double> rates = new EnumMap<>(Fault.class);
    private final EnumMap<Fault, SplittableRandom> dice = new EnumMap<>(Fault.class);
    private final EnumMap<Fault, Long> happened = new EnumMap<>(Fault.class);
    private boolean calm;

    Swarm(long seed, Set<Fault> without) {
        this.seed = seed;
        var settings = dice("settings");
        for (var fault : Fault.values()) {
            boolean on = settings.nextBoolean();
            double rate = fault.most() * (0.05 + 0.95 * settings.nextDouble());
            dice.put(fault, dice(fault.name()));
            if (on && !without.contains(fault)) {
                rates.put(fault, rate);
            }
        }
    }

    /// Dice of their own for whatever has this name.
    SplittableRandom dice(String name) {
        return new SplittableRandom(
                seed * 0x9E3779B97F4A7C15L ^ name.hashCode() * 0xD1B54A32D192ED03L);
    }

    /// Throws for a fault.
    boolean happens(Fault fault) {
        var rate = rates.get(fault);
        if (calm || rate == null || of(fault).nextDouble() >= rate) {
            return false;
        }
        happened.merge(fault, 1L, Long::sum);
        return true;
    }

    /// The dice of a fault, for how it goes.
    SplittableRandom of(Fault fault) {
        var own = dice.get(fault);
        if (own == null) {
            throw new IllegalStateException("no dice for " + fault);
        }
        return own;
    }

    /// No fault happens from now on.
    void calmDown() {
        calm = true;
    }

    boolean calm() {
        return calm;
    }

    /// How often each fault happened.
    Map<Fault, Long> happened() {
        return new EnumMap<>(happened);
    }

    /// The faults that this seed has switched on.
    Set<Fault> on() {
        return rates.keySet();
    }
}
