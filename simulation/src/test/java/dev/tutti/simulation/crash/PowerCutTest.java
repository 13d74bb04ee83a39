package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `-Dcuts=500` for a longer loop, `-Dcut.seed=…` for the moments of an earlier one. Needs root and
/// loop devices; says so where it has not got them.
class PowerCutTest {
    @TempDir private Path folder;

    @BeforeEach
    void the_machine_must_allow_it() throws Exception {
        var impediment = PowerCuts.impediment(folder);
        impediment.ifPresent(
                why -> System.out.println("power cuts: SKIPPED, nothing is proven here: " + why));
        assumeTrue(impediment.isEmpty());
    }

    @Test
    void a_power_cut_loses_nothing_that_was_acknowledged() throws Exception {
        var report = run(Integer.getInteger("cuts", 12), true);

        assertThat(report.violations()).isEmpty();
        assertThat(report.lost()).isZero();
        assertThat(report.acknowledged()).isPositive();
        assertThat(report.share())
                .as("the loop is void unless this share of its cuts hit a commit")
                .isGreaterThanOrEqualTo(KillLoop.LEAST_IN_FLIGHT);
    }

    @Test
    void without_syncing_the_same_cuts_do_lose_it() throws Exception {
        var report = run(Integer.getInteger("cuts", 12) / 3, false);

        assertThat(report.lost()).as("the loop does not bite").isPositive();
        assertThat(report.losing()).isGreaterThan(report.cuts() / 2);
    }

    private PowerCuts.Report run(int cuts, boolean synced) throws Exception {
        long seed = Long.getLong("cut.seed", System.nanoTime());
        long begun = System.nanoTime();

        var report = PowerCuts.run(folder, seed, cuts, synced);

        System.out.printf(
                "power cuts, synchronous=%s: seed %d, %d cuts, %d in mid-commit (%.0f %%), %d while"
                        + " blocks were moving; %d acknowledged looked for, %d lost after %d cuts;"
                        + " %d stores finished; %d s in all%n",
                synced ? "FULL" : "NORMAL",
                seed,
                report.cuts(),
                report.inFlight(),
                100 * report.share(),
                report.moving(),
                report.acknowledged(),
                report.lost(),
                report.losing(),
                report.finished(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        return report;
    }
}
