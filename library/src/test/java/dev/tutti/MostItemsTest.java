package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How many items a fan-out may have at most, where an expression says it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class MostItemsTest {
    private static final String FILE =
            """
            tutti: 1
            agents:
              finder: { skills: [find], uses: function }
              reader: { skills: [read], uses: function }
            workflows:
              main:
                input: { list: [int], most: number }
                tasks:
                  find: { skill: find, input: {} }
                  read: { skill: read, each: "${input.list}", max: "${MAX}", input: { n: "${item}" } }
                output: "${read}"
            """;

    @TempDir private Path folder;

    private final AtomicInteger read = new AtomicInteger();

    private Failure failure(String max, Object most) throws Exception {
        try (var tutti = open()) {
            var run =
                    tutti.submit(
                            team(max).goal("main", Map.of("list", List.of(1, 2, 3), "most", most)));
            if (run.await().status() == Status.SUCCEEDED) {
                return new Failure.Permanent("none", "");
            }
            try (var reader = tutti.reader()) {
                return reader.read(run.stream(), 0, 1_000).stream()
                        .map(Runs::event)
                        .filter(Event.TaskFailed.class::isInstance)
                        .map(event -> ((Event.TaskFailed) event).failure())
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    private Tutti open() {
        return Tutti.inMemory()
                .function("finder", _ -> Outcome.succeeded(Value.struct("few", Value.of(2))))
                .function(
                        "reader",
                        attempt -> {
                            read.incrementAndGet();
                            return Outcome.succeeded(attempt.input());
                        });
    }

    private Team team(String max) throws Exception {
        return Team.read(Files.writeString(folder.resolve("team.yaml"), FILE.replace("MAX", max)));
    }

    @Test
    void as_many_as_the_input_allows_are_done() throws Exception {
        assertThat(failure("int(input.most)", 3).code()).isEqualTo("none");
        assertThat(read).hasValue(3);
    }

    @Test
    void more_than_the_input_allows_are_a_failure_and_none_is_begun() throws Exception {
        assertThat(failure("int(input.most)", 2))
                .isEqualTo(
                        new Failure.Permanent(
                                "limit_exceeded", "`each` of task `read` has 3 items, `max` is 2"));
        assertThat(read).hasValue(0);
    }

    @Test
    void what_a_task_before_it_gave_may_say_it() throws Exception {
        assertThat(failure("int(find.few)", 9).code()).isEqualTo("limit_exceeded");
        assertThat(failure("int(find.few) + 1", 9).code()).isEqualTo("none");
    }

    @Test
    void what_is_no_number_in_range_is_a_failure() throws Exception {
        for (var most : List.of(0, -1, 100_001)) {
            assertThat(failure("int(input.most)", most))
                    .isEqualTo(
                            new Failure.Permanent(
                                    "not_a_number", "`max` gave no whole number from 1 to 100000"));
        }
    }
}
