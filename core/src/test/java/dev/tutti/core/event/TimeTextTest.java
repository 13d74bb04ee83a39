package dev.tutti.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {

    @ParameterizedTest
    @CsvSource({"0s", "1500ms", "7s", "90s", "10m", "90m", "2h", "36h", "3d"})
    void a_time_is_written_as_it_is_read(String text) {
        assertThat(TimeText.parse(text).map(TimeText::of)).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"PT599.83S, 599s", "PT59M60.4S, 1h", "PT0.4S, 400ms", "PT9.999S, 9999ms"})
    void from_ten_seconds_on_parts_of_seconds_are_left_out(Duration time, String text) {
        assertThat(TimeText.of(time)).isEqualTo(text);
    }
}
