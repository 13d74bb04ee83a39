package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.remote.Wire;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every route answers as `/openapi.json` says it does. [Client] holds each answer against it, here
/// and in all other tests of this module.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class AnswersTest {
    private static final String API = "/api/v1";

    /// Files of the page are there only where it was built. The others need what other tests of
    /// this module have, by the same [Client]: a planner, a hook with a secret, bids on an
    /// announcement.
    private static final Set<String> NOT_ASKED =
            Set.of(
                    "GET /assets/{file}",
                    "GET /favicon.ico",
                    "GET /favicon.svg",
                    "POST /api/v1/deploy",
                    "POST /api/v1/runs/{run}/replan",
                    "POST /api/v1/store/plan",
                    "POST /api/v1/triggers/{name}/remove",
                    "POST /api/v1/workers/announcements/{announcement}/bids",
                    "POST /hooks/{hook}");

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    @TempDir Path folder;

    private static Value.Struct struct(Object... namesAndValues) {
        return Value.struct(namesAndValues);
    }

    /// Looks, at what may be no JSON.
    private static void look(Served served, String path) throws Exception {
        var answer = served.admin.get(path);
        assertThat(answer.status())
                .as(path + " " + new String(answer.bytes(), UTF_8))
                .isEqualTo(200);
    }

    private static Value text(String text) {
        return Value.text(text);
    }

    private static Value.Struct first(Value.Struct of, String name) {
        assertThat(of.get(name)).as(name).isInstanceOf(Value.Array.class);
        return (Value.Struct)
                ((Value.Array) Objects.requireNonNull(of.get(name))).items().getFirst();
    }

    @Test
    void every_route_answers_as_its_description_says() throws Exception {
        try (var served = Served.in(folder.resolve("store"), Served.options())) {
            var run = finished(served);
            looks(served, run);
            stored(served);
            verbs(served);
            questions(served);
            team(served);
            messagesAndMemory(served);
            access(served);
            workers(served);
            store(served, run);
            for (var route : served.server.routes()) {
                if (route.path().matches("/[a-z]*(/<rest>)?")
                        && route.method().name().equals("GET")) {
                    served.admin.get(route.path().replace("<rest>", "some/where"));
                }
            }
            var unseen = new TreeSet<String>();
            for (var route : served.server.routes()) {
                unseen.add(route.method() + " " + route.path().replace('<', '{').replace('>', '}'));
            }
            unseen.removeAll(Stated.seen());
            unseen.removeAll(NOT_ASKED);
            assertThat(unseen).as("routes of which no good answer was looked at").isEmpty();
        }
    }

    private static String finished(Served served) throws Exception {
        var run = served.begin("plain");
        served.awaitStatus(run, "succeeded");
        return run;
    }

    private static void looks(Served served, String run) throws Exception {
        var at = API + "/runs/" + run;
        look(served, API + "/runs");
        look(served, API + "/histogram");
        for (var part :
                List.of(
                        "",
                        "/view",
                        "/why",
                        "/path",
                        "/cost",
                        "/budget",
                        "/lanes",
                        "/events",
                        "/events?payload=true",
                        "/tasks/read",
                        "/tasks/read[1]",
                        "/tasks/sum/input",
                        "/tasks/sum/output",
                        "/tasks/sum/lineage",
                        "/tasks/read/items",
                        "/strip",
                        "/ran",
                        "/timeline",
                        "/timeline?task=read",
                        "/replay",
                        "/export",
                        "/blame?task=find")) {
            look(served, at + part.replace("[", "%5B").replace("]", "%5D"));
        }
        var failing = served.begin("failing");
        served.awaitStatus(failing, "failed");
        for (var part : List.of("", "/view", "/cost", "/tasks/fall", "/ran", "/timeline")) {
            look(served, API + "/runs/" + failing + part);
        }
        look(served, API + "/diff?run=" + run + "&other=" + finished(served));
        live(served, API + "/live?run=" + run);
        live(served, at + "/events");
        look(served, "/metrics");
        look(served, "/openapi.json");
        for (var path : List.of("/audit", "/audit.csv", "/quotas", "/resources", "/agents")) {
            look(served, API + path);
        }
    }

    /// The beginning of what is told as it happens.
    private static void live(Served served, String path) throws Exception {
        var request =
                served.admin.request(path).header("accept", "text/event-stream").GET().build();
        HttpResponse<InputStream> answer =
                served.admin.http().send(request, BodyHandlers.ofInputStream());
        answer.body().close();
        assertThat(
                        Stated.complaints(
                                "GET",
                                request.uri().getPath(),
                                answer.statusCode(),
                                answer.headers().firstValue("content-type").orElse(""),
                                new byte[1]))
                .isEmpty();
    }

    /// What an agent stored: a worker's picture.
    private static void stored(Served served) throws Exception {
        // A picture of one dot.
        var picture =
                Base64.getDecoder()
                        .decode(
                                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                                        + "awAAAABJRU5ErkJggg==");
        var run =
                served.tutti.submit(
                        Team.define()
                                .agent(
                                        "painter",
                                        List.of("paint"),
                                        attempt ->
                                                Outcome.succeeded(
                                                        struct(
                                                                "artifact",
                                                                text(
                                                                        attempt.store(
                                                                                picture,
                                                                                "image/png",
                                                                                "dot.png")))))
                                .workflow("main", one -> one.task("p", "paint", Map.of()))
                                .goal("main", Map.of()));
        run.await();
        var at = API + "/runs/" + run.id() + "/artifacts/" + Sha256.hex(picture);
        for (var part : List.of("", "/preview", "/image")) {
            look(served, at + part);
        }
        look(served, API + "/store/artifacts/" + Sha256.hex(picture));
    }

    private static void post(Served served, String path, Value.Struct body, int status)
            throws Exception {
        var answer = served.admin.post(API + path, body);
        assertThat(answer.status())
                .as(path + " " + new String(answer.bytes(), UTF_8))
                .isEqualTo(status);
    }

    private static Value.Struct dry(Value.Struct body) {
        return body.with("dry_run", Value.of(true));
    }

    private static void verbs(Served served) throws Exception {
        post(served, "/runs", dry(struct("workflow", text("plain"))), 200);
        var run = served.begin("asking");
        served.awaitStatus(run, "waiting");
        var at = "/runs/" + run;
        var sum = struct("task", text("sum"));
        post(served, at + "/fork", dry(Value.Struct.EMPTY), 200);
        post(served, at + "/fork", Value.Struct.EMPTY, 201);
        post(served, at + "/pause", dry(Value.Struct.EMPTY), 200);
        post(served, at + "/pause", Value.Struct.EMPTY, 200);
        post(served, at + "/resume", Value.Struct.EMPTY, 200);
        post(served, at + "/replan", dry(Value.Struct.EMPTY), 409);
        post(served, at + "/skip", dry(sum.with("output", struct("ok", Value.of(true)))), 200);
        post(served, at + "/retry", dry(struct("task", text("find"))), 200);
        post(served, at + "/edit", dry(sum.with("output", struct("ok", Value.of(true)))), 200);
        post(served, at + "/reassign", dry(sum.with("agent", text("weigher"))), 200);
        post(
                served,
                at + "/raise",
                sum.with("limit", text("attempts")).with("value", Value.of(3)),
                200);
        var again = struct("skill", text("gather"), "input", struct("n", Value.of(1)));
        post(
                served,
                at + "/amend",
                dry(struct("plan", struct("tasks", struct("again", again)))),
                200);
        post(served, at + "/send", dry(struct("type", text("done"))), 200);
        post(served, at + "/terminate", dry(Value.Struct.EMPTY), 200);
        post(served, at + "/cancel", dry(Value.Struct.EMPTY), 200);
        var these = struct("where", struct("runs", Value.array(text(run))));
        for (var verb : List.of("pause", "resume", "cancel", "replan", "terminate", "fork")) {
            post(served, "/bulk/" + verb, dry(these), 200);
        }
        var more = these.with("limit", text("usd")).with("value", text("+0.20"));
        post(served, "/bulk/raise", dry(more), 200);
        look(served, API + at + "/view");
    }

    private static void questions(Served served) throws Exception {
        var run = served.begin("asking");
        served.awaitStatus(run, "waiting");
        var question = first(served.get(API + "/questions?run=" + run), "questions");
        var at = "/questions/" + question.text("question");
        look(served, API + at);
        look(served, API + "/runs/" + run + "/tasks/sum");
        look(served, API + "/runs/" + run + "/why");
        var seen = struct("hash", text(question.text("hash")));
        post(served, at + "/deny", dry(seen), 200);
        post(served, at + "/answer", dry(seen.with("value", text("deny"))), 200);
        post(served, at + "/approve", seen, 200);
        look(served, API + at);
    }

    private static void team(Served served) throws Exception {
        for (var path : List.of("/workflows", "/team", "/team/schema", "/contracts")) {
            look(served, API + path);
        }
        var file = struct("text", text(Files.readString(Served.TEAM)));
        post(served, "/validate", file.with("drawn", Value.of(true)), 200);
        post(served, "/validate", struct("text", text("tutti: 1\nagents: 3\n")), 200);
        post(served, "/plan", struct("workflow", text("plain")), 200);
        post(served, "/plan", struct("workflow", text("desk")), 200);
        post(served, "/forecast", struct("workflow", text("plain")), 200);
        post(served, "/agents/finder/disable", struct("reason", text("it lies")), 200);
        look(served, API + "/agents");
        post(served, "/agents/finder/enable", Value.Struct.EMPTY, 200);
    }

    private static void messagesAndMemory(Served served) throws Exception {
        post(
                served,
                "/messages?topic=memory",
                struct(
                        "type",
                        text("fact"),
                        "subject",
                        text("ada"),
                        "data",
                        struct("text", text("Ada Lovelace lives in London."))),
                202);
        for (var path :
                List.of(
                        "/topics",
                        "/topics/memory/messages",
                        "/triggers",
                        "/memory",
                        "/memory/export",
                        "/memory/search?words=true&q=ada",
                        "/memory/m1",
                        "/memory/rules")) {
            look(served, API + path);
        }
        post(served, "/memory/remember", struct("text", text("It rains.")), 200);
        post(served, "/memory/rules", struct("half_life", text("30d")), 200);
        post(served, "/memory/forget", dry(struct("about", text("ada"))), 200);
    }

    private static void access(Served served) throws Exception {
        look(served, API + "/session");
        post(served, "/session", Value.Struct.EMPTY, 200);
        post(served, "/keys", struct("name", text("k"), "role", text("viewer")), 201);
        var key = first(served.get(API + "/keys"), "keys").text("id");
        for (var path : List.of("/keys/" + key, "/session")) {
            var request = served.admin.request(API + path).DELETE().build();
            assertThat(served.admin.send(request).status()).isEqualTo(204);
        }
        look(served, API + "/filters");
        post(served, "/filters", struct("filters", Value.Array.EMPTY), 200);
    }

    private static void workers(Served served) throws Exception {
        var registered =
                served.admin.post(
                        API + "/workers",
                        struct("name", text("w"), "skills", Value.array(text("dig"))));
        look(served, API + "/workers");
        try (var worker = new Client(served.server.port(), registered.body().text("token"))) {
            assertThat(worker.post(API + "/workers/leases?wait=0").status()).isEqualTo(204);
            begin(served, "");
            var lease = lease(worker);
            done(worker, lease + "/heartbeat", Value.Struct.EMPTY, 200);
            done(worker, lease + "/artifacts", struct("n", Value.of(1)), 201);
            done(worker, lease + "/fail", struct("code", text("no")), 200);
            var hash = Sha256.hex(Json.bytes(struct("n", Value.of(1))));
            begin(served, hash);
            lease = lease(worker);
            assertThat(worker.get(lease + "/artifacts/" + hash).status()).isEqualTo(200);
            done(worker, lease + "/complete", struct("output", Value.Struct.EMPTY), 200);
            done(worker, API + "/workers/leave", Value.Struct.EMPTY, 200);
        }
    }

    /// A task that nobody but a worker does, once.
    private static void begin(Served served, String file) throws Exception {
        served.tutti.submit(
                Team.define()
                        .agent("digger", List.of("dig"), "worker", Map.of())
                        .workflow(
                                "dig",
                                one ->
                                        one.task(
                                                "dig",
                                                "dig",
                                                Map.of("file", file),
                                                Map.of("retry", Map.of("attempts", 1))))
                        .goal("dig", Map.of()));
    }

    private static String lease(Client worker) throws Exception {
        var lease = worker.post(API + "/workers/leases?wait=20");
        assertThat(lease.status()).isEqualTo(200);
        return API + "/workers/leases/" + lease.body().text("lease");
    }

    private static void done(Client worker, String path, Value.Struct body, int status)
            throws Exception {
        var answer = worker.post(path, body);
        assertThat(answer.status())
                .as(path + " " + new String(answer.bytes(), UTF_8))
                .isEqualTo(status);
    }

    private static void store(Served served, String run) throws Exception {
        var store = API + "/store";
        for (var path :
                List.of(
                        "",
                        "/entries",
                        "/changed",
                        "/head?stream=run/" + run,
                        "/due",
                        "/messages",
                        "/projections/runs",
                        "/projections/runs/rows")) {
            look(served, store + path);
        }
        var started = first(served.get(store + "/entries?stream=run/" + run), "entries");
        var hash = HASH.matcher(started.text("payload"));
        assertThat(hash.find()).as(started.text("payload")).isTrue();
        look(served, store + "/definitions/" + hash.group());
        var waiting = served.begin("asking");
        served.awaitStatus(waiting, "waiting");
        var question = first(served.get(API + "/questions?run=" + waiting), "questions");
        var number = Long.parseLong(question.text("question").split("\\.", 2)[1]);
        post(
                served,
                "/store/answers",
                message(
                        waiting,
                        new Request.Answer(
                                number, text("approve"), "", question.text("hash"), null)),
                200);
        post(served, "/store/messages", message(waiting, Request.cancel("enough")), 200);
    }

    private static Value.Struct message(String run, Request asked) {
        return Wire.of(
                new Message(
                        asked.kind() + "-of-a-test",
                        StreamId.run(TenantId.LOCAL, new RunId(run)),
                        asked.kind(),
                        "somebody",
                        Instant.EPOCH,
                        asked.payload()));
    }

    @Test
    void its_schemas_are_schemas() {
        assertThat(Stated.faults()).isEmpty();
    }

    @Test
    void an_answer_that_is_not_as_stated_is_found() {
        var path = API + "/agents/finder/enable";
        for (var wrong :
                List.of(
                        "{\"agent\": \"finder\"}",
                        "{\"agent\": \"finder\", \"enabled\": 1}",
                        "{\"agent\": \"finder\", \"enabled\": true, \"more\": 1}")) {
            assertThat(
                            Stated.complaints(
                                    "POST", path, 200, "application/json", wrong.getBytes(UTF_8)))
                    .as(wrong)
                    .hasSize(1);
        }
        assertThat(Stated.complaints("POST", path, 202, "application/json", new byte[0]))
                .hasSize(1);
        assertThat(Stated.complaints("POST", path, 200, "text/csv", new byte[0])).hasSize(1);
    }
}
