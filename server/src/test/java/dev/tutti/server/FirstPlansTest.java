package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The planner of a goal may be a worker, elsewhere, and is asked before anything is begun.
@Timeout(60)
class FirstPlansTest {
    private static final String TEAM =
            """
            tutti: 1
            skills:
              write: { input: { topic: string }, output: { text: string } }
            agents:
              guide:  { skills: [guide], uses: worker }
              author: { skills: [write], uses: simulated, with: { usd: 0.02, output: { text: "…" } } }
            workflows:
              main:
                input: { topic: string }
                goal: "Something on ${input.topic}"
                planner: guide
                wants: text
            """;

    @TempDir Path folder;

    private static Value.Struct json(String text) {
        return (Value.Struct) Json.parse(text);
    }

    @Test
    void a_worker_plans_and_the_plan_is_shown_and_not_begun() throws Exception {
        var file = Files.writeString(folder.resolve("team.yaml"), TEAM);
        try (var served = Served.inMemory(Served.options().serving(file))) {
            var asked =
                    json(
                            "{\"workflow\": \"main\", \"inputs\": {\"topic\": \"tea\"}, \"samples\": 20}");
            var plan =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return served.admin.post("/api/v1/plan", asked);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
            var made =
                    served.admin.post(
                            "/api/v1/workers",
                            Value.struct(
                                    "name",
                                    Value.text("w"),
                                    "skills",
                                    Value.from(List.of("guide"))));
            try (var worker = new Client(served.server.port(), made.body().text("token"))) {
                var lease = worker.post("/api/v1/workers/leases?wait=20").body();
                assertThat(lease.get("input")).isInstanceOf(Value.Struct.class);
                var proposal =
                        json(
                                """
                                {"output": {"reason": "as asked", "complete": true,
                                  "tasks": {"write": {"skill": "write", "input": {"topic": "${input.topic}"}}},
                                  "output": {"text": "${write.text}"}}}
                                """);
                worker.post(
                        "/api/v1/workers/leases/" + lease.text("lease") + "/complete", proposal);
            }
            var answer = plan.get(30, TimeUnit.SECONDS);
            assertThat(answer.status()).as(new String(answer.bytes(), UTF_8)).isEqualTo(200);
            var planned = (Value.Struct) Objects.requireNonNull(answer.body().get("planned"));
            assertThat(planned.text("by")).isEqualTo("guide");
            assertThat(Json.text(Objects.requireNonNull(answer.body().get("tasks"))))
                    .contains("write by author");
            assertThat(Json.text(served.get("/api/v1/runs"))).doesNotContain("main");
        }
    }
}
