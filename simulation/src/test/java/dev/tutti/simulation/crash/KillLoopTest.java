package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `-Dkills=1000` for a longer loop, `-Dkill.seed=…` for the moments of an earlier one.
@Isolated
class KillLoopTest {
    @Test
    void killed_at_any_moment_a_store_with_eight_clients_loses_nothing_and_all_its_runs_end(
            @TempDir Path folder) throws Exception {
        int kills = Integer.getInteger("kills", 50);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("kill loop: seed " + seed + ", " + kills + " kills");
        long begun = System.nanoTime();

        var report = KillLoop.run(folder, seed, kills);

        System.out.printf(
                "kill loop: %d kills, %d in mid-append (%.0f %%), %d came too late; %d acknowledged"
                        + " submissions of 8 clients and %d acknowledged entries, each found again;"
                        + " the work takes %d ms, the slowest recovery took %d ms; %d s in all%n",
                report.kills(),
                report.inFlight(),
                100 * report.share(),
                report.tooLate(),
                report.submissions(),
                report.entries(),
                report.window().toMillis(),
                report.slowestRecovery().toMillis(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(report.violations()).isEmpty();
        assertThat(report.share())
                .as("the loop is void unless this share of its kills hit an append in flight")
                .isGreaterThanOrEqualTo(KillLoop.LEAST_IN_FLIGHT);
    }
}
