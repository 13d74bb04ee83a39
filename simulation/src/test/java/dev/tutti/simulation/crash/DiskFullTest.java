package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs root, for the small disk; says so where it is not.
class DiskFullTest {
    @TempDir private Path folder;

    @Test
    void a_full_disk_is_told_with_its_reason_and_work_goes_on_by_itself_once_there_is_space()
            throws Exception {
        var impediment = DiskFull.impediment(folder);
        impediment.ifPresent(
                why -> System.out.println("disk full: SKIPPED, nothing is proven here: " + why));
        assumeTrue(impediment.isEmpty());
        for (int free : new int[] {500, 1_800}) {
            var report = DiskFull.run(Files.createDirectory(folder.resolve("free" + free)), free);

            System.out.printf(
                    "disk full, %d KiB: %d acknowledged, then %d refusals and %d acknowledged, then"
                            + " %d acknowledged, the first %d ms after there was space%n",
                    free,
                    report.before(),
                    report.refusals(),
                    report.during(),
                    report.after(),
                    report.resumed().toMillis());
            assertThat(report.violations()).isEmpty();
            assertThat(report.refusals()).isPositive();
            assertThat(report.after()).isPositive();
            assertThat(report.resumed()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_full_disk_that_the_list_of_runs_meets_first_stops_no_commit_once_there_is_space()
            throws Exception {
        var impediment = FullForTheList.impediment(folder);
        impediment.ifPresent(
                why -> System.out.println("full for the list: SKIPPED, nothing is proven: " + why));
        assumeTrue(impediment.isEmpty());

        assertThat(FullForTheList.run(folder).lines()).containsExactly("1", "full", "2", "2");
    }
}
