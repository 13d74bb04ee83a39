package dev.tutti.server;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One who hears server-sent events, as a browser does.
final class Listener implements AutoCloseable {
    private final BufferedReader lines;
    private final InputStream body;
    private String lastId = "";

    /// An event that was heard.
    record Heard(String event, String id, Value.Struct data) {}

    private Listener(InputStream body) {
        this.body = body;
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /// Reads what came over a connection that is closed by now.
    static Listener of(InputStream body) {
        return new Listener(body);
    }

    static Listener open(HttpClient http, String address, @Nullable String lastId)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(address))
                        .header("accept", "text/event-stream")
                        .header("authorization", "Bearer " + Served.TOKEN);
        if (lastId != null && !lastId.isEmpty()) {
            request.header("last-event-id", lastId);
        }
        var answer = http.send(request.build(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("refused with " + answer.statusCode());
        }
        return new Listener(answer.body());
    }

    /// The next event, or nothing when the server has closed the stream.
    Optional<Heard> next() throws IOException {
        var event = "message";
        var data = new StringBuilder();
        while (true) {
            var line = lines.readLine();
            if (line == null) {
                return Optional.empty();
            }
            if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else if (line.isEmpty() && !data.isEmpty()) {
                return Optional.of(
                        new Heard(event, lastId, (Value.Struct) Json.parse(data.toString())));
            }
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
