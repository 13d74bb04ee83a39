package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `-Ddamages=1000` for more seeds, `-Ddamage.seed=…` for the first of them.
class DamageTest {
    @Test
    void damage_is_refused_or_found_and_no_wrong_answer_is_given_in_silence(@TempDir Path folder)
            throws Exception {
        int seeds = Integer.getInteger("damages", 60);
        long first = Long.getLong("damage.seed", 1);
        long begun = System.nanoTime();

        var report = Damage.run(folder, first, seeds);

        System.out.printf(
                "damage: seeds %d to %d; %s; %s; %d s in all%n",
                first,
                first + seeds - 1,
                report.tried(),
                report.verdicts(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(report.silent()).isEmpty();
        assertThat(report.count(Damage.Verdict.REFUSED)).isPositive();
        assertThat(report.count(Damage.Verdict.REFUSED) + report.count(Damage.Verdict.FOUND))
                .isGreaterThan(seeds);
    }
}
