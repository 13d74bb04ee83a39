package dev.tutti.agents.local.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A small version of what `scripts/measure-memory` measures with 100,000 facts; `-Dmemory.facts`
/// has as many as it says.
@Isolated
class MemorySpeedTest {
    private static final double ALLOWED_MILLIS = 50;

    @TempDir Path store;

    @Test
    void something_is_found_among_many_facts_in_time() throws Exception {
        var times = new MeasureSpeed().measure(store, Integer.getInteger("memory.facts", 4_000));

        assertThat(times)
                .extracting(MeasureSpeed.Times::medianOfProcessor)
                .allMatch(millis -> millis > 0 && millis < ALLOWED_MILLIS);
    }
}
