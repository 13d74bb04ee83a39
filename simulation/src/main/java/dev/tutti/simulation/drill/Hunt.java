package dev.tutti.simulation.drill;

import dev.tutti.simulation.world.Report;
import dev.tutti.simulation.world.Scenario;
import dev.tutti.simulation.world.World;
import java.util.Set;

/// Plays worlds until one fails. Called by name in a class loader of its own, whose engine has the
/// bug, so it speaks in plain Java types only.
public final class Hunt {
    private Hunt() {}

    /// Plays worlds from seed `from` on.
    ///
    /// @param most seeds to try
    /// @param ignored an invariant that is not looked at, or an empty text
    /// @return how many seeds it took and the violation that was found, or an empty array
    public static String[] hunt(long from, int most, String ignored) {
        var without = ignored.isEmpty() ? Set.<String>of() : Set.of(ignored);
        for (int i = 0; i < most; i++) {
            var scenario = new Scenario(from + i, Set.of(), Scenario.HORIZON, without);
            Report report;
            try {
                report = World.play(scenario);
            } catch (RuntimeException | StackOverflowError e) {
                return new String[] {String.valueOf(i + 1), "-", "the world broke: " + e};
            }
            if (!report.violations().isEmpty()) {
                var first = report.violations().getFirst();
                return new String[] {String.valueOf(i + 1), first.invariant(), first.toString()};
            }
        }
        return new String[0];
    }
}
