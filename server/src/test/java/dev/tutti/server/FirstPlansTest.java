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
              guide:  { skills: [guide], uses: worker, needs: [key] }
              holder: { skills: [hold], uses: worker, needs: [key] }
              author: { skills: [write], uses: simulated, with: { usd: 0.02, output: { text: "…" } } }
            quotas:
              key: { slots: 1 }
            workflows:
              other:
                tasks:
                  hold: { skill: hold, input: {} }
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

    private static final Value.Struct PROPOSAL =
            json(
                    """
                    {"output": {"reason": "as asked", "complete": true,
                      "tasks": {"write": {"skill": "write", "input": {"topic": "${input.topic}"}}},
                      "output": {"text": "${write.text}"}}}
                    """);

    /// What a planner that takes its time is asked for.
    private static CompletableFuture<Client.Answer> asked(Served served) {
        var asked =
                json("{\"workflow\": \"main\", \"inputs\": {\"topic\": \"tea\"}, \"samples\": 20}");
        return CompletableFuture.supplyAsync(() -> {
            try {
                return served.admin.post("/api/v1/plan", asked);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Client worker(Served served, String... skills) throws Exception {
        var made =
                served.admin.post(
                        "/api/v1/workers",
                        Value.struct(
                                "name",
                                Value.text(String.join("-", skills)),
                                "skills",
                                Value.from(List.of(skills))));
        return new Client(served.server.port(), made.body().text("token"));
    }

    private static void complete(Client worker, Value.Struct lease, Value.Struct outcome)
            throws Exception {
        worker.post("/api/v1/workers/leases/" + lease.text("lease") + "/complete", outcome);
    }

    private Served served() throws Exception {
        var file = Files.writeString(folder.resolve("team.yaml"), TEAM);
        return Served.inMemory(Served.options().serving(file));
    }

    @Test
    void a_worker_plans_and_the_plan_is_shown_and_not_begun() throws Exception {
        try (var served = served();
                var worker = worker(served, "guide")) {
            var plan = asked(served);
            var lease = worker.post("/api/v1/workers/leases?wait=20").body();
            assertThat(lease.get("input")).isInstanceOf(Value.Struct.class);
            complete(worker, lease, PROPOSAL);
            var answer = plan.get(30, TimeUnit.SECONDS);
            assertThat(answer.status()).as(new String(answer.bytes(), UTF_8)).isEqualTo(200);
            var planned = (Value.Struct) Objects.requireNonNull(answer.body().get("planned"));
            assertThat(planned.text("by")).isEqualTo("guide");
            assertThat(Json.text(Objects.requireNonNull(answer.body().get("tasks"))))
                    .contains("write by author");
            // The run it was asked in is on record, with what it took, and nothing of the plan.
            var runs = (Value.Array) Objects.requireNonNull(served.get("/api/v1/runs").get("runs"));
            assertThat(runs.items()).hasSize(1);
            var run =
                    served.awaitStatus(
                            ((Value.Struct) runs.items().getFirst()).text("run"), "cancelled");
            assertThat(Json.text(run))
                    .contains("it was only to be planned")
                    .doesNotContain("author");
            assertThat(Json.text(served.get("/api/v1/questions"))).doesNotContain("main");
        }
    }

    @Test
    void a_run_begins_with_the_plan_that_was_shown() throws Exception {
        try (var served = served();
                var worker = worker(served, "guide")) {
            var plan = asked(served);
            complete(worker, worker.post("/api/v1/workers/leases?wait=20").body(), PROPOSAL);
            var planned =
                    (Value.Struct)
                            Objects.requireNonNull(
                                    plan.get(30, TimeUnit.SECONDS).body().get("planned"));
            var from = (Value.Struct) Objects.requireNonNull(planned.get("stand_in_from"));
            for (int i = 0; i < 2; i++) {
                var run = begin(served, from);
                var view = served.awaitStatus(run, "succeeded");
                assertThat(worker.post("/api/v1/workers/leases?wait=0").status()).isEqualTo(204);
                assertThat(Json.text(view)).contains("\"stand_in\":{\"run\":\"" + of(from));
                var events = Json.text(served.get("/api/v1/runs/" + run + "/events"));
                assertThat(events).contains("the guide added 1 task: as asked");
                // What it planned then stands in elsewhere as well.
                from = Value.struct(run, Value.array(Value.text("plan")));
            }
            var wrong =
                    served.admin.post(
                            "/api/v1/runs",
                            json("{\"workflow\": \"other\"}").with("stand_in_from", from));
            assertThat(wrong.problem()).isEqualTo("422 wrong_stand_in");
            assertThat(wrong.body().text("detail") + Json.text(wrong.body()))
                    .contains("`plan` plans nothing here");
        }
    }

    private static String of(Value.Struct from) {
        return from.fields().firstEntry().getKey();
    }

    private static String begin(Served served, Value.Struct from) throws Exception {
        var asked = json("{\"workflow\": \"main\", \"inputs\": {\"topic\": \"tea\"}}");
        var begun = served.admin.post("/api/v1/runs", asked.with("stand_in_from", from));
        assertThat(begun.status()).as(new String(begun.bytes(), UTF_8)).isEqualTo(201);
        return begun.body().text("run");
    }

    @Test
    void a_planner_waits_for_the_quota_that_a_run_has_all_of() throws Exception {
        try (var served = served();
                var holder = worker(served, "hold");
                var guide = worker(served, "guide")) {
            served.begin("other");
            var held = holder.post("/api/v1/workers/leases?wait=20").body();
            var plan = asked(served);
            assertThat(guide.post("/api/v1/workers/leases?wait=1").status()).isEqualTo(204);
            complete(holder, held, json("{\"output\": {}}"));
            complete(guide, guide.post("/api/v1/workers/leases?wait=20").body(), PROPOSAL);
            assertThat(plan.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }
}
