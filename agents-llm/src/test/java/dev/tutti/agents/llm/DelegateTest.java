package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model has others do parts of its task, by tools that the run offers.
@Timeout(60)
class DelegateTest {
    @TempDir Path store;

    private final AtomicInteger squared = new AtomicInteger();

    private static Map<String, Object> calls(String when, String tool, Map<String, ?> arguments) {
        return Map.of("when", when, "tool_calls", List.of(Map.of("name", tool, "args", arguments)));
    }

    private static Map<String, Object> says(String when, String text) {
        return Map.of("when", when, "text", text);
    }

    private static Map<String, Object> square(int n) {
        return Map.of("to", "square", "input", Map.of("n", n), "why", "a part of the sum");
    }

    private String run(AgentExecutor squarer, Object... replies) throws Exception {
        var keys = new HashMap<String, Object>();
        keys.put("delegate", Map.of("to", List.of("square"), "max", 3));
        var team =
                Team.define()
                        .model("m", Map.of("provider", "scripted", "replies", List.of(replies)))
                        .agent("lead", List.of("sum"), "llm", Map.of("model", "m"))
                        .agent("squarer", List.of("square"), squarer)
                        .workflow(
                                "main",
                                workflow ->
                                        workflow.task("sum", "sum", Map.of("of", "1, 2, 3"), keys)
                                                .output("${sum.text}"));
        try (var tutti = Tutti.open(store)) {
            var result = tutti.submit(team.goal("main", Map.of())).await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            return result.output() instanceof Value.Text(var text) ? text : "";
        }
    }

    private AgentExecutor once() {
        return attempt -> {
            squared.incrementAndGet();
            long n = attempt.input().get("n") instanceof Value.Int(var number) ? number : 0;
            return Outcome.succeeded(Value.struct("is", Value.of(n * n)));
        };
    }

    @Test
    void parts_are_done_side_by_side_and_what_came_of_them_is_told_together() throws Exception {
        var together = new CountDownLatch(2);
        AgentExecutor squarer =
                attempt -> {
                    together.countDown();
                    assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
                    return once().perform(attempt);
                };
        var said =
                run(
                        squarer,
                        calls(
                                "1, 2, 3",
                                "delegate",
                                Map.of("tasks", List.of(square(2), square(3)))),
                        says("sum_1: .*4.*sum_2: .*9", "13, and one"));
        assertThat(said).isEqualTo("13, and one");
        assertThat(squared).hasValue(2);
    }

    @Test
    void what_is_begun_is_waited_for_later() throws Exception {
        var said =
                run(
                        once(),
                        calls("1, 2, 3", "spawn", square(3)),
                        calls("begun: sum_1", "spawn", square(2)),
                        calls(
                                "begun: sum_2",
                                "await_tasks",
                                Map.of("tasks", List.of("sum_1", "sum_2"))),
                        says("sum_1: .*9.*sum_2: .*4", "thirteen"));
        assertThat(said).isEqualTo("thirteen");
        assertThat(squared).as("each part, though the lead began three times").hasValue(2);
    }

    @Test
    void what_the_run_refuses_and_what_fails_is_said_to_the_model() throws Exception {
        var all = List.of(square(1), square(2), square(3), square(4));
        var said =
                run(
                        _ -> Outcome.failed(new Failure.Permanent("closed", "no squares today")),
                        calls("1, 2, 3", "delegate", Map.of("tasks", all)),
                        calls(
                                "`delegate.max` is 3",
                                "await_tasks",
                                Map.of("tasks", List.of("sum_1"))),
                        says("sum_1 failed: .*no squares today", "I cannot say"));
        assertThat(said).isEqualTo("I cannot say");
    }
}
