package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.evidence.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What dispatch learns, and who has how much, as users of team files and of the builder get it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class LearnedDispatchTest {
    private static final int RUNS = 320;
    private static final int LAST = 80;

    private static final List<String> SUMS =
            List.of("add the amounts of this invoice", "which invoice amount is the largest");
    private static final List<String> POEMS =
            List.of("write a poem about the sea", "rhyme a short poem on autumn");

    private static final String FILE =
            """
            tutti: 1
            dispatch: { by: learned, content: CONTENT }
            agents:
              clerk: { skills: [do], uses: function }
              poet: { skills: [do], uses: function }
            workflows:
              work:
                input: { text: string, kind: string }
                tasks:
                  it: { skill: do, input: { text: "${input.text}" } }
                output: "${it.by}"
            """;

    private static AgentExecutor goodAt(String name, String word) {
        return attempt ->
                attempt.input().text("text").contains(word)
                        ? Outcome.succeeded(Value.struct("by", Value.text(name)))
                        : Outcome.failed(new Failure.Permanent("cannot", "not this"));
    }

    private static Tutti with(Tutti tutti) {
        return tutti.function("clerk", goodAt("clerk", "invoice"))
                .function("poet", goodAt("poet", "poem"));
    }

    /// The share of the last runs whose first attempt was at the one who can.
    private static double right(Tutti tutti, Team team) throws Exception {
        int right = 0;
        for (int i = 0; i < RUNS; i++) {
            var text = (i % 2 == 0 ? SUMS : POEMS).get(i / 2 % 2);
            var run = tutti.submit(team.goal("work", Map.of("text", text, "kind", i % 2 + "")));
            var result = run.await();
            boolean first = result.output() instanceof Value.Text;
            right += first && i >= RUNS - LAST ? 1 : 0;
        }
        return right / (double) LAST;
    }

    private static Team file(Path folder, String content) throws Exception {
        var file = folder.resolve("team.yaml");
        Files.writeString(file, FILE.replace("CONTENT", content));
        return Team.read(file);
    }

    @Test
    void who_is_good_at_what_is_learned_from_the_words_of_tasks(@TempDir Path folder)
            throws Exception {
        try (var tutti = with(Tutti.inMemory())) {
            assertThat(right(tutti, file(folder, "words"))).isGreaterThan(0.8);
        }
        try (var tutti = with(Tutti.inMemory())) {
            assertThat(right(tutti, file(folder, "none"))).isLessThan(0.7);
        }
    }

    @Test
    void a_program_can_say_itself_what_tasks_are_about() throws Exception {
        var team =
                Team.define()
                        .agent("clerk", List.of("do"), goodAt("clerk", "invoice"))
                        .agent("poet", List.of("do"), goodAt("poet", "poem"))
                        .dispatch(Map.of("by", "learned"))
                        .workflow(
                                "work",
                                w ->
                                        w.input(Map.of("text", "string", "kind", "string"))
                                                .task(
                                                        "it",
                                                        "do",
                                                        Map.of(
                                                                "text", "${input.text}",
                                                                "kind", "${input.kind}"))
                                                .output("${it.by}"));
        try (var tutti =
                Tutti.inMemory()
                        .contents((input, _) ->
                                Content.of(
                                        input.text("kind").equals("0")
                                                ? new float[] {1, 0}
                                                : new float[] {0, 1}))) {
            assertThat(right(tutti, team)).isGreaterThan(0.8);
        }
    }

    @Test
    void runs_of_a_workflow_that_weighs_three_times_as_much_have_three_of_four_places()
            throws Exception {
        var done = Collections.synchronizedList(new ArrayList<String>());
        var both = new CountDownLatch(1);
        var team =
                Team.define()
                        .agent(
                                "one",
                                "do",
                                attempt -> {
                                    both.await();
                                    done.add(attempt.input().text("whose"));
                                    return Map.of();
                                })
                        .declare("one", Map.of("limits", Map.of("concurrency", 1)))
                        .workflow("heavy", w -> items(w, "heavy").weight(3))
                        .workflow("light", w -> items(w, "light"));
        try (var tutti = Tutti.inMemory()) {
            var first = tutti.submit(team.goal("light", Map.of()));
            var second = tutti.submit(team.goal("heavy", Map.of()));
            both.countDown();
            first.await();
            second.await();
        }
        assertThat(done.subList(0, 40).stream().filter("heavy"::equals).count())
                .isBetween(28L, 32L);
    }

    private static Team.Workflow items(Team.Workflow workflow, String whose) {
        var items = "${" + Collections.nCopies(40, 1) + "}";
        return workflow.input(Map.of())
                .task("it", "do", Map.of("whose", whose), Map.of("each", items));
    }
}
