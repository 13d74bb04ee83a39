package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.simulation.crash.FailedWrites.Fault;
import dev.tutti.simulation.crash.FailedWrites.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `-Dfaults=200` for every call up to the 200th. Needs strace; says so where there is none.
@Isolated
class FailedWritesTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final int LANES = 2;
    private static final String SYNC = "fsync,fdatasync";
    private static final String WRITE = "pwrite64";

    @TempDir private Path folder;

    @BeforeEach
    void strace_must_be_there() throws Exception {
        var impediment = FailedWrites.impediment();
        impediment.ifPresent(why ->
                System.out.println("failed writes: SKIPPED, nothing is proven here: " + why));
        assumeTrue(impediment.isEmpty());
    }

    @Test
    void after_a_sync_or_a_write_that_failed_nothing_is_acknowledged_and_a_restart_is_clean()
            throws Exception {
        long begun = System.nanoTime();
        var faults = faults();

        var outcomes = outcomes(faults);

        int hit = 0;
        int before = 0;
        var slowest = Duration.ZERO;
        for (int i = 0; i < faults.size(); i++) {
            var outcome = outcomes.get(i);
            assertThat(outcome.violations()).as(faults.get(i).toString()).isEmpty();
            assertThat(outcome.late()).as(faults.get(i).toString()).isZero();
            if (outcome.hit()) {
                hit++;
                before += outcome.before();
                slowest = outcome.stopped().compareTo(slowest) > 0 ? outcome.stopped() : slowest;
                assertThat(outcome.exit().orElse(1)).as(faults.get(i).toString()).isNotZero();
            }
        }
        System.out.printf(
                "failed writes: %d faults, %d came; %d acknowledged before, 0 after; the slowest"
                        + " worker stopped or refused %d ms later; %d restarts, all clean; %d s in"
                        + " all%n",
                faults.size(),
                hit,
                before,
                slowest.toMillis(),
                outcomes.size(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(hit).isGreaterThanOrEqualTo(faults.size() * 3 / 4);
        assertThat(before).isPositive();
        assertThat(slowest).isLessThan(AT_ONCE);
    }

    private static List<Fault> faults() {
        int most = Integer.getInteger("faults", 0);
        if (most == 0) {
            return List.of(
                    new Fault(SYNC, "EIO", "1+"),
                    new Fault(SYNC, "EIO", "5+"),
                    new Fault(SYNC, "EIO", "40"),
                    new Fault(WRITE, "EIO", "30"),
                    new Fault(WRITE, "ENOSPC", "100+"),
                    new Fault(WRITE, "EIO", "200+"));
        }
        var all = new ArrayList<Fault>();
        for (int n = 1; n <= most; n++) {
            var when = n + (n % 3 == 0 ? "" : "+");
            all.add(new Fault(SYNC, "EIO", when));
            all.add(new Fault(WRITE, n % 2 == 0 ? "EIO" : "ENOSPC", when));
        }
        return all;
    }

    private List<Outcome> outcomes(List<Fault> faults) throws Exception {
        var calls = new ArrayList<Callable<Outcome>>();
        for (int i = 0; i < faults.size(); i++) {
            var fault = faults.get(i);
            var own = Files.createDirectory(folder.resolve("fault" + i));
            calls.add(() -> FailedWrites.run(own, fault));
        }
        var outcomes = new ArrayList<Outcome>();
        try (var lanes = Executors.newFixedThreadPool(LANES)) {
            for (var one : lanes.invokeAll(calls)) {
                outcomes.add(one.get());
            }
        }
        return outcomes;
    }
}
