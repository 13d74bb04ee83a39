package dev.tutti.runtime.quota;

import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms.OfAgent;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The processors and the memory of this machine that attempts may have, as far as their agents say
/// what they need.
public final class Machine {
    /// Sums of parts of processors are off by less than this.
    private static final double DUST = 1e-9;

    private final double cpus;
    private final LongSupplier memory;
    private double cpusTaken;
    private long memoryTaken;

    /// @param memory in bytes; asked for when it first matters
    public Machine(double cpus, LongSupplier memory) {
        this.cpus = cpus;
        this.memory = memory;
    }

    /// A machine on which nothing is ever short.
    public static Machine boundless() {
        return new Machine(Double.MAX_VALUE, () -> Long.MAX_VALUE);
    }

    public boolean lets(OfAgent needs) {
        return (needs.cpu() == 0 || cpusTaken + needs.cpu() <= cpus + DUST)
                && (needs.memory() == 0 || needs.memory() <= memory.getAsLong() - memoryTaken);
    }

    /// Whether it is large enough for an attempt with these needs, whatever is taken now.
    public boolean has(OfAgent needs) {
        return needs.cpu() <= cpus && (needs.memory() == 0 || needs.memory() <= memory.getAsLong());
    }

    /// What is left, where something is taken: `cpu` in processors, `memory` in bytes.
    public Optional<Value.Struct> left() {
        if (cpusTaken < DUST && memoryTaken == 0) {
            return Optional.empty();
        }
        var left = new LinkedHashMap<String, Value>();
        if (cpusTaken >= DUST) {
            left.put("cpu", new Value.Real(Math.round((cpus - cpusTaken) * 1_000) / 1_000.0));
        }
        if (memoryTaken > 0) {
            left.put("memory", Value.of(memory.getAsLong() - memoryTaken));
        }
        return Optional.of(new Value.Struct(left));
    }

    public void take(OfAgent needs) {
        cpusTaken += needs.cpu();
        memoryTaken += needs.memory();
    }

    public void giveBack(OfAgent needs) {
        cpusTaken -= needs.cpu();
        memoryTaken -= needs.memory();
    }

    /// Why an attempt with these needs cannot begin now, or null when it can.
    public @Nullable String why(OfAgent needs) {
        if (!has(needs)) {
            return "it needs more than this machine has";
        }
        return lets(needs) ? null : "this machine has too little left for it";
    }
}
