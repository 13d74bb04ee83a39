package dev.tutti.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import dev.tutti.simulation.Violation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

    /// Fails with I7 when two owners and a crash come together after step 42; without two owners,
    /// with something else.
    private static Report play(Scenario scenario) {
        boolean rivals = !scenario.without().contains(Fault.TWO_OWNERS);
        boolean crash = !scenario.without().contains(Fault.CRASH);
        boolean late = scenario.horizon() >= 42;
        var violation =
                new Violation(rivals ? "I7" : "I2", World.stream(new RunId("R0")), 1, "as tested");
        var faults = new EnumMap<Fault, Long>(Fault.class);
        for (var fault : Fault.values()) {
            if (!scenario.without().contains(fault)) {
                faults.put(fault, 1L);
            }
        }
        return new Report(
                scenario,
                late ? 42 : 1_000,
                9,
                1,
                Duration.ZERO,
                faults,
                Set.of(),
                Set.of(),
                "",
                crash && late ? List.of(violation) : List.of());
    }

    @Test
    void a_failure_keeps_only_what_it_needs() {
        var smallest = Shrinking.of(ShrinkingTest::play, play(new Scenario(7)));

        assertThat(smallest.violations().getFirst().invariant()).isEqualTo("I7");
        assertThat(smallest.scenario().horizon()).isEqualTo(42);
        assertThat(smallest.faults()).containsOnlyKeys(Fault.CRASH, Fault.TWO_OWNERS);
        assertThat(smallest.scenario().toString())
                .startsWith("--seed 7 --horizon 42 --without loss,duplication");
    }
}
