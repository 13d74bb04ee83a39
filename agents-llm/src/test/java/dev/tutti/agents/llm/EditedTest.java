package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a model is told of people's changes.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class EditedTest {
    /// A model that pays what was asked for at first, unless it is told that somebody decided
    /// otherwise.
    private static final String TEAM =
            """
            tutti: 1
            models:
              teller:
                provider: scripted
                replies:
                  - { when: "ana changed this input: `amount` was 1250 and is 125", json: { paid: 125 } }
                  - { json: { paid: 1250 } }
            skills:
              pay: { input: { order: string, amount: int }, output: { paid: int } }
            agents:
              payer: { skills: [pay], uses: llm, with: { model: teller } }
              boss:  { uses: human, with: { ask: ana } }
            workflows:
              refund:
                tasks:
                  pay: { skill: pay, approve: boss, input: { order: A7, amount: 1250 } }
                output: "${pay.paid}"
            """;

    @TempDir Path folder;

    private Value paid(Value.Struct edited) throws Exception {
        var file = Files.writeString(folder.resolve("team.yaml"), TEAM);
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(Team.read(file).goal("refund", Map.of()));
            long question = asked(run);
            tutti.inTheNameOf("ana")
                    .run(run.id().value())
                    .ask(
                            new Request.Answer(
                                    question, Value.text(Question.APPROVE), "", null, edited),
                            null);
            return run.await().output();
        }
    }

    private static long asked(Run run) throws InterruptedException {
        while (run.load().state().questions().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return run.load().state().questions().keySet().iterator().next();
    }

    @Test
    void a_model_whose_input_a_person_changed_is_told_who_and_how_and_does_that() throws Exception {
        assertThat(paid(Value.struct("order", Value.text("A7"), "amount", Value.of(125))))
                .isEqualTo(Value.of(125));
    }

    @Test
    void what_was_approved_as_it_was_is_done_as_it_was() throws Exception {
        assertThat(paid(Value.struct("order", Value.text("A7"), "amount", Value.of(1250))))
                .isEqualTo(Value.of(1250));
    }
}
