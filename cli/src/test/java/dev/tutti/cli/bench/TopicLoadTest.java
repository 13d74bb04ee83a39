package dev.tutti.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short `tutti bench W5`, on disk.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TopicLoadTest {
    @TempDir Path folder;

    @Test
    @Timeout(120)
    void one_message_in_ten_begins_a_run_and_none_begins_two() throws Exception {
        var measured = TopicLoad.measure(folder, 1_000, 0);

        long published = 1_000 + number(measured, "steady");
        assertThat(number(measured, "reactions")).isEqualTo((published + 9) / 10);
        assertThat(number(measured, "doubled")).isZero();
    }

    private static long number(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Int(var number) ? number : -1;
    }
}
