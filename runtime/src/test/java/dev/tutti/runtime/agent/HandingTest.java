package dev.tutti.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandingTest {
    private static final Value.Struct MAY =
            Value.struct("hand_off", Value.struct("to", Value.from(List.of("billing", "network"))));

    private static Outcome gives(Value.Struct input, Value handOver) {
        return Handing.read(input, Outcome.succeeded(Value.struct("hand_over", handOver)));
    }

    @Test
    void a_result_with_a_field_hand_over_hands_the_task_over() {
        var said =
                Value.struct(
                        "to",
                        Value.text("billing"),
                        "what",
                        Value.of(7),
                        "reason",
                        Value.text("r"));
        assertThat(gives(MAY, said))
                .isEqualTo(
                        new Outcome.HandedOver(
                                new AgentId("billing"), Value.of(7), "r", Usage.NONE));
        assertThat(gives(MAY, Value.struct("to", Value.text("billing"))))
                .isEqualTo(
                        new Outcome.HandedOver(new AgentId("billing"), Value.NULL, "", Usage.NONE));
    }

    @Test
    void where_nothing_may_be_handed_over_the_field_is_a_field_like_any_other() {
        var said = Value.struct("to", Value.text("billing"));
        assertThat(gives(Value.Struct.EMPTY, said)).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void what_names_nobody_is_said_to_the_agent() {
        assertThat(gives(MAY, Value.text("billing")))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed ->
                                assertThat(failed.failure()).isInstanceOf(Failure.Rejected.class));
    }

    @Test
    void those_to_whom_it_may_go_are_in_the_input() {
        assertThat(Handing.to(MAY)).containsExactly("billing", "network");
        assertThat(Handing.to(Value.Struct.EMPTY)).isEmpty();
    }
}
