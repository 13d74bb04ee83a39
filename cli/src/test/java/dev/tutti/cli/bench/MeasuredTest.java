package dev.tutti.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasuredTest {

    @Test
    void percentiles_are_values_that_were_measured() {
        var values = LongStream.rangeClosed(1, 200).map(i -> 201 - i).toArray();
        assertThat(Measured.percentile(values, 50)).isEqualTo(100);
        assertThat(Measured.percentile(values, 99)).isEqualTo(198);
        assertThat(Measured.percentile(new long[] {7}, 99)).isEqualTo(7);
        assertThat(Measured.percentile(new long[0], 50)).isZero();
    }

    @Test
    void the_age_of_a_process_is_read_behind_its_name() {
        var stat =
                "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 30 0 1234 99 100 18446744073709551615";
        assertThat(ColdStart.age(stat, "15.84")).isEqualTo(Duration.ofMillis(3_500));
    }
}
