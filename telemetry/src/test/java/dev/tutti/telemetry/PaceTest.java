package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaceTest {
    private static final long MILLI = 1_000_000;

    @Test
    void while_runs_write_it_works_a_twentieth_of_the_time() {
        var pace = new Pace(100, 0);
        assertThat(pace.rest(10 * MILLI, 1_100, 10 * MILLI)).isEqualTo(Duration.ofMillis(190));
        assertThat(pace.rest(20 * MILLI, 1_300, 220 * MILLI)).isEqualTo(Duration.ofMillis(380));
    }

    @Test
    void when_they_write_little_it_catches_up_in_half_of_the_time() {
        var pace = new Pace(100, 0);
        assertThat(pace.rest(10 * MILLI, 100, 10 * MILLI)).isEqualTo(Duration.ofMillis(10));
        assertThat(pace.rest(10 * MILLI, 109, 30 * MILLI)).isEqualTo(Duration.ofMillis(10));
        assertThat(pace.rest(10 * MILLI, 130, 50 * MILLI)).isEqualTo(Duration.ofMillis(190));
    }
}
