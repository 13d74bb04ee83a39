package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.topic.Signature;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Messages and calls that come over HTTP, and what they trigger.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class MessagesOverHttpTest {
    /// Any variable that every process has: its value is the secret.
    private static final String SECRET = System.getenv("PATH");

    private static final String TEAM =
            """
            tutti: 1
            agents:
              maker: { skills: [make], uses: simulated, with: { output: "${{'n': input.n}}" } }
            workflows:
              make:
                input: { n: int }
                triggers:
                  - { message: order.paid, topic: orders, where: "${message.n > 1}", input: { n: "${message.n}" } }
                  - { webhook: shop, secret: "${secret.PATH}", input: { n: "${message.n}" } }
                tasks: { made: { skill: make, input: { n: "${input.n}" } } }
                output: "${made}"
            """;

    private static final String OUT =
            """
            tutti: 1
            agents:
              shop:
                uses: http
                with: { url: "http://127.0.0.1:PORT/hooks/shop", sign: "${secret.PATH}", answer: none }
            workflows:
              tell_shop:
                input: { n: int }
                triggers: [ { message: order.shipped, topic: orders, input: { n: "${message.n}" } } ]
                tasks: { tell: { agent: shop, input: { n: "${input.n}" }, retry: { attempts: 8, backoff: 5s..1h } } }
                output: "${tell}"
            """;

    @TempDir Path folder;

    private static List<Value> messages(Served served, String topic) throws Exception {
        var page = served.get("/api/v1/topics/" + topic + "/messages");
        return page.get("messages") instanceof Value.Array(var items) ? items : List.of();
    }

    private static Client.Answer send(
            Served served, String path, String type, String body, String... headers)
            throws Exception {
        var request = served.admin.request(path).setHeader("content-type", type);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return served.admin.send(request.POST(BodyPublishers.ofString(body)).build());
    }

    @Test
    void events_come_in_every_mode_and_each_is_there_once() throws Exception {
        try (var served = Served.inMemory()) {
            var structured =
                    "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"/shop\",\"type\":\"t\",\"subject\":\"k\",\"data\":{\"n\":1}}";
            var path = "/api/v1/messages?topic=orders";
            for (int i = 0; i < 2; i++) {
                assertThat(send(served, path, "application/cloudevents+json", structured).status())
                        .isEqualTo(202);
            }
            assertThat(
                            send(
                                            served,
                                            path,
                                            "application/json",
                                            "{\"n\":2}",
                                            "ce-specversion",
                                            "1.0",
                                            "ce-id",
                                            "b",
                                            "ce-source",
                                            "/shop",
                                            "ce-type",
                                            "t%20u")
                                    .status())
                    .isEqualTo(202);
            assertThat(send(served, path, "application/json", "{\"type\":\"plain\"}").status())
                    .isEqualTo(202);
            assertThat(
                            send(
                                            served,
                                            path,
                                            "application/cloudevents-batch+json",
                                            "[" + structured.replace("\"a\"", "\"c\"") + "]")
                                    .status())
                    .isEqualTo(202);

            assertThat(messages(served, "orders"))
                    .extracting(one -> event(one).text("type"))
                    .containsExactly("t", "t u", "plain", "t");
            assertThat(event(messages(served, "orders").getFirst()).text("subject")).isEqualTo("k");
            assertThat(send(served, path, "application/cloudevents+json", "{}").status())
                    .isEqualTo(400);
            assertThat(send(served, "/api/v1/messages", "application/json", "{}").status())
                    .isEqualTo(400);
            assertThat(send(served, path, "text/plain", "x").status()).isEqualTo(415);
        }
    }

    private static Value.Struct event(Value message) {
        return message instanceof Value.Struct struct
                        && struct.get("event") instanceof Value.Struct event
                ? event
                : Value.Struct.EMPTY;
    }

    private Team team() throws Exception {
        return Team.read(Files.writeString(folder.resolve("shop.yaml"), TEAM));
    }

    @Test
    void a_message_triggers_a_run_that_has_what_it_says() throws Exception {
        try (var served = Served.inMemory()) {
            served.tutti.topics().deploy("shop", "here", team());
            for (int n = 1; n <= 2; n++) {
                var event =
                        served.tutti
                                .topics()
                                .event(
                                        "/test",
                                        "order.paid",
                                        null,
                                        null,
                                        Value.struct("n", Value.of(n)));
                served.tutti.topics().publish("orders", event);
            }
            var runs = ended(served, 1);

            assertThat(runs).hasSize(1);
            assertThat(served.tutti.run(runs.getFirst()).await().output().toString()).contains("2");
        }
    }

    private static List<String> ended(Served served, int wanted) throws Exception {
        while (true) {
            var runs = served.tutti.runs(10);
            if (runs.size() >= wanted && runs.stream().allMatch(run -> run.status().isFinal())) {
                return runs.stream().map(run -> run.run().value()).toList();
            }
            Thread.sleep(20);
        }
    }

    @Test
    void a_call_triggers_a_run_only_if_it_is_signed_and_only_once() throws Exception {
        try (var served = Served.inMemory()) {
            served.tutti.topics().deploy("shop", "here", team());
            var body = Json.text(Value.struct("n", Value.of(5)));
            long now = Instant.now().getEpochSecond();

            assertThat(call(served, "shop", "m1", now, body, "no-secret")).isEqualTo(401);
            assertThat(call(served, "shop", "m1", now - 3_600, body, SECRET)).isEqualTo(401);
            assertThat(call(served, "elsewhere", "m1", now, body, SECRET)).isEqualTo(404);
            assertThat(call(served, "shop", "m1", now, body, SECRET)).isEqualTo(202);
            assertThat(call(served, "shop", "m1", now, body, SECRET)).isEqualTo(202);

            assertThat(ended(served, 1)).hasSize(1);
            assertThat(messages(served, "hooks")).hasSize(1);
        }
    }

    @Test
    void the_triggers_of_the_team_that_is_served_are_deployed() throws Exception {
        var file = Files.writeString(folder.resolve("shop.yaml"), TEAM);
        try (var served = Served.inMemory(Served.options().serving(file));
                var viewer = served.with("viewer")) {
            var deploy = "/api/v1/deploy";
            assertThat(viewer.post(deploy).problem()).isEqualTo("403 no_right");
            var other = Value.struct("team", Value.text("0".repeat(64)));
            assertThat(served.admin.post(deploy, other).problem()).isEqualTo("409 other_team");
            assertThat(served.admin.post(deploy).body().text("deployed")).isEqualTo("shop");
            var board = served.get("/api/v1/triggers");
            assertThat(board.toString()).contains("shop/make");
            var journal = served.get("/api/v1/store/entries?stream=subscriptions");
            assertThat(journal.toString()).contains("Deployed");
            assertThat(served.get("/api/v1/audit?verb=deploy").get("deeds"))
                    .asString()
                    .contains(served.get("/api/v1/session").text("who"))
                    .contains("triggers of shop, from shop.yaml");
        }
        try (var served = Served.inMemory()) {
            // None of its workflows has triggers.
            assertThat(served.admin.post("/api/v1/deploy").problem()).isEqualTo("409 refused");
        }
    }

    @Test
    void under_one_key_triggers_are_deployed_and_removed_once() throws Exception {
        var file = Files.writeString(folder.resolve("shop.yaml"), TEAM);
        try (var served = Served.in(folder.resolve("store"), Served.options().serving(file));
                var viewer = served.with("viewer")) {
            var deploy = "/api/v1/deploy";
            var first = keyed(served, deploy, "{\"as\": \"a\"}", "one");
            assertThat(first.status()).isEqualTo(200);
            assertThat(keyed(served, deploy, "{\"as\": \"b\"}", "one").problem())
                    .isEqualTo("422 wrong_key");
            assertThat(keyed(served, deploy, "{\"as\": \"x/y\"}", "two").problem())
                    .isEqualTo("409 refused");
            assertThat(keyed(served, deploy, "{\"as\": \"a\"}", "three").status()).isEqualTo(200);
            // Asked again late: what came after it stands.
            assertThat(keyed(served, deploy, "{\"as\": \"a\"}", "one").body())
                    .isEqualTo(first.body());
            assertThat(deeds(served)).containsExactly("deploy", "deploy");

            var remove = "/api/v1/triggers/a/remove";
            assertThat(viewer.post(remove).problem()).isEqualTo("403 no_right");
            assertThat(served.admin.post("/api/v1/triggers/b/remove").problem())
                    .isEqualTo("404 no_triggers");
            var removed = keyed(served, remove, "{}", "one");
            assertThat(removed.body()).isEqualTo(Value.struct("removed", Value.text("a")));
            assertThat(served.get("/api/v1/triggers").get("deployments"))
                    .isEqualTo(Value.Array.EMPTY);
            assertThat(keyed(served, remove, "{}", "one").body()).isEqualTo(removed.body());
            assertThat(served.admin.post(remove).problem()).isEqualTo("404 no_triggers");
            assertThat(deeds(served)).containsExactly("remove", "deploy", "deploy");
        }
        // Also over a new beginning of the server.
        try (var served = Served.in(folder.resolve("store"), Served.options().serving(file))) {
            var again = keyed(served, "/api/v1/deploy", "{\"as\": \"a\"}", "one");
            assertThat(again.status()).isEqualTo(200);
            assertThat(deeds(served)).containsExactly("remove", "deploy", "deploy");
        }
    }

    private static Client.Answer keyed(Served served, String path, String body, String key)
            throws Exception {
        return served.admin.send(
                served.admin
                        .request(path)
                        .header("idempotency-key", key)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private static List<String> deeds(Served served) throws Exception {
        return served.get("/api/v1/audit").get("deeds") instanceof Value.Array(var deeds)
                ? deeds.stream().map(deed -> ((Value.Struct) deed).text("verb")).toList()
                : List.of();
    }

    @Test
    void a_message_is_told_elsewhere_by_a_signed_call() throws Exception {
        try (var served = Served.inMemory()) {
            served.tutti.topics().deploy("shop", "here", team());
            var port = String.valueOf(served.server.port());
            var out = Files.writeString(folder.resolve("out.yaml"), OUT.replace("PORT", port));
            served.tutti.topics().deploy("out", "here", Team.read(out));
            var shipped =
                    served.tutti
                            .topics()
                            .event(
                                    "/test",
                                    "order.shipped",
                                    null,
                                    null,
                                    Value.struct("n", Value.of(7)));
            served.tutti.topics().publish("orders", shipped);

            assertThat(ended(served, 2)).hasSize(2);
            assertThat(messages(served, "hooks")).hasSize(1);
            assertThat(served.tutti.runs(10)).allMatch(run -> run.status() == Status.SUCCEEDED);
        }
    }

    private static int call(
            Served served, String hook, String id, long at, String body, String secret)
            throws Exception {
        try (var anyone = new Client(served.server.port(), "")) {
            var signature = Signature.with(secret).of(id, at, body.getBytes(UTF_8));
            return anyone.send(
                            anyone.request("/hooks/" + hook)
                                    .header(Signature.ID, id)
                                    .header(Signature.TIMESTAMP, Long.toString(at))
                                    .header(Signature.SIGNATURE, signature)
                                    .POST(BodyPublishers.ofString(body))
                                    .build())
                    .status();
        }
    }
}
