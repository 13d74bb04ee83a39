package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.teamfile.TeamFile;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run whose calls of models and tools were recorded is played again without any.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ReplayTest {
    private static final int CALLS = 5;
    private static final Usage COST = new Usage(new Money(new BigDecimal("0.0021")), 120, 34);

    private final AtomicInteger calls = new AtomicInteger();

    /// Talks to a model that never answers the same, in turn with a tool.
    private Outcome talk(Attempt attempt) throws Exception {
        var said = new ArrayList<Value>();
        for (int i = 0; i < CALLS; i++) {
            var step =
                    new Attempt.Step(
                            i % 2 == 0 ? "model" : "tool",
                            "one",
                            Value.struct("input", attempt.input(), "said", new Value.Array(said)));
            said.add(
                    attempt.step(
                                    step,
                                    () ->
                                            new Attempt.Taken(
                                                    Value.struct(
                                                            "n",
                                                            Value.of(calls.incrementAndGet()),
                                                            "at",
                                                            Value.of(System.nanoTime())),
                                                    COST))
                            .result());
        }
        return Outcome.succeeded(Value.struct("said", new Value.Array(said)));
    }

    /// One task after the other, so that there is one order of events: 20 tasks of 5 calls, half of
    /// them in a run within the run.
    private static Team team() {
        var file =
                """
                tutti: 1
                agents:
                  talker: { skills: [talk], uses: function }
                workflows:
                  main:
                    tasks:
                %s
                      part: { workflow: part, after: [m9] }
                    output: "${part}"
                  part:
                    tasks:
                %s
                    output: "${p9}"
                """
                        .formatted(chain("m"), chain("p"));
        return Team.of(TeamFile.parse(file, "team.yaml"), Path.of("team.yaml"));
    }

    private static String chain(String name) {
        return IntStream.range(0, 10)
                .mapToObj(i ->
                        "      %s%d: { skill: talk, input: { x: %s } }"
                                .formatted(name, i, i == 0 ? "0" : "\"${" + name + (i - 1) + "}\""))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void a_run_of_100_calls_is_played_again_with_none_to_the_same_journal(@TempDir Path folder)
            throws Exception {
        List<String> lines;
        List<String> journal;
        Value output;
        try (var tutti = Tutti.open(folder.resolve("recorded"))) {
            var run = tutti.function("talker", this::talk).submit(team().goal("main", Map.of()));
            var result = run.await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            output = result.output();
            lines = tutti.recording(run).lines();
            journal = journal(tutti, run);
        }
        assertThat(calls).hasValue(100);
        assertThat(lines).hasSize(101);

        calls.set(0);
        try (var tutti = Tutti.open(folder.resolve("replayed"))) {
            tutti.replaying(Recording.parse(lines));
            var run = tutti.function("talker", this::talk).submit(team().goal("main", Map.of()));
            var result = run.await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(result.output()).isEqualTo(output);
            assertThat(journal(tutti, run)).isEqualTo(journal);
            assertThat(tutti.recording(run).lines()).isEqualTo(lines);
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    void what_is_asked_otherwise_than_recorded_fails_and_says_what_was_recorded() throws Exception {
        List<String> lines;
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.function("talker", this::talk).submit(team().goal("main", Map.of()));
            run.await();
            lines = tutti.recording(run).lines();
        }
        AgentExecutor other =
                attempt -> {
                    attempt.step(
                            new Attempt.Step("tool", "search", Value.NULL),
                            () -> Attempt.Taken.free(Value.NULL));
                    return Outcome.succeeded(Value.Struct.EMPTY);
                };
        try (var tutti = Tutti.inMemory()) {
            tutti.replaying(Recording.parse(lines));
            var result =
                    tutti.function("talker", other).submit(team().goal("main", Map.of())).await();
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason())
                    .contains("step 1 of `m0` is tool `search`, and the recording has model `one`");
        }
    }

    @Test
    void a_file_that_is_no_recording_is_refused_with_its_line() {
        assertThatThrownBy(() -> Recording.parse(List.of("{}")))
                .hasMessageContaining("no recording");
        assertThatThrownBy(() ->
                        Recording.parse(
                                List.of(
                                        "{\"format\":\"tutti-recording\",\"version\":1}",
                                        "{\"task\":\"a\"}")))
                .hasMessageContaining("line 2 is no step");
        assertThatThrownBy(() ->
                        Recording.parse(List.of("{\"format\":\"tutti-recording\",\"version\":2}")))
                .hasMessageContaining("version");
    }

    /// The journals of the run and the one within it, but for times and ids.
    private static List<String> journal(Tutti tutti, Run run) {
        var all = new ArrayList<String>();
        try (var reader = tutti.reader()) {
            for (var entry : reader.follow(0, 100_000)) {
                all.add(told(entry).replace(run.id().value(), "RUN"));
            }
        }
        return all;
    }

    private static String told(Entry entry) {
        return entry.stream().name()
                + "#"
                + entry.sequence()
                + " "
                + entry.event().type()
                + " by "
                + entry.event().actor()
                + ": "
                + new String(entry.event().payload(), StandardCharsets.UTF_8)
                        .replaceAll("\"due\":\"[^\"]*\"", "\"due\":…");
    }
}
