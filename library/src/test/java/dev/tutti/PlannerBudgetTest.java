package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.recording.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Planners are told how much of its budget the run has left when they are asked, and can plan by
/// it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PlannerBudgetTest {
    private static final String FILE =
            """
            tutti: 1
            agents:
              hand: { skills: [work], uses: simulated, limits: { usd: 0.10, tokens: 100 }, with: { usd: 0.04 } }
              boss: { skills: [plan], uses: function, price: { usd: 0 } }
            workflows:
              limited:
                goal: All of it
                planner: { agent: boss, rounds: 9 }
                budget: { usd: 0.30, tokens: 1000, time: 1h, attempts: 20, tasks: 10, runs: 2 }
              free:
                goal: All of it
                planner: boss
              within:
                tasks: { one: { goal: A part of it, planner: boss } }
                budget: { time: 1h, attempts: 9 }
                output: done
            """;

    @TempDir private Path folder;

    private final List<Value.Struct> told = Collections.synchronizedList(new ArrayList<>());

    /// One task a round, as long as there is money for another.
    private Outcome plan(Attempt attempt) {
        var budget =
                attempt.input().get("budget") instanceof Value.Struct left
                        ? left
                        : Value.Struct.EMPTY;
        told.add(budget);
        boolean more = budget.get("usd") != null && number(budget, "usd") >= 0.20;
        var round = "t" + told.size();
        return Outcome.succeeded(
                Value.from(
                        Map.of(
                                "reason",
                                "as far as the money goes",
                                "tasks",
                                Map.of(round, Map.of("skill", "work", "input", Map.of())),
                                "output",
                                "${" + round + "}",
                                "complete",
                                !more)));
    }

    private static double number(Value.Struct from, String limit) {
        return switch (Objects.requireNonNull(from.get(limit))) {
            case Value.Real(var real) -> real;
            case Value.Int(var whole) -> whole;
            case Value other -> throw new AssertionError(limit + " is " + other);
        };
    }

    private Tutti open() {
        return Tutti.inMemory().function("boss", this::plan);
    }

    private Team team() throws Exception {
        return Team.read(Files.writeString(folder.resolve("team.yaml"), FILE));
    }

    @Test
    void a_planner_plans_as_far_as_what_is_left_goes() throws Exception {
        try (var tutti = open()) {
            assertThat(tutti.submit(team().goal("limited", Map.of())).await().status().word())
                    .isEqualTo("succeeded");
        }
        assertThat(told)
                .extracting(one -> number(one, "usd"))
                .containsExactly(0.3, 0.26, 0.22, 0.18);
        var first = told.getFirst();
        assertThat(first.fields())
                .containsOnlyKeys("usd", "tokens", "seconds", "attempts", "tasks", "runs")
                .containsEntry("tokens", Value.of(1_000))
                .containsEntry("attempts", Value.of(20))
                .containsEntry("tasks", Value.of(9))
                .containsEntry("runs", Value.of(2));
        assertThat(number(first, "seconds")).isBetween(3_500.0, 3_600.0);
        assertThat(told.get(1).fields())
                .containsEntry("attempts", Value.of(18))
                .containsEntry("tasks", Value.of(7));
    }

    @Test
    void a_planner_within_is_told_what_its_run_was_given() throws Exception {
        try (var tutti = open()) {
            tutti.submit(team().goal("within", Map.of())).await();
        }
        var left = told.getFirst();
        assertThat(left.fields()).containsOnlyKeys("seconds", "attempts");
        assertThat(number(left, "seconds")).isBetween(3_500.0, 3_600.0);
        assertThat(number(left, "attempts")).isEqualTo(8);
    }

    @Test
    void where_there_is_no_budget_nothing_is_said_of_one() throws Exception {
        try (var tutti = open()) {
            tutti.submit(team().goal("free", Map.of())).await();
        }
        assertThat(told).containsExactly(Value.Struct.EMPTY);
    }

    @Test
    void a_recording_is_played_with_what_was_left_then() throws Exception {
        List<String> lines;
        try (var tutti = open()) {
            var run = tutti.submit(team().goal("limited", Map.of()));
            run.await();
            lines = tutti.recording(run).lines();
        }
        var then = List.copyOf(told);
        told.clear();
        assertThat(Recording.parse(lines).lines()).isEqualTo(lines);
        try (var tutti = open().replaying(Recording.parse(lines))) {
            tutti.submit(team().goal("limited", Map.of())).await();
        }
        assertThat(told).isEqualTo(then);
    }
}
