package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedModelTest {
    @TempDir Path folder;

    private Trial says(Map<String, ?> more, Object... replies) {
        var model = new HashMap<String, Object>(more);
        model.put("name", "m");
        model.put("provider", "scripted");
        if (replies.length > 0) {
            model.put("replies", List.of(replies));
        }
        return new Trial(folder).with("model", List.of(model));
    }

    private static Value text(String text) {
        return Value.struct("text", Value.text(text));
    }

    @Test
    void replies_come_in_turn_and_the_first_that_fits_is_taken() throws Exception {
        var trial =
                says(
                        Map.of("price", Map.of("input", 3, "output", 15)),
                        Map.of(
                                "when",
                                "What is the time",
                                "tool_calls",
                                List.of(Map.of("name", "clock")),
                                "usage",
                                Map.of("input", 100, "output", 10)),
                        Map.of("when", "never said", "text", "no"),
                        Map.of(
                                "when",
                                "12:00",
                                "text",
                                "It is noon.",
                                "usage",
                                Map.of("input", 200, "output", 20)));
        trial.tool(Trial.function("clock", _ -> Value.text("12:00")));
        assertThat(trial.perform()).isEqualTo(Outcome.succeeded(text("It is noon.")));
        // 300 x 3 + 30 x 15 dollars for a million
        assertThat(trial.usage()).isEqualTo(new Usage(Money.of("0.00135"), 300, 30));
    }

    @Test
    void an_error_is_made_once_and_the_same_reply_may_be_taken_again_where_that_is_said()
            throws Exception {
        var trial =
                says(
                        Map.of(),
                        Map.of("error", "rate_limited", "retry_after", "10ms"),
                        Map.of("error", "model_unavailable"),
                        Map.of("repeat", true, "text", "noon"));
        assertThat(trial.perform()).isEqualTo(Outcome.succeeded(text("noon")));
        assertThat(trial.last("troubles")).contains("rate_limited", "model_unavailable");
    }

    @Test
    void an_object_can_be_written_as_one() throws Exception {
        var trial = says(Map.of(), Map.of("json", Map.of("hour", 12)));
        trial.promising(Trial.struct("hour", dev.tutti.core.event.Type.Scalar.INT));
        assertThat(trial.perform())
                .isEqualTo(Outcome.succeeded(Value.struct("hour", Value.of(12))));
    }

    @Test
    void what_is_not_in_the_script_is_a_failure_that_says_what_was_asked() throws Exception {
        var trial = says(Map.of(), Map.of("when", "the weather", "text", "fine"));
        assertThat(trial.perform())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(Failure.Permanent.class);
                            assertThat(failed.failure().code()).isEqualTo("not_in_script");
                            assertThat(failed.failure().message()).contains("What is the time?");
                        });
    }

    @Test
    void a_script_can_be_a_file() throws Exception {
        var file = folder.resolve("script.yaml");
        Files.writeString(file, "replies:\n  - { when: time, text: noon }\n");
        assertThat(says(Map.of("script", file.toString())).perform())
                .isEqualTo(Outcome.succeeded(text("noon")));
    }

    @Test
    void what_is_wrong_with_a_script_is_said_with_its_place() throws IOException {
        assertThatThrownBy(() -> says(Map.of(), "hello", Map.of("txt", "hello")).perform())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reply 2 of the script: `txt` is not known");
        assertThatThrownBy(() -> says(Map.of(), Map.of("error", "tired")).perform())
                .hasMessageContaining("`error` is one of rate_limited,");
        assertThatThrownBy(() -> says(Map.of("script", "none.yaml")).perform())
                .hasMessageContaining("there is no script");
        var file = folder.resolve("bad.yaml");
        Files.writeString(file, "- [");
        assertThatThrownBy(() -> says(Map.of("script", file.toString())).perform())
                .hasMessageContaining("the script is no YAML");
    }
}
