package dev.tutti.agents.llm;

import static dev.tutti.agents.llm.Provided.assertFailed;
import static dev.tutti.agents.llm.Provided.assertSucceeded;
import static dev.tutti.agents.llm.Provided.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One test for each way in which a model goes wrong, each with one outcome; at first, how it is
/// when none does.
@Timeout(60)
class ModelFaultsTest {
    private final Provided at;

    ModelFaultsTest(@TempDir Path store) throws IOException {
        at = new Provided(store);
    }

    @AfterEach
    void end() {
        at.close();
    }

    @Test
    void a_reply_is_streamed_counted_and_priced_to_the_last_digit() throws Exception {
        assertSucceeded(
                at.outcome(FakeReply.text("It is noon.").usageWithCache(1_000, 200, 30)),
                text("It is noon."));
        // 800 x 0.15 + 200 x 0.075 + 30 x 0.6 dollars for a million
        assertThat(at.trial.usage()).isEqualTo(new Usage(Money.of("0.000153"), 1_000, 30));
        assertThat(at.trial.last().get("usd")).isEqualTo(Value.text("0.000153"));
        assertThat(at.trial.last().get("answered_by")).isEqualTo(Value.text(FakeOpenAi.MODEL));
        assertThat(at.trial.shown).contains("It ", "It is ", "It is noon.");
        assertThat(at.server.requests())
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.get("stream")).isEqualTo(Value.of(true));
                    assertThat(request.get("model")).isEqualTo(Value.text("gpt-x"));
                });
    }

    @Test
    void a_model_without_a_price_costs_nothing_and_is_shown_as_unpriced() throws Exception {
        var free = at.model("free", Map.of());
        free.remove("price");
        at.trial.with("model", List.of(free));
        assertSucceeded(at.outcome(FakeReply.text("noon").usage(10, 2)), text("noon"));
        assertThat(at.trial.usage()).isEqualTo(new Usage(Money.ZERO, 10, 2));
        assertThat(at.trial.last().get("unpriced")).isEqualTo(Value.of(true));
    }

    @Test
    void keys_are_in_no_step() throws Exception {
        at.outcome(FakeReply.text("noon"));
        assertThat(at.trial.record.toString()).doesNotContain("key-1").contains("gpt-x");
    }

    @Test
    void a_refusal_is_permanent() throws Exception {
        assertFailed(
                at.outcome(FakeReply.refusal("I cannot help with that.")),
                Failure.Permanent.class,
                "refused",
                "I cannot help with that.");
    }

    @Test
    void a_content_filter_is_a_refusal() throws Exception {
        assertFailed(
                at.outcome(FakeReply.text("Well").finish("content_filter")),
                Failure.Permanent.class,
                "refused");
    }

    @Test
    void an_answer_that_is_cut_off_is_continued() throws Exception {
        assertSucceeded(
                at.outcome(
                        FakeReply.text("It is").finish("length"),
                        FakeReply.text(" noo").finish("length"),
                        FakeReply.text("n.")),
                text("It is noon."));
    }

    @Test
    void an_answer_without_end_is_permanent() throws Exception {
        var more = FakeReply.text("more ").finish("length");
        assertFailed(
                at.outcome(more, more, more, more),
                Failure.Permanent.class,
                "cut_off",
                "max_tokens",
                "4 replies");
    }

    @Test
    void half_an_object_is_mended_by_the_model_itself() throws Exception {
        at.trial.promising(Trial.struct("hour", Type.Scalar.INT, "sure", Type.Scalar.BOOL));
        assertSucceeded(
                at.outcome(
                        FakeReply.text("{\"hour\": 12, \"sure"),
                        FakeReply.text("{\"hour\": \"noon\", \"sure\": true}"),
                        FakeReply.text("```json\n{\"hour\": 12, \"sure\": true}\n```")),
                Value.struct("hour", Value.of(12), "sure", Value.of(true)));
        assertThat(at.server.requests().get(1).toString()).contains("it is not JSON");
        assertThat(at.server.requests().get(2).toString()).contains("answer.hour");
    }

    @Test
    void an_answer_that_never_fits_is_rejected_so_that_the_next_attempt_is_told() throws Exception {
        at.trial.promising(Trial.struct("hour", Type.Scalar.INT, "sure", Type.Scalar.BOOL));
        var wrong = FakeReply.text("{\"hour\": 12}");
        assertFailed(at.outcome(wrong, wrong, wrong), Failure.Rejected.class, "rejected", "sure");
        at.trial.feedback = Optional.of("`sure` is missing");
        assertSucceeded(
                at.outcome(FakeReply.json(Map.of("hour", 12, "sure", false))),
                Value.struct("hour", Value.of(12), "sure", Value.of(false)));
        assertThat(at.server.requests().getLast().toString()).contains("`sure` is missing");
    }

    @Test
    void a_model_that_says_nothing_is_asked_again_and_given_up_in_the_end() throws Exception {
        assertSucceeded(at.outcome(FakeReply.text(""), FakeReply.text("noon")), text("noon"));
        at.trial.record.clear();
        var nothing = FakeReply.text("");
        assertFailed(at.outcome(nothing, nothing, nothing), Failure.Permanent.class, "empty_reply");
    }

    @Test
    void an_unknown_tool_is_told_to_the_model_and_given_up_in_the_end() throws Exception {
        at.trial.tool(Trial.function("clock", _ -> Value.text("12:00")));
        assertSucceeded(
                at.outcome(FakeReply.call("clok", Map.of()), FakeReply.text("noon")), text("noon"));
        assertThat(at.server.requests().get(1).toString())
                .contains("There is no tool `clok`. There are: clock");
        at.trial.record.clear();
        assertFailed(
                at.outcome(
                        FakeReply.call("a", Map.of()),
                        FakeReply.call("b", Map.of()),
                        FakeReply.call("c", Map.of())),
                Failure.Permanent.class,
                "bad_tool_call",
                "3 times in a row",
                "There is no tool `c`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\": 1 | the arguments are no JSON",
                "[1] | no JSON object",
                "{\"x\": \"one\"} | `x` is of type integer, not string",
            })
    void bad_arguments_are_told_to_the_model(String arguments, String told) throws Exception {
        var called = new AtomicInteger();
        at.trial.tool(
                Trial.function(
                        "clock",
                        _ -> {
                            called.incrementAndGet();
                            return Value.text("12:00");
                        }));
        assertSucceeded(
                at.outcome(FakeReply.call("clock", arguments), FakeReply.text("noon")),
                text("noon"));
        assertThat(called).hasValue(0);
        assertThat(at.server.requests().get(1).toString()).contains(told);
    }

    @Test
    void the_same_call_is_made_twice_told_once_and_then_it_is_over() throws Exception {
        var called = new AtomicInteger();
        at.trial.tool(
                Trial.function(
                        "clock",
                        _ -> {
                            called.incrementAndGet();
                            return Value.text("12:00");
                        }));
        var call = FakeReply.call("clock", Map.of("x", 1));
        assertFailed(
                at.outcome(call, call, call, call),
                Failure.Permanent.class,
                "repetition",
                "clock (4)");
        assertThat(called).hasValue(2);
        assertThat(at.server.requests().get(3).toString())
                .contains("you have made this call with these arguments 2 times");
    }

    @Test
    void steps_are_limited_and_what_was_done_is_said() throws Exception {
        at.trial.tool(Trial.function("count", arguments -> arguments)).with("max_steps", 3);
        at.server.whenever(
                ".",
                FakeReply.call("count", Map.of("x", 1)),
                FakeReply.call("count", Map.of("x", 2)),
                FakeReply.call("count", Map.of("x", 3)));
        assertFailed(
                at.trial.perform(),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_steps",
                "3 replies, 45 tokens, calls of count (3)");
    }

    @Test
    void calls_are_limited() throws Exception {
        at.trial.tool(Trial.function("count", arguments -> arguments)).with("max_tool_calls", 1);
        assertFailed(
                at.outcome(FakeReply.call("count", "{\"x\":1}").andCall("count", "{\"x\":2}")),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_tool_calls");
    }

    @Test
    void tokens_of_an_attempt_are_limited() throws Exception {
        at.trial.tool(Trial.function("count", arguments -> arguments)).with("max_tokens", 100);
        assertFailed(
                at.outcome(FakeReply.call("count", Map.of()).usage(90, 20)),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_tokens");
    }

    @Test
    void a_call_that_cannot_fit_in_what_is_left_is_not_made() throws Exception {
        at.trial.with("max_tokens", 300);
        at.trial.input = Value.struct("question", Value.text("why ".repeat(400)));
        assertFailed(
                at.outcome(),
                Failure.Permanent.class,
                "limit_exceeded",
                "tokens to read",
                "`max_tokens` only 300",
                "not made");
        assertThat(at.server.requests()).isEmpty();
    }

    @Test
    void a_conversation_larger_than_a_window_goes_to_the_next_model_or_nowhere() throws Exception {
        var small = at.model("small", Map.of("context_window", 200));
        at.trial.input = Value.struct("question", Value.text("why ".repeat(400)));
        at.trial.with("model", List.of(small, at.model("large", Map.of("context_window", 2000))));
        assertSucceeded(at.outcome(FakeReply.text("So.").usage(450, 2)), text("So."));
        assertThat(at.trial.last("model")).contains("large");
        assertThat(at.trial.last("troubles")).contains("context_too_long", "`small` is 200");

        at.trial.record.clear();
        at.trial.with("model", List.of(small));
        assertFailed(
                at.outcome(),
                Failure.Permanent.class,
                "context_too_long",
                "`context_window` of model `small` is 200",
                "not called");
        assertThat(at.server.requests()).as("only the large one was called").hasSize(1);
    }
}
