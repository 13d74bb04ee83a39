package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Runs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goals declared in Java, with planners that are functions of the program.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class GoalsInJavaTest {
    private static final Map<String, ?> ONCE = Map.of("attempts", 1);

    private static Outcome.Succeeded gives(String usd, Map<String, ?> output) {
        return new Outcome.Succeeded(Value.from(output), new Usage(Money.of(usd), 0, 0));
    }

    private static Map<String, ?> proposal(String reason, String task, String skill) {
        return Map.of(
                "reason",
                reason,
                "tasks",
                Map.of(
                        task,
                        Map.of(
                                "skill",
                                skill,
                                "input",
                                Map.of("topic", "${input.topic}"),
                                "retry",
                                ONCE)),
                "output",
                Map.of("page", "${" + task + ".page}"));
    }

    /// Looks in the web first, and in the archive once the web has failed.
    private static Outcome plan(Attempt attempt) {
        var reason = attempt.input().text("reason");
        return gives(
                "0.01",
                reason.contains("failed")
                        ? proposal("the archive has it", "look", "archive")
                        : proposal("the web may have it", "get", "fetch"));
    }

    private static Team team() {
        return Team.define()
                .agent("chief", List.of("plan"), GoalsInJavaTest::plan)
                .agent(
                        "web",
                        List.of("fetch"),
                        _ ->
                                new Outcome.Failed(
                                        new Failure.Permanent("gone", "no such page"),
                                        new Usage(Money.of("0.02"), 0, 0)))
                .agent(
                        "cellar",
                        List.of("archive"),
                        attempt ->
                                gives(
                                        "0.03",
                                        Map.of("page", "old " + attempt.input().text("topic"))))
                .agent(
                        "author",
                        List.of("write"),
                        attempt ->
                                gives(
                                        "0.10",
                                        Map.of("text", "On " + attempt.input().text("page"))));
    }

    /// What each takes at most is known: the run has a budget.
    private static Team bounded() {
        var most = Map.of("limits", Map.of("usd", 0.20));
        return team().declare("chief", most)
                .declare("web", most)
                .declare("cellar", most)
                .declare("author", most);
    }

    @Test
    void a_goal_with_a_planner_of_this_program_is_planned_and_planned_anew() throws Exception {
        var team =
                bounded()
                        .workflow(
                                "brief",
                                w ->
                                        w.input(Map.of("topic", "string"))
                                                .goal("A page on ${input.topic}")
                                                .planner(Map.of("agent", "chief", "rounds", 3))
                                                .wants("page")
                                                .budget(Map.of("usd", 1.00)));
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team.goal("brief", Map.of("topic", "tea")));
            assertThat(run.await().output()).isEqualTo(Value.struct("page", Value.text("old tea")));
            var state = run.load().state();
            assertThat(state.progress().rounds()).isEqualTo(2);
            assertThat(state.ledger().spent().usd()).isEqualTo(Money.of("0.07"));
            assertThat(state.ledger().cap().usd()).isEqualTo(Money.of("1.0"));
        }
    }

    @Test
    void a_run_within_has_a_planner_of_its_own_that_fails_and_plans_anew_and_its_money_adds_up()
            throws Exception {
        var team =
                team().workflow(
                                "report",
                                w ->
                                        w.input(Map.of("topic", "string"))
                                                .goal(
                                                        "dig",
                                                        "A page on ${input.topic}",
                                                        Map.of("topic", "${input.topic}"),
                                                        Map.of("planner", "chief", "wants", "page"))
                                                .task(
                                                        "write",
                                                        "write",
                                                        Map.of("page", "${dig.page}"))
                                                .output("${write.text}"));
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team.goal("report", Map.of("topic", "tea")));
            assertThat(run.await().output()).isEqualTo(Value.text("On old tea"));

            var begun = child(tutti, run);
            var within = tutti.run(begun.child().value());
            var state = within.load().state();
            assertThat(state.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(state.output()).isEqualTo(Value.struct("page", Value.text("old tea")));
            assertThat(state.progress().rounds()).isEqualTo(2);
            assertThat(state.graph().order()).containsExactly("plan", "get", "plan_2", "look");
            assertThat(state.progress().reason()).contains("task get failed: no such page");
            assertThat(state.ledger().spent().usd())
                    .as("two plans, the web, the archive")
                    .isEqualTo(Money.of("0.07"));
            assertThat(run.load().state().ledger().spent().usd())
                    .as("and the author")
                    .isEqualTo(Money.of("0.17"));
        }
    }

    private static Event.ChildStarted child(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1_000).stream()
                    .map(Runs::event)
                    .filter(Event.ChildStarted.class::isInstance)
                    .map(Event.ChildStarted.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
