package dev.tutti.agents.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SearchPlannerTest {

    private static final String TEAM =
            """
            { "skills": {
                "fetch": { "input": { "type": "object", "properties": { "topic": { "type": "string" } }, "required": ["topic"] },
                           "output": { "type": "object", "properties": { "page": { "type": "string" } }, "required": ["page"] } },
                "archive": { "input": { "type": "object", "properties": { "topic": { "type": "string" } }, "required": ["topic"] },
                             "output": { "type": "object", "properties": { "page": { "type": "string" } }, "required": ["page"] } },
                "write": { "input": { "type": "object", "properties": { "page": { "type": "string" } }, "required": ["page"] },
                           "output": { "type": "object", "properties": { "report": { "type": "string" } }, "required": ["report"] } } },
              "agents": {
                "browser": { "skills": ["fetch"], "usd": 0.001, "seconds": 2, "success": 0.9 },
                "library": { "skills": ["archive"], "usd": 0.5, "seconds": 60, "success": 0.99 },
                "author": { "skills": ["write"] } },
              "workflows": {} }
            """;

    @Test
    void it_proposes_the_cheapest_tasks_that_yield_what_is_wanted() throws Exception {
        var proposal = proposal(letter("[]"));

        assertThat(json(proposal, "tasks"))
                .isEqualTo(
                        "{\"fetch\":{\"skill\":\"fetch\",\"input\":{\"topic\":\"${input.topic}\"}},"
                                + "\"write\":{\"skill\":\"write\",\"input\":{\"page\":\"${fetch.page}\"}}}");
        assertThat(proposal.get("output")).isEqualTo(Value.text("${write.report}"));
        assertThat(proposal.get("complete")).isEqualTo(Value.of(true));
        assertThat(proposal.text("reason")).isEqualTo("the cheapest plan that yields report");
        assertThat(json(proposal, "ledger")).contains("\"facts\":[\"topic\"]");
    }

    @Test
    void what_failed_is_passed_by_and_what_can_never_run_is_dropped() throws Exception {
        var proposal =
                proposal(
                        letter(
                                """
                                [ { "task": "fetch", "skill": "fetch", "state": "failed", "failure": "404" },
                                  { "task": "write", "skill": "write", "state": "planned", "after": ["fetch"] } ]
                                """));

        assertThat(tasks(proposal).fields()).containsOnlyKeys("archive", "write_2");
        assertThat(json(tasks(proposal), "write_2")).contains("${archive.page}");
        assertThat(json(proposal, "drop")).isEqualTo("[\"write\"]");
        assertThat(proposal.text("reason")).contains("without `fetch`, which failed");
    }

    @Test
    void who_has_no_place_for_long_is_passed_by_as_far_as_time_counts() throws Exception {
        var letter =
                letter("[]")
                        .with(
                                (Value.Struct)
                                        Json.parse(
                                                """
                                                { "capacity": { "agents": { "browser": { "free": 0, "places": 1,
                                                    "why": "all its places are taken", "wait": 700.0 } } } }
                                                """));
        var proposal = proposal(letter);

        assertThat(tasks(proposal).fields()).containsOnlyKeys("archive", "write");
        assertThat(json(proposal, "ledger"))
                .contains("`browser` takes on nothing for 700 s as things are, which counts");
    }

    @Test
    void a_plan_that_takes_more_than_is_left_of_the_budget_says_so() throws Exception {
        var letter = letter("[]");
        var budget = Value.struct("usd", new Value.Real(0.0001), "seconds", Value.of(1));
        assertThat(json(proposal(letter.with("budget", budget)), "ledger"))
                .contains("the budget has $0.0001 left, which is less")
                .contains("the run has 1 s of its time left, which is less");
        var enough = Value.struct("usd", Value.of(100), "seconds", new Value.Real(1e6));
        assertThat(json(proposal(letter.with("budget", enough)), "ledger"))
                .doesNotContain("left, which is less");
    }

    @Test
    void what_is_done_is_used_again() throws Exception {
        var proposal =
                proposal(
                        letter(
                                """
                                [ { "task": "first", "skill": "archive", "state": "done" },
                                  { "task": "write", "skill": "write", "state": "failed", "after": ["first"] } ]
                                """));

        assertThat(Json.text(tasks(proposal)))
                .isEqualTo(
                        "{\"write_2\":{\"skill\":\"write\",\"input\":{\"page\":\"${first.page}\"}}}");
        assertThat(proposal.text("reason")).contains("that is tried again");
    }

    @Test
    void what_fails_again_and_again_is_given_up() throws Exception {
        var failure =
                failure(
                        letter(
                                """
                                [ { "task": "write", "skill": "write", "state": "replaced" },
                                  { "task": "write_2", "skill": "write", "state": "failed" } ]
                                """));

        assertThat(failure.code()).isEqualTo("no_plan");
        assertThat(failure.message()).contains("`write` failed before");
    }

    @Test
    void planned_tasks_that_can_still_run_are_left_alone() throws Exception {
        var proposal =
                proposal(
                        letter(
                                """
                                [ { "task": "fetch", "skill": "fetch", "state": "running" },
                                  { "task": "write", "skill": "write", "state": "planned", "after": ["fetch"] } ]
                                """));

        assertThat(tasks(proposal).fields()).isEmpty();
        assertThat(json(proposal, "drop")).isEqualTo("[]");
        assertThat(proposal.get("output")).isEqualTo(Value.text("${write.report}"));
    }

    @Test
    void without_a_plan_it_says_what_is_missing() throws Exception {
        var failure =
                failure(letter("[]").with("inputs", Value.struct("topics", Value.text("bees"))));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message())
                .startsWith("there is no plan for `report`; `topic` (string) is missing, which")
                .contains("there is `topics`");
    }

    @Test
    void what_no_skill_yields_is_said_to_be_so() throws Exception {
        var failure = failure(letter("[]").with("wants", Value.struct("poem", Value.Struct.EMPTY)));

        assertThat(failure.message()).contains("no agent has a skill that yields `poem`");
    }

    @Test
    void it_needs_to_know_what_is_wanted() throws Exception {
        assertThat(failure(letter("[]").with("wants", Value.Struct.EMPTY)).message())
                .contains("add `wants:");
    }

    @Test
    void settings_that_nobody_reads_are_refused() {
        assertThatThrownBy(() -> create(Value.struct("seconds", Value.of(1))))
                .hasMessageContaining("`seconds` is not a setting of planner/search");
    }

    private static Value.Struct letter(String plan) {
        return (Value.Struct)
                Json.parse(
                        """
                        { "goal": "a report", "wants": { "report": { "type": "string" } },
                          "inputs": { "topic": "bees" }, "round": 1, "reason": "the run begins",
                          "plan": %s, "team": %s }
                        """
                                .formatted(plan, TEAM));
    }

    private static String json(Value.Struct from, String field) {
        return Json.text(Objects.requireNonNull(from.get(field)));
    }

    private static Value.Struct tasks(Value.Struct proposal) {
        return (Value.Struct) Objects.requireNonNull(proposal.get("tasks"));
    }

    private static Value.Struct proposal(Value.Struct letter) throws Exception {
        return switch (perform(letter)) {
            case Outcome.Succeeded(Value.Struct output, _) -> output;
            case Outcome other -> throw new AssertionError("no proposal: " + other);
        };
    }

    private static Failure failure(Value.Struct letter) throws Exception {
        return switch (perform(letter)) {
            case Outcome.Failed(var failure, _) -> failure;
            case Outcome other -> throw new AssertionError("not failed: " + other);
        };
    }

    private static Outcome perform(Value.Struct letter) throws Exception {
        return create(Value.Struct.EMPTY).perform(new Given(letter));
    }

    private static dev.tutti.runtime.agent.AgentExecutor create(Value.Struct with) {
        var agent =
                new Agent(
                        new AgentId("search"),
                        java.util.List.of(),
                        "planner/search",
                        with,
                        Agent.Limits.DEFAULT);
        return new PlannerProvider()
                .create(new AgentSettings(agent, "planner/search", Path.of(""), Path.of("")));
    }

    /// An attempt outside of any run.
    private record Given(Value.Struct input) implements Attempt {
        @Override
        public RunId run() {
            return new RunId("run");
        }

        @Override
        public TaskId task() {
            return TaskId.of("plan");
        }

        @Override
        public AgentId agent() {
            return new AgentId("search");
        }

        @Override
        public int number() {
            return 1;
        }

        @Override
        public long token() {
            return 1;
        }

        @Override
        public Value.Struct settings() {
            return Value.Struct.EMPTY;
        }

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public void progress(double fraction, String message) {}

        @Override
        public String store(byte[] content, String mediaType, String name) {
            throw new AssertionError("a planner stores nothing");
        }
    }
}
