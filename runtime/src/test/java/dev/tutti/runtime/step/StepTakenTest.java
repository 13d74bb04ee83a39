package dev.tutti.runtime.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt.Step;
import dev.tutti.runtime.agent.Attempt.Taken;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StepTakenTest {
    private static final StepTaken STEP =
            new StepTaken(
                    2,
                    7,
                    new Step("tool", "files.read", Value.struct("path", Value.text("a"))),
                    new Taken(Value.NULL, new Usage(new Money(new BigDecimal("0.010")), 3, 1)));

    private static Entry entry(NewEntry event) {
        var stream = StreamId.attempt(StreamId.run(TenantId.LOCAL, new RunId("R1")), 7);
        return new Entry(1, stream, 1, 1, event, new byte[0]);
    }

    @Test
    void a_step_is_kept_in_this_form_and_read_again() {
        assertThat(Json.text(STEP.value()))
                .isEqualTo(
                        "{\"number\":2,\"token\":7,\"kind\":\"tool\",\"name\":\"files.read\","
                                + "\"request\":{\"path\":\"a\"},\"result\":null,"
                                + "\"usage\":{\"usd\":\"0.01\",\"input_tokens\":3,\"output_tokens\":1}}");
        assertThat(StepTaken.of(entry(STEP.entry(Instant.EPOCH, "agent/one")))).isEqualTo(STEP);
    }

    @Test
    void a_step_of_a_later_version_halts_its_run_and_not_the_engine() {
        var kept = STEP.entry(Instant.EPOCH, "agent/one");
        var later = new NewEntry(kept.type(), 2, kept.at(), "agent/one", "", null, kept.payload());
        assertThatThrownBy(() -> StepTaken.of(entry(later)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("was written by a later Tutti");
    }

    @Test
    void what_is_no_step_is_refused_with_what_is_missing() {
        assertThatThrownBy(() -> StepTaken.of(Value.struct("usage", Value.Struct.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`number` is missing");
    }
}
