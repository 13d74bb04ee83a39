package dev.tutti.agents.llm;

import static dev.tutti.agents.llm.Provided.assertFailed;
import static dev.tutti.agents.llm.Provided.assertSucceeded;
import static dev.tutti.agents.llm.Provided.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import dev.tutti.testkit.FakeReply.Manner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One test for each way in which a provider goes wrong, each with one outcome.
@Timeout(60)
class ProviderFaultsTest {
    private final Provided at;

    ProviderFaultsTest(@TempDir Path store) throws IOException {
        at = new Provided(store);
    }

    @AfterEach
    void end() {
        at.close();
    }

    @Test
    void missing_usage_is_estimated_and_marked() throws Exception {
        assertSucceeded(
                at.outcome(FakeReply.text("It is noon.").withoutUsage()), text("It is noon."));
        assertThat(at.trial.usage().outputTokens()).isBetween(3L, 6L);
        assertThat(at.trial.usage().inputTokens()).isBetween(20L, 60L);
        assertThat(at.trial.last("usage")).contains("estimated");
    }

    @Test
    void a_provider_that_wants_to_be_left_alone_is_left_alone_for_that_long() throws Exception {
        long begun = System.nanoTime();
        assertSucceeded(
                at.outcome(
                        FakeReply.error(429, "slow down").header("Retry-After", "1"),
                        FakeReply.text("noon")),
                text("noon"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofSeconds(1));
        assertThat(at.trial.last("troubles")).contains("rate_limited");
    }

    @Test
    void a_provider_that_wants_to_be_left_alone_for_longer_is_a_passing_failure() throws Exception {
        at.trial.with("max_wait", "5s");
        assertFailed(
                at.outcome(FakeReply.error(429, "slow down").header("Retry-After", "600")),
                Failure.Transient.class,
                "rate_limited",
                "slow down");
        assertThat(at.trial.record).isEmpty();
    }

    @Test
    void an_account_without_credit_is_permanent() throws Exception {
        assertFailed(
                at.outcome(
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
        at.trial.with("model", List.of(at.model("fast", Map.of("retries", 1))));
        at.server.whenever(".", FakeReply.error(status, "so it is"));
        assertFailed(
                at.trial.perform(),
                passing ? Failure.Transient.class : Failure.Permanent.class,
                code,
                "so it is");
        assertThat(at.server.requests()).hasSize(passing ? 2 : 1);
    }

    @Test
    void a_key_that_is_not_accepted_comes_with_the_mend() throws Exception {
        var outcome = at.outcome(FakeReply.error(401, "Incorrect API key key-1"));
        assertFailed(outcome, Failure.Permanent.class, "model_denied", "`api_key`", "Incorrect");
        assertThat(outcome.toString()).doesNotContain("key-1");
    }

    @Test
    void a_conversation_that_is_too_long_is_permanent() throws Exception {
        assertFailed(
                at.outcome(
                        FakeReply.error(400, "This model's maximum context length is 8192 tokens")),
                Failure.Permanent.class,
                "context_too_long",
                "8192");
    }

    @Test
    void half_json_on_the_line_is_asked_for_again() throws Exception {
        assertSucceeded(
                at.outcome(FakeReply.text("It is").manner(Manner.HALF), FakeReply.text("noon")),
                text("noon"));
        assertThat(at.trial.last("troubles")).contains("bad_reply");
    }

    @Test
    void a_connection_that_breaks_is_a_passing_failure() throws Exception {
        at.trial.with("model", List.of(at.model("fast", Map.of("retries", 0))));
        assertFailed(
                at.outcome(FakeReply.text("It is").manner(Manner.BROKEN)),
                Failure.Transient.class,
                "connection_lost");
    }

    @Test
    void nobody_there_is_a_passing_failure_with_the_mend() throws Exception {
        at.server.close();
        at.trial.with("model", List.of(at.model("fast", Map.of("retries", 0))));
        assertFailed(at.trial.perform(), Failure.Transient.class, "connection_lost", "`base_url`");
    }

    @Test
    void a_page_instead_of_a_reply_is_no_reply() throws Exception {
        at.trial.with("model", List.of(at.model("fast", Map.of("retries", 0))));
        assertFailed(
                at.outcome(
                        FakeReply.raw(200, "<html>hello</html>")
                                .header("Content-Type", "text/html")),
                Failure.Transient.class,
                "bad_reply",
                "text/html");
    }

    @Test
    void an_error_in_the_middle_of_a_stream_is_a_passing_failure() throws Exception {
        at.trial.with("model", List.of(at.model("fast", Map.of("retries", 0))));
        assertFailed(
                at.outcome(
                        FakeReply.raw(
                                        200,
                                        "data: {\"error\":{\"message\":\"The at.server is overloaded\"}}\n\n")
                                .header("Content-Type", "text/event-stream")),
                Failure.Transient.class,
                "model_unavailable",
                "overloaded");
    }

    @Test
    void another_model_stands_in_after_a_passing_failure_and_stays() throws Exception {
        try (var other = FakeOpenAi.start()) {
            at.trial
                    .with(
                            "model",
                            List.of(
                                    at.model("fast", Map.of("retries", 0)),
                                    at.model("spare", Map.of("base_url", other.baseUrl()))))
                    .tool(Trial.function("clock", _ -> Value.text("12:00")));
            other.replies(FakeReply.call("clock", Map.of()), FakeReply.text("noon"));
            assertSucceeded(at.outcome(FakeReply.error(503, "down")), text("noon"));
            assertThat(at.server.requests()).hasSize(1);
            assertThat(other.requests()).hasSize(2);
            assertThat(at.trial.last().get("model")).isEqualTo(Value.text("spare"));
        }
    }

    @Test
    void no_model_stands_in_for_one_that_is_denied() throws Exception {
        at.trial.with("model", List.of(at.model("fast", Map.of()), at.model("spare", Map.of())));
        assertFailed(
                at.outcome(FakeReply.error(401, "no"), FakeReply.text("noon")),
                Failure.Permanent.class,
                "model_denied");
    }

    @Test
    void when_none_replies_the_first_one_says_why() throws Exception {
        at.trial.with(
                "model",
                List.of(at.model("fast", Map.of("retries", 0)), at.model("spare", Map.of())));
        assertFailed(
                at.outcome(FakeReply.error(503, "down"), FakeReply.error(401, "no")),
                Failure.Transient.class,
                "model_unavailable",
                "down");
    }

    @Test
    void a_model_without_a_key_says_what_to_write() throws Exception {
        var keyless = at.model("fast", Map.of());
        keyless.remove("api_key");
        keyless.remove("base_url");
        at.trial.with("model", List.of(keyless));
        assertThatThrownBy(at.trial::perform)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("api_key: \"${secret.OPENAI_API_KEY}\"");
    }

    @Test
    void a_server_that_takes_the_call_and_never_answers_is_left_at_the_deadline() throws Exception {
        assertLeftAtTheDeadline(FakeReply.text("").manner(Manner.SILENT), "model_timeout");
    }

    @Test
    void a_server_that_sends_a_byte_in_ten_seconds_is_left_at_the_deadline() throws Exception {
        assertLeftAtTheDeadline(FakeReply.text("noon").manner(Manner.DRIPPING), "model_timeout");
    }

    private void assertLeftAtTheDeadline(FakeReply reply, String code) throws Exception {
        at.trial.with("model", List.of(at.model("fast", Map.of("timeout", "1s"))));
        long begun = System.nanoTime();
        assertFailed(at.outcome(reply), Failure.Transient.class, code);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(950), Duration.ofSeconds(2));
    }

    @Test
    void an_endless_body_is_cut_at_its_limit() throws Exception {
        assertFailed(
                at.outcome(FakeReply.text("").manner(Manner.ENDLESS)),
                Failure.Transient.class,
                "endless_reply");
    }

    @Test
    void a_million_pieces_are_too_many_and_take_no_thread() throws Exception {
        int threads = Thread.activeCount();
        assertFailed(
                at.outcome(FakeReply.text("x").pieces(1_000_000)),
                Failure.Transient.class,
                "endless_reply");
        assertThat(Thread.activeCount()).isLessThan(threads + 10);
    }

    @Test
    void an_attempt_that_is_not_wanted_any_more_stops_at_once() throws Exception {
        at.server.replies(FakeReply.text("").manner(Manner.SILENT));
        var thrown = new CompletableFuture<Throwable>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                at.trial.perform();
                                thrown.complete(new AssertionError("it ended"));
                            } catch (Throwable e) {
                                thrown.complete(e);
                            }
                        });
        while (at.server.requests().isEmpty()) {
            Thread.sleep(5);
        }
        thread.interrupt();
        assertThat(thrown.get(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
}
