package dev.tutti.agents.local.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.agents.local.Attempts;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LocalPlannerTest {
    private static final Value.Struct WITH =
            Value.struct("plans", Value.text("plans.jsonl"), "embeddings", Value.of(false));

    private static final String EXAMPLES =
            """
            {"request":"book a flight to Rome and remind me of it","skills":["flight_search","book_flight","set_reminder"]}
            {"request":"book a table for two at a restaurant","skills":["restaurant_search","book_table"]}
            {"request":"wake me at seven and remind me of the meeting","skills":["set_alarm","set_reminder"]}
            """;

    private static final String TEAM =
            """
            { "skills": {
                "set_reminder": { "input": { "type": "object", "properties": { "text": { "type": "string" }, "day": { "type": "string" } }, "required": ["text", "day"] } },
                "book_flight": { "input": {}, "output": { "type": "object", "properties": { "ticket": { "type": "string" } }, "required": ["ticket"] } } },
              "agents": { "clerk": { "skills": ["flight_search", "book_flight", "restaurant_search", "book_table"] },
                          "train": { "skills": ["train_search"] },
                          "clock": { "skills": ["set_alarm", "set_reminder"] } } }
            """;

    @TempDir Path folder;

    @Test
    void a_request_is_planned_as_one_like_it_was_before() throws Exception {
        var proposal = propose("Book me a flight to Paris, and remind me the day before", "[]", 1);

        assertThat(tasks(proposal).fields())
                .containsOnlyKeys("flight_search", "book_flight", "set_reminder");
        assertThat(json(tasks(proposal), "book_flight"))
                .contains("\"after\":[\"flight_search\"]")
                .contains("\"flight_search\":\"${flight_search}\"");
        assertThat(json(tasks(proposal), "set_reminder"))
                .contains("\"day\":\"${input.day}\"")
                .contains("\"text\":\"Book me a flight");
        assertThat(proposal.get("output")).isEqualTo(Value.text("${set_reminder}"));
        assertThat(proposal.get("complete")).isEqualTo(Value.of(false));
        assertThat(proposal.text("reason")).contains("book a flight to Rome");
    }

    @Test
    void a_plan_that_served_is_kept_and_goes_before_others() throws Exception {
        var done =
                """
                [ { "task": "a", "skill": "train_search", "state": "done" },
                  { "task": "b", "skill": "set_reminder", "state": "done", "after": ["a"] } ]
                """;
        var finished = propose("take me to Paris, and remind me", done, 2);

        assertThat(tasks(finished).fields()).isEmpty();
        assertThat(finished.get("complete")).isEqualTo(Value.of(true));
        assertThat(finished.get("output")).isEqualTo(Value.text("${b}"));
        var plans = new PlanLibrary(folder.resolve("plans.jsonl")).plans();
        assertThat(plans).hasSize(4);
        assertThat(plans.getLast().served()).isEqualTo(1);
        assertThat(plans.getLast().reliability()).isGreaterThan(plans.getFirst().reliability());

        var again = propose("take me to Berlin, and remind me", "[]", 1);
        assertThat(tasks(again).fields()).containsOnlyKeys("train_search", "set_reminder");
    }

    @Test
    void the_same_round_told_twice_counts_once() throws Exception {
        var done = "[ { \"task\": \"a\", \"skill\": \"train_search\", \"state\": \"done\" } ]";
        propose("take me to Paris", done, 2);
        propose("take me to Paris", done, 2);

        var plans = new PlanLibrary(folder.resolve("plans.jsonl")).plans();
        assertThat(plans.getLast().served()).isEqualTo(1);
    }

    @Test
    void what_failed_is_left_out_and_what_is_done_is_used() throws Exception {
        var proposal =
                propose(
                        "Book me a flight to Paris, and remind me the day before",
                        """
                        [ { "task": "search", "skill": "flight_search", "state": "done" },
                          { "task": "book_flight", "skill": "book_flight", "state": "failed", "after": ["search"] },
                          { "task": "set_reminder", "skill": "set_reminder", "state": "planned", "after": ["book_flight"] } ]
                        """,
                        2);

        assertThat(tasks(proposal).fields()).containsKey("set_reminder_2");
        assertThat(Json.text(tasks(proposal))).doesNotContain("book_flight");
        assertThat(json(proposal, "drop")).isEqualTo("[\"set_reminder\"]");
        assertThat(new PlanLibrary(folder.resolve("plans.jsonl")).plans().getLast().failed())
                .isEqualTo(1);
    }

    @Test
    void what_is_wanted_is_yielded_at_the_end() throws Exception {
        var letter =
                letter("book a table at a restaurant", "[]", 1)
                        .with("wants", Value.struct("ticket", Value.Struct.EMPTY));
        var proposal = propose(letter);

        assertThat(proposal.get("output")).isEqualTo(Value.text("${book_flight.ticket}"));
    }

    @Test
    void without_past_plans_it_goes_by_descriptions() throws Exception {
        Files.deleteIfExists(folder.resolve("plans.jsonl"));
        var proposal = propose(letter("search a restaurant and book a table", "[]", 1));

        assertThat(tasks(proposal).fields()).containsOnlyKeys("restaurant_search", "book_table");
        assertThat(proposal.text("reason")).contains("nothing like this was asked before");
    }

    @Test
    void expressions_in_a_request_stay_text() throws Exception {
        var proposal = propose("remind me of ${input.secret}, book a flight", "[]", 1);

        assertThat(Json.text(tasks(proposal))).contains("$${input.secret}");
    }

    @Test
    void a_line_that_is_no_plan_is_passed_over() throws Exception {
        Files.writeString(
                folder.resolve("plans.jsonl"),
                "nonsense\n{\"request\":1}\n\n{\"request\":\"x\",\"skills\":[\"a\",\"b\"]}\n");

        assertThat(new PlanLibrary(folder.resolve("plans.jsonl")).plans()).hasSize(1);
    }

    @Test
    void a_team_without_skills_has_no_plan() throws Exception {
        var letter = letter("anything", "[]", 1).with("team", Value.Struct.EMPTY);

        assertThat(Attempts.perform(executor(), WITH, letter)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void settings_that_nobody_reads_are_refused() {
        assertThatThrownBy(() ->
                        Attempts.executor(
                                "local/planner",
                                Value.struct("plan", Value.text("x")),
                                folder,
                                folder))
                .hasMessageContaining("`plan` is not a setting of local/planner");
    }

    private Value.Struct propose(String goal, String plan, int round) throws Exception {
        if (!Files.exists(folder.resolve("plans.jsonl"))) {
            Files.writeString(folder.resolve("plans.jsonl"), EXAMPLES);
        }
        return propose(letter(goal, plan, round));
    }

    private Value.Struct propose(Value.Struct letter) throws Exception {
        return Attempts.output(executor(), WITH, letter);
    }

    private dev.tutti.runtime.agent.AgentExecutor executor() {
        return Attempts.executor("local/planner", WITH, folder.resolve("store"), folder);
    }

    private static Value.Struct letter(String goal, String plan, int round) {
        return Value.struct(
                "goal", Value.text(goal),
                "wants", Value.Struct.EMPTY,
                "inputs", Value.struct("day", Value.text("Monday")),
                "round", Value.of(round),
                "rounds", Value.of(5),
                "reason", Value.text("the run begins"),
                "plan", Json.parse(plan),
                "team", Json.parse(TEAM));
    }

    private static String json(Value.Struct from, String field) {
        return Json.text(Objects.requireNonNull(from.get(field)));
    }

    private static Value.Struct tasks(Value.Struct proposal) {
        return (Value.Struct) Objects.requireNonNull(proposal.get("tasks"));
    }
}
