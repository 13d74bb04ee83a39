package dev.tutti.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.view.Figures;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.003S, 3 ms",
        "PT0.099S, 99 ms",
        "PT0.42S, 0.4 s",
        "PT12.9S, 12 s",
        "PT4M10S, 4 m 10 s",
        "PT3H5M, 3 h 5 m",
        "P2DT4H, 2 d 4 h"
    })
    void times_are_as_precise_as_anyone_cares(Duration time, String shown) {
        assertThat(Figures.took(time)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0, $0.00",
        "0.08, $0.08",
        "1.239, $1.24",
        "0.0012, $0.0012",
        "0.0000004, $0",
        "1240, $1240.00"
    })
    void money_never_looks_like_nothing_when_it_is_something(String usd, String shown) {
        assertThat(Figures.money(Money.of(usd))).isEqualTo(shown);
    }

    @Test
    void ids_are_as_short_as_they_can_be() {
        var ids =
                new ShortIds(
                        List.of(
                                new RunId("01JD9Q7KXYAAAA"),
                                new RunId("01JD9Q7KXYAABB"),
                                new RunId("01JD8ZZZZZZZZZ")));
        assertThat(ids.of(new RunId("01JD9Q7KXYAAAA"))).isEqualTo("01JD9Q7KXYAAA");
        assertThat(ids.of(new RunId("01JD8ZZZZZZZZZ"))).isEqualTo("01JD8ZZZZZ");
    }
}
