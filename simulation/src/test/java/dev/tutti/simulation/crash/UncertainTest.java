package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UncertainTest {
    @Test
    void what_failed_with_unknown_outcome_is_read_back_and_never_written_again(@TempDir Path folder)
            throws Exception {
        long begun = System.nanoTime();

        var report = Uncertain.run(folder);

        System.out.printf(
                "unknown outcomes: %d failures (before, after) in %d of %d methods of the journal;"
                        + " after %d of them the driver stopped, %d commits were made again; %d"
                        + " violations; %d s in all%n",
                report.points(),
                report.covered().size(),
                Uncertain.methods().size(),
                report.stopped(),
                report.retried(),
                report.violations().size(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(report.violations()).isEmpty();
        assertThat(report.retried()).isZero();
        assertThat(report.covered()).containsExactlyElementsOf(Uncertain.methods());
        assertThat(report.stopped()).isPositive();
    }
}
