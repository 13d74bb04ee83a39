package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import dev.tutti.testkit.FakeReply.Manner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One test for each way in which models and providers go wrong, each with one outcome.
@Timeout(60)
class MisbehaviourTest {
    @TempDir Path store;
    private FakeOpenAi server = startedLater();
    private Trial trial = new Trial(Path.of(""));

    private static FakeOpenAi startedLater() {
        try {
            return FakeOpenAi.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void begin() {
        trial = new Trial(store).with("model", List.of(model("fast", Map.of())));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Map<String, Object> model(String name, Map<String, ?> more) {
        var model = new java.util.HashMap<String, Object>();
        model.put("name", name);
        model.put("provider", "openai");
        model.put("model", "gpt-x");
        model.put("base_url", server.baseUrl());
        model.put("api_key", "key-1");
        model.put("price", Map.of("input", 0.15, "output", 0.6, "cached_input", 0.075));
        model.put("timeout", "20s");
        model.putAll(more);
        return model;
    }

    private Outcome outcome(FakeReply... replies) throws Exception {
        server.replies(replies);
        return trial.perform();
    }

    private static Value text(String text) {
        return Value.struct("text", Value.text(text));
    }

    private static void assertFailed(
            Outcome outcome, Class<? extends Failure> type, String code, String... words) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(type);
                            assertThat(failed.failure().code()).isEqualTo(code);
                            for (var word : words) {
                                assertThat(failed.failure().message()).contains(word);
                            }
                        });
    }

    private static void assertSucceeded(Outcome outcome, Value output) {
        assertThat(outcome).isEqualTo(Outcome.succeeded(output));
    }

    // ---- as it should be

    @Test
    void a_reply_is_streamed_counted_and_priced_to_the_last_digit() throws Exception {
        assertSucceeded(
                outcome(FakeReply.text("It is noon.").usageWithCache(1_000, 200, 30)),
                text("It is noon."));
        // 800 x 0.15 + 200 x 0.075 + 30 x 0.6 dollars for a million
        assertThat(trial.usage()).isEqualTo(new Usage(Money.of("0.000153"), 1_000, 30));
        assertThat(trial.last().get("usd")).isEqualTo(Value.text("0.000153"));
        assertThat(trial.last().get("answered_by")).isEqualTo(Value.text(FakeOpenAi.MODEL));
        assertThat(trial.shown).contains("It ", "It is ", "It is noon.");
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.get("stream")).isEqualTo(Value.of(true));
                    assertThat(request.get("model")).isEqualTo(Value.text("gpt-x"));
                });
    }

    @Test
    void a_model_without_a_price_costs_nothing_and_is_shown_as_unpriced() throws Exception {
        var free = model("free", Map.of());
        free.remove("price");
        trial.with("model", List.of(free));
        assertSucceeded(outcome(FakeReply.text("noon").usage(10, 2)), text("noon"));
        assertThat(trial.usage()).isEqualTo(new Usage(Money.ZERO, 10, 2));
        assertThat(trial.last().get("unpriced")).isEqualTo(Value.of(true));
    }

    @Test
    void keys_are_in_no_step() throws Exception {
        outcome(FakeReply.text("noon"));
        assertThat(trial.record.toString()).doesNotContain("key-1").contains("gpt-x");
    }

    // ---- what the model does

    @Test
    void a_refusal_is_permanent() throws Exception {
        assertFailed(
                outcome(FakeReply.refusal("I cannot help with that.")),
                Failure.Permanent.class,
                "refused",
                "I cannot help with that.");
    }

    @Test
    void a_content_filter_is_a_refusal() throws Exception {
        assertFailed(
                outcome(FakeReply.text("Well").finish("content_filter")),
                Failure.Permanent.class,
                "refused");
    }

    @Test
    void an_answer_that_is_cut_off_is_continued() throws Exception {
        assertSucceeded(
                outcome(
                        FakeReply.text("It is").finish("length"),
                        FakeReply.text(" noo").finish("length"),
                        FakeReply.text("n.")),
                text("It is noon."));
    }

    @Test
    void an_answer_without_end_is_permanent() throws Exception {
        var more = FakeReply.text("more ").finish("length");
        assertFailed(
                outcome(more, more, more, more),
                Failure.Permanent.class,
                "cut_off",
                "max_tokens",
                "4 replies");
    }

    @Test
    void half_an_object_is_mended_by_the_model_itself() throws Exception {
        trial.promising(Trial.struct("hour", Type.Scalar.INT, "sure", Type.Scalar.BOOL));
        assertSucceeded(
                outcome(
                        FakeReply.text("{\"hour\": 12, \"sure"),
                        FakeReply.text("{\"hour\": \"noon\", \"sure\": true}"),
                        FakeReply.text("```json\n{\"hour\": 12, \"sure\": true}\n```")),
                Value.struct("hour", Value.of(12), "sure", Value.of(true)));
        assertThat(server.requests().get(1).toString()).contains("it is not JSON");
        assertThat(server.requests().get(2).toString()).contains("answer.hour");
    }

    @Test
    void an_answer_that_never_fits_is_rejected_so_that_the_next_attempt_is_told() throws Exception {
        trial.promising(Trial.struct("hour", Type.Scalar.INT, "sure", Type.Scalar.BOOL));
        var wrong = FakeReply.text("{\"hour\": 12}");
        assertFailed(outcome(wrong, wrong, wrong), Failure.Rejected.class, "rejected", "sure");
        trial.feedback = java.util.Optional.of("`sure` is missing");
        assertSucceeded(
                outcome(FakeReply.json(Map.of("hour", 12, "sure", false))),
                Value.struct("hour", Value.of(12), "sure", Value.of(false)));
        assertThat(server.requests().getLast().toString()).contains("`sure` is missing");
    }

    @Test
    void a_model_that_says_nothing_is_asked_again_and_given_up_in_the_end() throws Exception {
        assertSucceeded(outcome(FakeReply.text(""), FakeReply.text("noon")), text("noon"));
        trial.record.clear();
        var nothing = FakeReply.text("");
        assertFailed(outcome(nothing, nothing, nothing), Failure.Permanent.class, "empty_reply");
    }

    @Test
    void an_unknown_tool_is_told_to_the_model_and_given_up_in_the_end() throws Exception {
        trial.tool(Trial.function("clock", _ -> Value.text("12:00")));
        assertSucceeded(
                outcome(FakeReply.call("clok", Map.of()), FakeReply.text("noon")), text("noon"));
        assertThat(server.requests().get(1).toString())
                .contains("There is no tool `clok`. There are: clock");
        trial.record.clear();
        assertFailed(
                outcome(
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
        trial.tool(
                Trial.function(
                        "clock",
                        _ -> {
                            called.incrementAndGet();
                            return Value.text("12:00");
                        }));
        assertSucceeded(
                outcome(FakeReply.call("clock", arguments), FakeReply.text("noon")), text("noon"));
        assertThat(called).hasValue(0);
        assertThat(server.requests().get(1).toString()).contains(told);
    }

    @Test
    void the_same_call_is_made_twice_told_once_and_then_it_is_over() throws Exception {
        var called = new AtomicInteger();
        trial.tool(
                Trial.function(
                        "clock",
                        _ -> {
                            called.incrementAndGet();
                            return Value.text("12:00");
                        }));
        var call = FakeReply.call("clock", Map.of("x", 1));
        assertFailed(
                outcome(call, call, call, call),
                Failure.Permanent.class,
                "repetition",
                "clock (4)");
        assertThat(called).hasValue(2);
        assertThat(server.requests().get(3).toString())
                .contains("you have made this call with these arguments 2 times");
    }

    @Test
    void steps_are_limited_and_what_was_done_is_said() throws Exception {
        trial.tool(Trial.function("count", arguments -> arguments)).with("max_steps", 3);
        server.whenever(
                ".",
                FakeReply.call("count", Map.of("x", 1)),
                FakeReply.call("count", Map.of("x", 2)),
                FakeReply.call("count", Map.of("x", 3)));
        assertFailed(
                trial.perform(),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_steps",
                "3 replies, 45 tokens, calls of count (3)");
    }

    @Test
    void calls_are_limited() throws Exception {
        trial.tool(Trial.function("count", arguments -> arguments)).with("max_tool_calls", 1);
        assertFailed(
                outcome(FakeReply.call("count", "{\"x\":1}").andCall("count", "{\"x\":2}")),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_tool_calls");
    }

    @Test
    void tokens_of_an_attempt_are_limited() throws Exception {
        trial.tool(Trial.function("count", arguments -> arguments)).with("max_tokens", 100);
        assertFailed(
                outcome(FakeReply.call("count", Map.of()).usage(90, 20)),
                Failure.Permanent.class,
                "limit_exceeded",
                "max_tokens");
    }

    // ---- what the provider does

    @Test
    void missing_usage_is_estimated_and_marked() throws Exception {
        assertSucceeded(outcome(FakeReply.text("It is noon.").withoutUsage()), text("It is noon."));
        assertThat(trial.usage().outputTokens()).isBetween(3L, 6L);
        assertThat(trial.usage().inputTokens()).isBetween(20L, 60L);
        assertThat(trial.last("usage")).contains("estimated");
    }

    @Test
    void a_provider_that_wants_to_be_left_alone_is_left_alone_for_that_long() throws Exception {
        long begun = System.nanoTime();
        assertSucceeded(
                outcome(
                        FakeReply.error(429, "slow down").header("Retry-After", "1"),
                        FakeReply.text("noon")),
                text("noon"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofSeconds(1));
        assertThat(trial.last("troubles")).contains("rate_limited");
    }

    @Test
    void a_provider_that_wants_to_be_left_alone_for_longer_is_a_passing_failure() throws Exception {
        trial.with("max_wait", "5s");
        assertFailed(
                outcome(FakeReply.error(429, "slow down").header("Retry-After", "600")),
                Failure.Transient.class,
                "rate_limited",
                "slow down");
        assertThat(trial.record).isEmpty();
    }

    @Test
    void an_account_without_credit_is_permanent() throws Exception {
        assertFailed(
                outcome(
                        FakeReply.raw(
                                429,
                                "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"You exceeded\"}}")),
                Failure.Permanent.class,
                "model_denied",
                "credit");
    }

    @ParameterizedTest
    @CsvSource({
        "500, model_unavailable, true",
        "503, model_unavailable, true",
        "529, model_unavailable, true",
        "401, model_denied, false",
        "403, model_denied, false",
        "404, model_not_found, false",
        "400, bad_request, false",
    })
    void a_status_has_one_meaning(int status, String code, boolean passing) throws Exception {
        trial.with("model", List.of(model("fast", Map.of("retries", 1))));
        server.whenever(".", FakeReply.error(status, "so it is"));
        assertFailed(
                trial.perform(),
                passing ? Failure.Transient.class : Failure.Permanent.class,
                code,
                "so it is");
        assertThat(server.requests()).hasSize(passing ? 2 : 1);
    }

    @Test
    void a_key_that_is_not_accepted_comes_with_the_mend() throws Exception {
        var outcome = outcome(FakeReply.error(401, "Incorrect API key key-1"));
        assertFailed(outcome, Failure.Permanent.class, "model_denied", "`api_key`", "Incorrect");
        assertThat(outcome.toString()).doesNotContain("key-1");
    }

    @Test
    void a_conversation_that_is_too_long_is_permanent() throws Exception {
        assertFailed(
                outcome(FakeReply.error(400, "This model's maximum context length is 8192 tokens")),
                Failure.Permanent.class,
                "context_too_long",
                "8192");
    }

    @Test
    void half_json_on_the_line_is_asked_for_again() throws Exception {
        assertSucceeded(
                outcome(FakeReply.text("It is").manner(Manner.HALF), FakeReply.text("noon")),
                text("noon"));
        assertThat(trial.last("troubles")).contains("bad_reply");
    }

    @Test
    void a_connection_that_breaks_is_a_passing_failure() throws Exception {
        trial.with("model", List.of(model("fast", Map.of("retries", 0))));
        assertFailed(
                outcome(FakeReply.text("It is").manner(Manner.BROKEN)),
                Failure.Transient.class,
                "connection_lost");
    }

    @Test
    void nobody_there_is_a_passing_failure_with_the_mend() throws Exception {
        server.close();
        trial.with("model", List.of(model("fast", Map.of("retries", 0))));
        assertFailed(trial.perform(), Failure.Transient.class, "connection_lost", "`base_url`");
    }

    @Test
    void a_page_instead_of_a_reply_is_no_reply() throws Exception {
        trial.with("model", List.of(model("fast", Map.of("retries", 0))));
        assertFailed(
                outcome(
                        FakeReply.raw(200, "<html>hello</html>")
                                .header("Content-Type", "text/html")),
                Failure.Transient.class,
                "bad_reply",
                "text/html");
    }

    @Test
    void an_error_in_the_middle_of_a_stream_is_a_passing_failure() throws Exception {
        trial.with("model", List.of(model("fast", Map.of("retries", 0))));
        assertFailed(
                outcome(
                        FakeReply.raw(
                                        200,
                                        "data: {\"error\":{\"message\":\"The server is overloaded\"}}\n\n")
                                .header("Content-Type", "text/event-stream")),
                Failure.Transient.class,
                "model_unavailable",
                "overloaded");
    }

    @Test
    void another_model_stands_in_after_a_passing_failure_and_stays() throws Exception {
        try (var other = FakeOpenAi.start()) {
            trial.with(
                            "model",
                            List.of(
                                    model("fast", Map.of("retries", 0)),
                                    model("spare", Map.of("base_url", other.baseUrl()))))
                    .tool(Trial.function("clock", _ -> Value.text("12:00")));
            other.replies(FakeReply.call("clock", Map.of()), FakeReply.text("noon"));
            assertSucceeded(outcome(FakeReply.error(503, "down")), text("noon"));
            assertThat(server.requests()).hasSize(1);
            assertThat(other.requests()).hasSize(2);
            assertThat(trial.last().get("model")).isEqualTo(Value.text("spare"));
        }
    }

    @Test
    void no_model_stands_in_for_one_that_is_denied() throws Exception {
        trial.with("model", List.of(model("fast", Map.of()), model("spare", Map.of())));
        assertFailed(
                outcome(FakeReply.error(401, "no"), FakeReply.text("noon")),
                Failure.Permanent.class,
                "model_denied");
    }

    @Test
    void when_none_replies_the_first_one_says_why() throws Exception {
        trial.with("model", List.of(model("fast", Map.of("retries", 0)), model("spare", Map.of())));
        assertFailed(
                outcome(FakeReply.error(503, "down"), FakeReply.error(401, "no")),
                Failure.Transient.class,
                "model_unavailable",
                "down");
    }

    @Test
    void a_model_without_a_key_says_what_to_write() throws Exception {
        var keyless = model("fast", Map.of());
        keyless.remove("api_key");
        keyless.remove("base_url");
        trial.with("model", List.of(keyless));
        org.assertj.core.api.Assertions.assertThatThrownBy(trial::perform)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("api_key: \"${secret.OPENAI_API_KEY}\"");
    }

    // ---- slow and endless (R17)

    @Test
    void a_server_that_takes_the_call_and_never_answers_is_left_at_the_deadline() throws Exception {
        assertLeftAtTheDeadline(FakeReply.text("").manner(Manner.SILENT), "model_timeout");
    }

    @Test
    void a_server_that_sends_a_byte_in_ten_seconds_is_left_at_the_deadline() throws Exception {
        assertLeftAtTheDeadline(FakeReply.text("noon").manner(Manner.DRIPPING), "model_timeout");
    }

    private void assertLeftAtTheDeadline(FakeReply reply, String code) throws Exception {
        trial.with("model", List.of(model("fast", Map.of("timeout", "1s"))));
        long begun = System.nanoTime();
        assertFailed(outcome(reply), Failure.Transient.class, code);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(950), Duration.ofSeconds(2));
    }

    @Test
    void an_endless_body_is_cut_at_its_limit() throws Exception {
        assertFailed(
                outcome(FakeReply.text("").manner(Manner.ENDLESS)),
                Failure.Transient.class,
                "endless_reply");
    }

    @Test
    void a_million_pieces_are_too_many_and_take_no_thread() throws Exception {
        int threads = Thread.activeCount();
        assertFailed(
                outcome(FakeReply.text("x").pieces(1_000_000)),
                Failure.Transient.class,
                "endless_reply");
        assertThat(Thread.activeCount()).isLessThan(threads + 10);
    }

    @Test
    void an_attempt_that_is_not_wanted_any_more_stops_at_once() throws Exception {
        server.replies(FakeReply.text("").manner(Manner.SILENT));
        var thrown = new java.util.concurrent.CompletableFuture<Throwable>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                trial.perform();
                                thrown.complete(new AssertionError("it ended"));
                            } catch (Throwable e) {
                                thrown.complete(e);
                            }
                        });
        while (server.requests().isEmpty()) {
            Thread.sleep(5);
        }
        thread.interrupt();
        assertThat(thrown.get(1, java.util.concurrent.TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
    }
}
