package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashPointsTest {
    @Test
    void wherever_a_write_is_torn_the_store_opens_sound_and_the_runs_end_the_same(
            @TempDir Path folder) throws Exception {
        long begun = System.nanoTime();

        var report = CrashPoints.run(folder);

        System.out.printf(
                "crash points: %d points: %d journal writes (before, after), %d artifact writes"
                        + " (before, after, torn), %d frames of the log (cut before, within);"
                        + " %d violations; %d s in all%n",
                report.points(),
                report.journal(),
                report.artifact(),
                report.frames(),
                report.violations().size(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(report.violations()).isEmpty();
        assertThat(report.points())
                .isEqualTo(2 * report.journal() + 3 * report.artifact() + 2 * report.frames());
        assertThat(report.journal()).isGreaterThanOrEqualTo(15);
        assertThat(report.artifact()).isGreaterThanOrEqualTo(2);
        assertThat(report.frames()).isGreaterThan(report.journal());
    }
}
