package dev.tutti.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Money;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TemperingTest {
    private static final Bid BOAST = new Bid(Money.of("0.01"), Duration.ofSeconds(2), 0.95);

    @Test
    void one_who_never_bid_is_believed() {
        assertThat(Tempering.temper(BOAST, PastBids.NONE)).isEqualTo(BOAST);
    }

    @Test
    void one_who_promises_much_and_keeps_little_comes_to_be_taken_for_what_it_does() {
        var past = PastBids.NONE;
        for (int i = 0; i < 100; i++) {
            past = past.decided(0.95, i % 10 < 4).took(3);
        }
        var likely = Tempering.temper(BOAST, past);
        assertThat(likely.confidence()).isCloseTo(0.42, within(0.02));
        assertThat(likely.time().toMillis()).isBetween(5_700L, 6_000L);
        assertThat(likely.price()).isEqualTo(BOAST.price());
    }

    @Test
    void one_who_keeps_what_it_promises_is_taken_at_its_word() {
        var past = PastBids.NONE;
        for (int i = 0; i < 100; i++) {
            past = past.decided(0.95, i % 20 != 0).took(1);
        }
        var likely = Tempering.temper(BOAST, past);
        assertThat(likely.confidence()).isCloseTo(0.95, within(0.001));
        assertThat(likely.time()).isEqualTo(BOAST.time());
    }
}
