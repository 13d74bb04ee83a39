package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.runtime.step.StepTaken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Notes for which there is no room are made shorter by the model that is to work with them.
@Timeout(60)
class CondensingTest {
    private static final int TOKENS = 300;

    /// Four reports of more than a hundred tokens each, of which a writer is given 300 in all.
    private static final String TEAM =
            """
            tutti: 1
            models:
              m:
                provider: scripted
                price: { input: 1, output: 1 }
                replies:
            %s
            agents:
              reporter:
                skills: [report]
                uses: simulated
                with: { latency: 1ms, output: { text: "%s" } }
              writer: { skills: [write], uses: llm, with: { model: m } }
            workflows:
              main:
                tasks:
                  tea:    { skill: report, input: { on: tea }, notes: { write: { said: "${output.text}" } } }
                  coffee: { skill: report, input: { on: coffee }, notes: { write: { said: "${output.text}" } } }
                  milk:   { skill: report, input: { on: milk }, notes: { write: { said: "${output.text}" } } }
                  water:  { skill: report, input: { on: water }, notes: { write: { said: "${output.text}" } } }
                  write:
                    skill: write
                    after: [tea, coffee, milk, water]
                    input: { topic: "What is sold how, and who says so?" }
                    notes: { read: "*" }
                    context: { tokens: %d%s }
                output: "${write}"
            """;

    @TempDir Path folder;

    private Recording run(String compact, String... replies) throws Exception {
        var all = String.join("\n", replies).indent(6).stripTrailing();
        var text = "${input.on} is sold by the litre, said the grocer. ".repeat(9).strip();
        var file =
                Files.writeString(
                        folder.resolve("team.yaml"), TEAM.formatted(all, text, TOKENS, compact));
        try (var tutti = Tutti.open(folder.resolve("store"))) {
            var run = tutti.submit(Team.read(file).goal("main", Map.of()));
            var result = run.await();
            assertThat(result.status())
                    .as(String.valueOf(result.failure()))
                    .isEqualTo(Status.SUCCEEDED);
            try (var reader = tutti.reader()) {
                return Recording.of(reader, run.stream());
            }
        }
    }

    private static List<StepTaken> steps(Recording recording) {
        return recording.conversations().values().stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .filter(step -> step.step().kind().equals("model"))
                .toList();
    }

    /// What the model was asked for a reply, without what it is told of its task in general.
    private static String asked(StepTaken step) {
        var messages = (Value.Array) ((Value.Struct) step.step().request()).get("messages");
        return messages == null ? "" : ((Value.Struct) messages.items().getLast()).text("text");
    }

    private static Value.Struct input(StepTaken step) {
        return (Value.Struct) Json.parse(asked(step).substring(asked(step).indexOf('{')));
    }

    @Test
    void what_does_not_fit_is_summed_up_first_and_all_of_it_is_within_the_budget()
            throws Exception {
        var steps =
                steps(
                        run(
                                ", compact: model",
                                "- { when: Sum the notes up, text: \"All are sold by the litre"
                                        + " [tea.said].\" }",
                                "- { when: notes_in_short, text: By the litre. }"));

        assertThat(steps).hasSize(2);
        assertThat(asked(steps.get(0))).contains("key=\"water.said\"", "What is sold how");
        var input = input(steps.get(1));
        assertThat(input.text("notes_in_short")).isEqualTo("All are sold by the litre [tea.said].");
        assertThat(input.get("notes"))
                .asString()
                .contains("coffee is sold")
                .doesNotContain("tea.said");
        assertThat(Context.tokens(input)).isLessThanOrEqualTo(TOKENS);
        assertThat(steps.get(0).taken().usage().usd()).isGreaterThan(Money.ZERO);
    }

    @Test
    void of_a_summary_that_is_too_long_as_many_sentences_are_kept_as_fit() throws Exception {
        var steps =
                steps(
                        run(
                                ", compact: model",
                                "- { when: Sum the notes up, text: \""
                                        + "Everything is sold by the litre [tea.said]. ".repeat(20)
                                        + "\" }",
                                "- { when: notes_in_short, text: By the litre. }"));

        var input = input(steps.get(1));
        assertThat(input.text("notes_in_short")).endsWith("[tea.said].").hasSizeGreaterThan(80);
        assertThat(Context.tokens(input)).isLessThanOrEqualTo(TOKENS);
    }

    @Test
    void without_it_nobody_is_called_for_that() throws Exception {
        var steps = steps(run("", "- { when: What is sold, text: By the litre. }"));

        assertThat(steps).hasSize(1);
        assertThat(Context.tokens(input(steps.get(0)))).isLessThanOrEqualTo(TOKENS);
    }
}
