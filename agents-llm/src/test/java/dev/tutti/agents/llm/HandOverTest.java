package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model hands its task over by a tool that the run offers.
class HandOverTest {
    @TempDir Path folder;

    private Trial says(Object... replies) {
        var model = new HashMap<String, Object>();
        model.put("name", "m");
        model.put("provider", "scripted");
        model.put("replies", List.of(replies));
        return new Trial(folder).with("model", List.of(model));
    }

    private static Map<String, Object> calls(Map<String, ?> arguments) {
        return Map.of("tool_calls", List.of(Map.of("name", "hand_over", "args", arguments)));
    }

    private static Value.Struct may(String... to) {
        return Value.struct(
                "question",
                Value.text("?"),
                "hand_off",
                Value.struct("to", Value.from(List.of(to))));
    }

    @Test
    void a_call_of_the_tool_ends_its_part_of_the_task() throws Exception {
        var trial =
                says(calls(Map.of("to", "billing", "what", "an invoice", "reason", "not mine")));
        trial.input = may("billing", "network");
        assertThat(trial.perform())
                .isInstanceOfSatisfying(
                        Outcome.HandedOver.class,
                        handed -> {
                            assertThat(handed.to()).isEqualTo(new AgentId("billing"));
                            assertThat(handed.what()).isEqualTo(Value.text("an invoice"));
                            assertThat(handed.reason()).isEqualTo("not mine");
                        });
    }

    @Test
    void one_who_may_not_have_it_is_said_to_the_model() throws Exception {
        var trial =
                says(
                        calls(Map.of("to", "boss", "what", "x")),
                        Map.of("when", "is one of billing", "text", "I do it myself"));
        trial.input = may("billing");
        assertThat(trial.perform())
                .isEqualTo(Outcome.succeeded(Value.struct("text", Value.text("I do it myself"))));
    }

    @Test
    void where_nothing_may_be_handed_over_there_is_no_such_tool() throws Exception {
        var trial =
                says(
                        calls(Map.of("to", "billing", "what", "x")),
                        Map.of("when", "There is no tool `hand_over`", "text", "well"));
        assertThat(trial.perform())
                .isEqualTo(Outcome.succeeded(Value.struct("text", Value.text("well"))));
    }
}
