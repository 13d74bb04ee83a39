package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.tutti.core.event.RunId;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What an id says of its time, held against the library that makes them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RunIdTimeTest {
    @Test
    void an_id_tells_when_it_was_made() {
        for (long millis : new long[] {0, 1, 31, 32, 1_796_083_200_000L, (1L << 48) - 1}) {
            var id = new RunId(UlidCreator.getUlid(millis).toString());
            assertThat(id.madeAt()).contains(Instant.ofEpochMilli(millis));
            assertThat(id.child(7).madeAt()).contains(Instant.ofEpochMilli(millis));
            var least = RunId.leastAt(Instant.ofEpochMilli(millis));
            assertThat(least.value()).isEqualTo(Ulid.min(millis).toString());
        }
        for (var other :
                new String[] {"r1", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01m8b67nZZZZZZZZZZZZZZZZZZ"}) {
            assertThat(new RunId(other).madeAt()).as(other).isEmpty();
        }
    }
}
