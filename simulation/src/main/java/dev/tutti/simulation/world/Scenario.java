package dev.tutti.simulation.world;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Which world is played: all that is needed to play it again.
///
/// @param without faults that are left out although the seed has them
/// @param horizon steps after which the world calms down: no more faults, and people tidy up
/// @param ignored ids of invariants that are not looked at
public record Scenario(long seed, Set<Fault> without, int horizon, Set<String> ignored) {
    /// Steps of a world when nothing else is said.
    public static final int HORIZON = 600;

    public Scenario {
        without = Set.copyOf(without);
        ignored = Set.copyOf(ignored);
    }

    public Scenario(long seed) {
        this(seed, Set.of(), HORIZON, Set.of());
    }

    /// The same world with one more fault left out.
    Scenario without(Fault fault) {
        var fewer = EnumSet.of(fault);
        fewer.addAll(without);
        return new Scenario(seed, fewer, horizon, ignored);
    }

    Scenario within(int steps) {
        return new Scenario(seed, without, steps, ignored);
    }

    /// What [Simulator] must be told to play it.
    @Override
    public String toString() {
        var words = without.stream().sorted().map(Fault::word).collect(Collectors.joining(","));
        return "--seed "
                + seed
                + (horizon == HORIZON ? "" : " --horizon " + horizon)
                + (words.isEmpty() ? "" : " --without " + words);
    }
}
