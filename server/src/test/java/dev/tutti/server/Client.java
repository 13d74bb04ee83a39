package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Somebody who speaks to a server, and takes no answer that its description does not state.
final class Client implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;
    private final String token;

    Client(int port, String token) {
        server = "http://127.0.0.1:" + port;
        this.token = token;
    }

    HttpClient http() {
        return http;
    }

    /// An answer.
    record Answer(int status, String type, byte[] bytes) {
        Value.Struct body() {
            return Json.parse(bytes) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        }

        /// The status, and what a problem says it is.
        String problem() {
            return status + " " + body().text("code");
        }
    }

    HttpRequest.Builder request(String path) {
        var request =
                HttpRequest.newBuilder(URI.create(server + path))
                        .header("content-type", "application/json");
        return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
    }

    Answer send(HttpRequest request) throws IOException, InterruptedException {
        var answer = answer(http.send(request, BodyHandlers.ofByteArray()));
        var path = request.uri().getPath();
        assertThat(
                        Stated.complaints(
                                request.method(), path, answer.status, answer.type, answer.bytes))
                .as(request.method() + " " + path + " is as /openapi.json says")
                .isEmpty();
        return answer;
    }

    private static Answer answer(HttpResponse<byte[]> answer) {
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse(""),
                answer.body());
    }

    Answer post(String path, Value.Struct body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofByteArray(Json.bytes(body))).build());
    }

    Answer post(String path) throws IOException, InterruptedException {
        return post(path, Value.Struct.EMPTY);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
