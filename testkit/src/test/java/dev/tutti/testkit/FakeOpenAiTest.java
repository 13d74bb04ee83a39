package dev.tutti.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.testkit.FakeReply.Manner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FakeOpenAiTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static HttpResponse<String> post(FakeOpenAi server, String content, boolean stream)
            throws IOException, InterruptedException {
        var body =
                "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(stream, content);
        var request =
                HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    @Test
    void a_reply_comes_whole_or_as_a_stream() throws Exception {
        try (var server = FakeOpenAi.start()) {
            var reply = FakeReply.text("It is noon.").usage(10, 4);
            server.replies(reply, reply);
            assertThat(post(server, "hello", false).body())
                    .contains("\"content\":\"It is noon.\"", "\"completion_tokens\":4");
            var streamed = post(server, "hello", true);
            assertThat(streamed.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(streamed.body())
                    .contains("{\"content\":\"It \"}", "\"finish_reason\":\"stop\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void rules_go_before_replies_in_turn_and_their_last_reply_stays() throws Exception {
        try (var server = FakeOpenAi.start()) {
            server.replies(FakeReply.text("other"))
                    .whenever("time", FakeReply.text("noon"), FakeReply.text("one"));
            assertThat(post(server, "the time", false).body()).contains("noon");
            assertThat(post(server, "hello", false).body()).contains("other");
            assertThat(post(server, "the time", false).body()).contains("one");
            assertThat(post(server, "the time", false).body()).contains("one");
            assertThat(post(server, "hello", false).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void a_call_of_a_tool_has_an_id_and_arguments_as_text() throws Exception {
        try (var server = FakeOpenAi.start()) {
            server.replies(FakeReply.call("clock", Map.of("zone", "UTC")));
            assertThat(post(server, "hello", true).body())
                    .contains(
                            "\"id\":\"call_1\"",
                            "\"name\":\"clock\"",
                            "\"arguments\":\"{\\\"zone\\\":\\\"UTC\\\"}\"",
                            "\"finish_reason\":\"tool_calls\"");
        }
    }

    @Test
    void a_broken_reply_breaks_the_connection_and_half_a_reply_does_not() throws Exception {
        try (var server = FakeOpenAi.start()) {
            server.replies(
                    FakeReply.text("It is").manner(Manner.BROKEN),
                    FakeReply.text("It is").manner(Manner.HALF));
            assertThatThrownBy(() -> post(server, "hello", true)).isInstanceOf(IOException.class);
            assertThat(post(server, "hello", true).body()).contains("It ").doesNotContain("DONE");
        }
    }

    @Test
    void a_status_comes_with_its_headers() throws Exception {
        try (var server = FakeOpenAi.start()) {
            server.replies(FakeReply.error(429, "slow down").header("Retry-After", "7"));
            var response = post(server, "hello", true);
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(response.body()).contains("slow down");
        }
    }
}
