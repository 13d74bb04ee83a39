package dev.tutti.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final StreamId ONE = new StreamId(TenantId.LOCAL, "run/1");
    private static final StreamId TWO = new StreamId(TenantId.LOCAL, "run/2");

    private final Alarms alarms = new Alarms();

    @Test
    void a_stream_is_woken_once_however_often_its_moment_is_set() {
        alarms.set(ONE, NOON.plusSeconds(9));
        alarms.set(ONE, NOON);
        alarms.set(ONE, NOON);

        assertThat(alarms.take(NOON)).contains(ONE);
        assertThat(alarms.take(NOON.plusSeconds(10))).isEmpty();
        assertThat(alarms.next()).isEmpty();
    }

    @Test
    void a_moment_that_is_put_off_is_forgotten() {
        alarms.set(ONE, NOON);
        alarms.set(ONE, NOON.plusSeconds(9));
        assertThat(alarms.take(NOON)).isEmpty();
        assertThat(alarms.next()).contains(NOON.plusSeconds(9));

        alarms.set(ONE, null);
        assertThat(alarms.next()).isEmpty();
    }

    @Test
    void the_earliest_is_first() {
        alarms.set(TWO, NOON.plusSeconds(1));
        alarms.set(ONE, NOON.plusSeconds(2));

        assertThat(alarms.take(NOON.plusSeconds(2))).contains(TWO);
        assertThat(alarms.take(NOON.plusSeconds(2))).contains(ONE);
    }
}
