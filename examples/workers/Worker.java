import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A worker for Tutti; of Tutti itself it uses only the reader and writer of JSON:
/// `TUTTI_TOKEN=… java -cp 'cli/target/dist/lib/*' examples/workers/Worker.java`
public final class Worker {
    private static final String SERVER =
            System.getenv().getOrDefault("TUTTI_URL", "http://127.0.0.1:7070") + "/api/v1/workers";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static volatile boolean stopping;

    private interface Skill {
        Value perform(Value.Struct input) throws Exception;
    }

    private static final Map<String, Skill> SKILLS =
            Map.of(
                    "shout",
                    input ->
                            Value.struct(
                                    "text",
                                    Value.text(input.text("text").toUpperCase(Locale.ROOT))));

    public static void main(String[] arguments) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping = true));
        var name = "java-" + ProcessHandle.current().pid();
        var hello =
                Value.struct(
                        "name",
                        Value.text(name),
                        "skills",
                        Value.from(List.copyOf(SKILLS.keySet())));
        Value.Struct me = null;
        while (!stopping) {
            try {
                if (me == null) {
                    var answer = call(System.getenv("TUTTI_TOKEN"), "", hello);
                    if (answer.statusCode() == 401) {
                        throw new IllegalStateException(
                                "TUTTI_TOKEN is not the token of this server");
                    }
                    me = answer.statusCode() == 201 ? body(answer) : null;
                    TimeUnit.SECONDS.sleep(me == null ? 1 : 0);
                    continue;
                }
                var answer = call(me.text("token"), "/leases?wait=20", Value.Struct.EMPTY);
                switch (answer.statusCode()) {
                    case 200 -> work(me, body(answer));
                    case 204 -> {}
                    case 401 -> me = null; // The server was started anew.
                    default -> TimeUnit.SECONDS.sleep(1);
                }
            } catch (IOException e) {
                TimeUnit.SECONDS.sleep(1); // It is not there just now.
            }
        }
    }

    private static void work(Value.Struct me, Value.Struct task) throws Exception {
        var lease = "/leases/" + task.text("lease");
        long beat = me.get("heartbeat_seconds") instanceof Value.Int(var seconds) ? seconds : 5;
        try (var life = Executors.newSingleThreadScheduledExecutor()) {
            life.scheduleAtFixedRate(
                    () -> report(me, lease + "/heartbeat", Value.Struct.EMPTY),
                    beat,
                    beat,
                    TimeUnit.SECONDS);
            try {
                var input = (Value.Struct) task.get("input");
                var output = SKILLS.get(task.text("skill")).perform(input);
                report(me, lease + "/complete", Value.struct("output", output));
            } catch (Exception e) {
                report(me, lease + "/fail", Value.struct("message", Value.text(e.toString())));
            } finally {
                life.shutdownNow();
            }
        }
    }

    /// A report that did not come through is made again; one that is refused is not.
    private static void report(Value.Struct me, String path, Value.Struct body) {
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                var answer = call(me.text("token"), path, body);
                if (answer.statusCode() != 200) {
                    System.err.println("refused: " + body(answer));
                }
                return;
            } catch (IOException e) {
                System.err.println("again: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static HttpResponse<byte[]> call(String token, String path, Value.Struct body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(SERVER + path))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build();
        return HTTP.send(request, BodyHandlers.ofByteArray());
    }

    private static Value.Struct body(HttpResponse<byte[]> answer) {
        return (Value.Struct) Json.parse(answer.body());
    }
}
