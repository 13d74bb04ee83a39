package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs of teams that think with language models, against a provider on loopback.
@Timeout(60)
class TeamTest {
    @TempDir Path store;

    /// Five agents, each with instructions of its own, by which the server knows them.
    private static Team team(FakeOpenAi server) {
        var team =
                Team.define()
                        .model(
                                "small",
                                Map.of(
                                        "provider",
                                        "openai",
                                        "model",
                                        "small-1",
                                        "base_url",
                                        server.baseUrl(),
                                        "price",
                                        Map.of("input", 0.15, "output", 0.6)))
                        .model(
                                "large",
                                Map.of(
                                        "provider",
                                        "openai",
                                        "model",
                                        "large-1",
                                        "base_url",
                                        server.baseUrl(),
                                        "price",
                                        Map.of(
                                                "input", 2.5,
                                                "output", 10,
                                                "cached_input", 0.25)))
                        .tool(
                                "population",
                                "The people of a city.",
                                Map.of(
                                        "type", "object",
                                        "properties", Map.of("city", Map.of("type", "string")),
                                        "required", List.of("city")),
                                arguments ->
                                        Map.of("people", arguments.text("city").length() * 100_000))
                        .tool(
                                "sum",
                                "Adds numbers.",
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of("of", Map.of("type", "array"))),
                                arguments ->
                                        ((Value.Array)
                                                        java.util.Objects.requireNonNull(
                                                                arguments.get("of")))
                                                .items().stream()
                                                        .mapToLong(n -> ((Value.Int) n).value())
                                                        .sum());
        agent(team, "planner", "small", List.of());
        agent(team, "finder", "small", List.of("population"));
        agent(team, "adder", "large", List.of("sum"));
        agent(team, "writer", "large", List.of("population", "sum"));
        agent(team, "critic", "small", List.of());
        return team.workflow(
                "report",
                workflow ->
                        workflow.input(Map.of("cities", List.of("string")))
                                .task("plan", "planner", Map.of("cities", "${input.cities}"))
                                .task(
                                        "find",
                                        "finder",
                                        Map.of("city", "${item}"),
                                        Map.of("each", "${input.cities}", "after", List.of("plan")))
                                .task("add", "adder", Map.of("found", "${find}"))
                                .task("write", "writer", Map.of("sum", "${add.text}"))
                                .task("check", "critic", Map.of("text", "${write.text}"))
                                .output("${write.text} ${check.text}"));
    }

    private static void agent(Team team, String name, String model, List<String> tools) {
        team.agent(
                name,
                List.of(name),
                "llm",
                Map.of(
                        "model",
                        List.of(model),
                        "instructions",
                        "You are the " + name + ".",
                        "tools",
                        tools));
    }

    private static void script(FakeOpenAi server) {
        server.whenever("the planner", FakeReply.text("Ask for each, then add.").usage(120, 10))
                .whenever(
                        "the finder.*\"tool\"",
                        FakeReply.text("So many live there.").usage(200, 20))
                .whenever(
                        "the finder.*Rome",
                        FakeReply.call("population", Map.of("city", "Rome")).usage(100, 15))
                .whenever(
                        "the finder.*Oslo",
                        FakeReply.call("population", Map.of("city", "Oslo")).usage(100, 15))
                .whenever(
                        "the adder.*\"tool\"",
                        FakeReply.text("800000").usageWithCache(400, 300, 30))
                .whenever(
                        "the adder",
                        FakeReply.call("sum", Map.of("of", List.of(400_000, 400_000)))
                                .usage(300, 25))
                .whenever(
                        "the writer",
                        FakeReply.text("In Rome and Oslo live eight hundred thousand people.")
                                .every(Duration.ofMillis(60))
                                .usage(500, 50))
                .whenever("the critic", FakeReply.text("Agreed.").usage(90, 5));
    }

    @Test
    void a_team_of_five_works_with_tools_streams_and_counts_to_the_last_digit() throws Exception {
        try (var server = FakeOpenAi.start();
                var tutti = Tutti.open(store)) {
            script(server);
            var run =
                    tutti.submit(
                            team(server).goal("report", Map.of("cities", List.of("Rome", "Oslo"))));
            var seen = watched(tutti, run);
            var result = run.await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(result.output())
                    .isEqualTo(
                            Value.text(
                                    "In Rome and Oslo live eight hundred thousand people. Agreed."));
            // small: 120 + 2 x (100 + 200) + 90 read, 10 + 2 x (15 + 20) + 5 written;
            // large: 300 + 100 + 500 read, 300 from the cache, 25 + 30 + 50 written
            assertThat(result.usage())
                    .isEqualTo(
                            new Usage(
                                    Money.of("0.0001215")
                                            .plus(Money.of("0.000051"))
                                            .plus(Money.of("0.00225"))
                                            .plus(Money.of("0.000075"))
                                            .plus(Money.of("0.00105")),
                                    2_010,
                                    190));
            assertThat(server.requests()).hasSize(9);
            assertThat(seen)
                    .as("what was shown of the writer's words")
                    .anyMatch(shown -> shown.contains("In Rome and") && !shown.contains("people"));
        }
    }

    @Test
    void a_run_waits_for_the_person_whom_a_model_asks_and_pays_for_no_reply_twice()
            throws Exception {
        try (var tutti = Tutti.open(store)) {
            var team =
                    Team.define()
                            .model(
                                    "m",
                                    Map.of(
                                            "provider",
                                            "scripted",
                                            "price",
                                            Map.of("input", 1, "output", 1),
                                            "replies",
                                            List.of(
                                                    Map.of(
                                                            "tool_calls",
                                                            List.of(
                                                                    Map.of(
                                                                            "name",
                                                                            "ask_person",
                                                                            "args",
                                                                            Map.of(
                                                                                    "question",
                                                                                    "Which hall?",
                                                                                    "choices",
                                                                                    List.of(
                                                                                            "A",
                                                                                            "B")))),
                                                            "usage",
                                                            Map.of("input", 1_000, "output", 100)),
                                                    Map.of(
                                                            "when", "answers: B",
                                                            "text", "In hall B.",
                                                            "usage",
                                                                    Map.of(
                                                                            "input", 2_000,
                                                                            "output", 200)))))
                            .agent(
                                    "guide",
                                    List.of("guide"),
                                    "llm",
                                    Map.of("model", "m", "may", List.of("ask_person")))
                            .workflow(
                                    "find",
                                    workflow ->
                                            workflow.task("guide", "guide", Map.of("q", "Where?"))
                                                    .output("${guide.text}"));
            var run = tutti.submit(team.goal("find", Map.of()));
            while (tutti.questions().isEmpty()) {
                Thread.sleep(10);
            }
            var question = tutti.questions().getFirst().asked().question();
            assertThat(question.choices()).containsExactly("A", "B");
            run.answer(question.id(), Value.text("B"), "");
            var result = run.await();
            assertThat(result.output()).isEqualTo(Value.text("In hall B."));
            assertThat(result.usage()).isEqualTo(new Usage(Money.of("0.0033"), 3_000, 300));
        }
    }

    /// What is shown of attempts while a run is under way.
    private static Set<String> watched(Tutti tutti, Run run) throws InterruptedException {
        var seen = new TreeSet<String>();
        while (run.result().isEmpty()) {
            seen.addAll(tutti.progress(run).values());
            Thread.sleep(10);
        }
        return seen;
    }
}
