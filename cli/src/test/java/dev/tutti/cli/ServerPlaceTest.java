package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.OperatorToken;
import dev.tutti.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command line at a server that is real, beside the same store as a folder.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ServerPlaceTest {
    private static final String TOKEN = "a-token-for-tests-only";

    private static final String TRIGGERED =
            """
            tutti: 1
            agents:
              maker: { skills: [make], uses: simulated }
            workflows:
              make:
                triggers: [ { message: order.paid, topic: orders } ]
                tasks: { made: { skill: make } }
            """;

    @TempDir static Path folder;
    private static Tutti tutti;
    private static Server server;
    private static String url;

    @BeforeAll
    static void serve() throws IOException {
        Files.writeString(folder.resolve("team.yaml"), team());
        tutti = Tutti.open(folder.resolve("store"));
        server =
                Server.start(
                        tutti,
                        OperatorToken.of(TOKEN),
                        new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5))
                                .in(folder.resolve("store"))
                                .serving(folder.resolve("team.yaml")));
        assertThat(tutti.own()).isTrue();
        url = "http://127.0.0.1:" + server.port();
    }

    private static String team() {
        return Teams.fanOut("20ms")
                .replace(
                        "agents:\n",
                        """
                        skills:
                          think: { input: { about: string }, output: { thought: string } }
                        agents:
                          thinker: { skills: [think], uses: simulated, with: { output: { thought: "hm" }, usd: 0.01 } }
                        """)
                .replace(
                        "workflows:\n",
                        """
                          sleeper: { skills: [rest], uses: simulated, with: { latency: 700ms } }
                          boss: { uses: human, with: { choices: [red, blue] } }
                        workflows:
                          slow:
                            tasks:
                              rest: { skill: rest }
                            output: "${rest}"
                          ask:
                            budget: { attempts: 5 }
                            tasks:
                              decide: { agent: boss }
                            output: "${decide}"
                          ponder:
                            input: { about: string }
                            goal: "Think about ${input.about}"
                            planner: search
                            wants: thought
                        """);
    }

    @AfterAll
    static void close() {
        server.close();
        tutti.close();
    }

    private static Console atServer() {
        return new Console(folder).with("TUTTI_TOKEN", TOKEN).with("TUTTI_SERVER", url);
    }

    private static Console atFolder() {
        return new Console(folder).with("TUTTI_STORE", "store");
    }

    /// Begins a run at the server and says which.
    private static String begun(String... words) {
        var said = atServer().run(words);
        assertThat(said.code()).as(said.err()).isIn(0, 3);
        return said.err().lines().findFirst().orElseThrow().split(" +", -1)[1];
    }

    private static String list(String... words) {
        var all = new ArrayList<String>();
        for (var console : List.of(atServer(), atFolder())) {
            var said = console.run(words);
            all.add(said.code() + "\n" + said.out());
        }
        assertThat(all.getFirst()).as(String.join(" ", words)).isEqualTo(all.getLast());
        return all.getFirst();
    }

    @Test
    void what_a_dry_run_prints_is_what_a_server_answers() throws Exception {
        var run = begun("run", "#ask");
        var printed = Json.parse(atFolder().run("pause", run, "--dry-run", "--json").out());
        var request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/runs/" + run + "/pause"))
                        .header("authorization", "Bearer " + TOKEN)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"dry_run\": true}"))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            var answered = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            assertThat(printed).isEqualTo(Json.parse(answered));
        }
    }

    @Test
    void the_team_that_is_served_is_deployed_and_no_other() throws IOException {
        var other = Files.writeString(folder.resolve("other.yaml"), TRIGGERED);
        var refused = atServer().run("deploy", other.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the server serves another team than this file");
        try (var serving =
                Server.start(
                        tutti,
                        OperatorToken.of(TOKEN),
                        new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5))
                                .serving(other))) {
            var console =
                    new Console(folder)
                            .with("TUTTI_TOKEN", TOKEN)
                            .with("TUTTI_SERVER", "http://127.0.0.1:" + serving.port());
            var done = console.run("deploy", other.toString(), "--as", "shop");
            assertThat(done.err()).contains("deployed shop with 1 trigger");
            assertThat(done.code()).isZero();
        }
        assertThat(tutti.topics().board().deployment("shop")).isPresent();
        assertThat(atServer().run("triggers", "--remove", "shop").code()).isZero();
        assertThat(atServer().run("triggers", "--remove", "shop").err())
                .contains("nothing is deployed as `shop`");
        assertThat(list("audit", "--verb", "remove", "--json"))
                .contains("\"by\" : \"operator\"", "triggers of shop");
    }

    @Test
    void what_is_printed_is_what_the_folder_would_have_printed() {
        var done = begun("run", "team.yaml#answer", "--input", "question=why");
        var other = begun("run", "#answer", "--input", "question=who");
        begun("run", "#answer", "--input", "question=who", "--stand-in-from", done + ":search");
        var open = begun("run", "#ask");

        for (var words :
                List.of(
                        "show " + done,
                        "show " + done + " --json",
                        "show " + done + " --critical-path --steps",
                        "show " + done + " --at 5",
                        "show " + done + " --lineage answer",
                        "events " + done + " --json",
                        "replay " + done + " --every --digests",
                        "diff " + done + " " + other,
                        "blame " + done + " --task answer",
                        "export " + done + " --out -",
                        "budget " + open + " --json",
                        "why " + open,
                        "why " + open + " --json",
                        "questions",
                        "questions --json",
                        "agents",
                        "agents --json",
                        "quotas --json",
                        "audit --json",
                        "runs --json",
                        "pause " + open + " --dry-run --json",
                        "messages",
                        "triggers")) {
            list(words.split(" ", -1));
        }
        assertThat(list("show", done)).contains("succeeded", "all of it");
        assertThat(list("questions")).contains(open, "red, blue");
    }

    @Test
    void why_a_task_waits_is_said_alike_by_the_command_line_and_the_server() throws Exception {
        var slips =
                Team.define()
                        .agent(
                                "clumsy",
                                "slip",
                                _ -> {
                                    throw new IllegalStateException("it slipped");
                                })
                        .workflow("slip", w -> w.task("slip", "slip", Map.of()).output("${slip}"));
        // Its breaker opens after five failures; the next run waits until it is tried again.
        var last = tutti.submit(slips.goal("slip", Map.of()));
        for (int i = 0; i < 5 && tutti.leftAlone(new AgentId("clumsy")).isEmpty(); i++) {
            last.await();
            last = tutti.submit(slips.goal("slip", Map.of()));
        }
        var run = last.id().value();
        var printed = (Value.Struct) Json.parse(atFolder().run("why", run, "--json").out());
        var answered = (Value.Struct) Json.parse(get("/api/v1/runs/" + run + "/why"));
        var said = first(answered, "reasons");
        assertThat(said.text("what"))
                .startsWith("a place at clumsy (left alone for failing until 20")
                .isEqualTo(first(printed, "waits").text("waits_for"));
        assertThat(said.text("what"))
                .contains(((Value.Text) items(said, "moments").getFirst()).value());
        assertThat(said.get("moments")).isEqualTo(first(printed, "waits").get("moments"));
        assertThat(said.text("way")).isEqualTo(first(printed, "waits").text("way"));
        // So do the sentence of the run, its row, and the task looked into.
        var view = (Value.Struct) Json.parse(get("/api/v1/runs/" + run + "/view"));
        assertThat(view.text("status_reason")).isEqualTo(said.text("what"));
        assertThat(view.get("moments")).isEqualTo(said.get("moments"));
        assertThat(first(view, "tasks").text("waits")).isEqualTo(said.text("what"));
        var task = (Value.Struct) Json.parse(get("/api/v1/runs/" + run + "/tasks/slip"));
        assertThat(((Value.Struct) Objects.requireNonNull(task.get("why"))).text("what"))
                .isEqualTo(said.text("what"));
        // People are told how far that is.
        assertThat(atFolder().run("why", run).out())
                .containsPattern("left alone for failing until \\d\\d:\\d\\d \\(in \\d\\.\\d s\\)");
        last.cancel("seen");
    }

    private static List<Value> items(Value.Struct of, String name) {
        return ((Value.Array) Objects.requireNonNull(of.get(name))).items();
    }

    private static Value.Struct first(Value.Struct of, String name) {
        return (Value.Struct) items(of, name).getFirst();
    }

    private static String get(String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("authorization", "Bearer " + TOKEN)
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void a_goal_is_planned_by_the_planner_of_the_server() throws IOException {
        var console = atServer();
        var plan = console.run("plan", "team.yaml#ponder", "-i", "about=tea", "--samples", "20");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("planned by search", "think by thinker");
        var words = new String[] {"forecast", "team.yaml#ponder", "-i", "about=tea"};
        assertThat(console.run(words).out()).contains("$0.01", "this is the first plan alone");
        assertThat(console.run("runs").out()).contains("cancelled").doesNotContain("succeeded");

        console.write("other.yaml", Files.readString(folder.resolve("team.yaml")) + "# changed\n");
        assertThat(console.run("plan", "other.yaml#ponder", "-i", "about=tea").code()).isZero();
        console.write(
                "other.yaml",
                Files.readString(folder.resolve("team.yaml")).replace("0.01", "0.02"));
        assertThat(console.run("plan", "other.yaml#ponder", "-i", "about=tea").err())
                .contains("the server serves another team than this file");
    }

    @Test
    void people_change_the_course_of_runs_and_answer() {
        var run = begun("run", "#ask");
        var console = atServer();
        assertThat(console.run("pause", run, "--reason", "lunch").err())
                .contains("it is paused now");
        assertThat(console.run("pause", run))
                .satisfies(again -> assertThat(again.code()).isEqualTo(2));
        assertThat(console.run("resume", run, "--key", "once").code()).isZero();
        assertThat(console.run("resume", run, "--key", "once").code()).isZero();
        assertThat(console.run("raise", run, "budget", "attempts", "7").code()).isZero();
        assertThat(console.run("answer", run + ".5", "green").code()).isEqualTo(2);
        assertThat(console.run("answer", run + ".5", "red", "--dry-run").out())
                .contains("would answer run", "then      the run is succeeded");
        assertThat(console.run("send", run, "hail", "--dry-run").out()).contains("would send to");
        assertThat(console.run("send", run, "hail", "--expect", "1").err()).contains("look again");
        assertThat(console.run("send", run, "hail", "--reason", "lost").code()).isEqualTo(2);
        assertThat(console.run("send", run, "hail", "--json").out())
                .contains("\"verb\" : \"send\"");
        assertThat(console.run("answer", run + ".5", "red").err()).contains("the answer counts");
        assertThat(console.run("recover", run))
                .satisfies(end -> {
                    assertThat(end.code()).isZero();
                    assertThat(end.out())
                            .contains("\"decision\" : \"red\"", "\"by\" : \"operator\"");
                });
        assertThat(list("audit", "--run", run, "--json")).contains("lunch", "\"operator\"");
        assertThat(list("events", run)).contains("paused: lunch", "goes on after");

        // A fork stands beside the run that it is of, so the beginning of an id is not enough.
        var whole =
                ((Value.Struct) Json.parse(console.run("show", run, "--json").out())).text("run");
        assertThat(console.run("fork", whole, "--dry-run").out()).contains("would fork run");
        var fork = console.run("fork", whole, "--key", "again", "--reason", "once more");
        var again = console.run("fork", whole, "--key", "again", "--reason", "once more");
        assertThat(list("audit", "--verb", "fork", "--json")).contains(": once more");
        assertThat(again.out()).as(again.err()).isEqualTo(fork.out());
        assertThat(console.run("recover", fork.out().strip()).code()).isZero();
        assertThat(console.run("cancel", whole).err()).contains("the run has ended");
        assertThat(console.run("agents", "--disable", "sleeper", "--reason", "tired").code())
                .isZero();
        assertThat(list("agents", "--json")).contains("tired");
        assertThat(console.run("agents", "--enable", "sleeper").code()).isZero();
        assertThat(console.run("publish", "orders", "order.paid", "--data", "{\"n\": 1}").code())
                .isZero();
        assertThat(list("messages", "orders")).contains("order.paid");
    }

    @Test
    void what_is_remembered_there_is_searched_told_and_forgotten() {
        var console = atServer();
        assertThat(console.run("memory", "remember", "Ada paints lighthouses.", "--about", "ada"))
                .satisfies(told -> {
                    assertThat(told.code()).as(told.err()).isZero();
                    assertThat(told.err()).contains("remembered as m1");
                });
        assertThat(list("memory", "show", "m1")).contains("person · tutti/operator");
        for (var words :
                List.of(
                        "memory list --kind fact",
                        "memory list --json",
                        "memory search lighthouses --words",
                        "memory search lighthouses --words --json --about ada",
                        "memory show m1 --json",
                        "memory export --kind fact",
                        "memory rules")) {
            list(words.split(" ", -1));
        }
        assertThat(console.run("memory", "list", "--kind", "dream").code()).isEqualTo(2);
        assertThat(console.run("memory", "show", "m9").err()).contains("there is no memory `m9`");
        assertThat(console.run("memory", "forget", "--about", "ada").err())
                .contains("forgot 1 memory about ada", "1 message of the topic memory");
        assertThat(list("memory", "list", "--kind", "fact")).doesNotContain("lighthouses");
        assertThat(console.run("memory", "forget", "m1").code()).isEqualTo(2);
    }

    @Test
    void a_key_may_do_there_what_its_role_may() throws Exception {
        var run = begun("run", "#ask");
        var viewer = new Console(folder).with("TUTTI_TOKEN", key("viewer"));
        assertThat(viewer.run("show", run, "--server", url).code()).isZero();
        assertThat(viewer.run("cancel", run, "--server", url))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err()).contains("needs the right to operate");
                });
        var operator = new Console(folder).with("TUTTI_TOKEN", key("operator"));
        assertThat(operator.run("answer", run + ".5", "red", "--server", url).err())
                .contains("needs the right to approve");
        var approver = new Console(folder).with("TUTTI_TOKEN", key("approver"));
        assertThat(approver.run("answer", run + ".5", "red", "--server", url).code()).isZero();
        assertThat(list("audit", "--run", run, "--json")).contains("an approver");
    }

    private static String key(String role) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var made =
                    http.send(
                            HttpRequest.newBuilder(URI.create(url + "/api/v1/keys"))
                                    .header("authorization", "Bearer " + TOKEN)
                                    .header("content-type", "application/json")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    "{\"name\":\"an %s\",\"role\":\"%s\"}"
                                                            .formatted(role, role)))
                                    .build(),
                            BodyHandlers.ofByteArray());
            return ((Value.Struct) Json.parse(made.body())).text("key");
        }
    }

    @Test
    void what_stands_in_the_way_is_said() throws IOException {
        var console = atServer();
        assertThat(console.run("run", "team.yaml#answer", "--input", "qestion=x").err())
                .contains("input `question` is missing");
        Files.writeString(folder.resolve("other.yaml"), team().replace("20ms", "21ms"));
        assertThat(console.run("run", "other.yaml#ask"))
                .satisfies(other -> {
                    assertThat(other.code()).isEqualTo(2);
                    assertThat(other.err()).contains("serves another team", "'#WORKFLOW'");
                });
        assertThat(console.run("run", "#nope").err()).contains("no workflow `nope`");
        assertThat(console.run("resume", "01", "--as", "bob").err()).contains("goes by the token");
        for (var words : List.of("doctor")) {
            var said = console.run(words.split(" ", -1));
            assertThat(said.code()).as(words).isEqualTo(2);
            assertThat(said.err()).as(words).contains("needs the store itself");
        }
        assertThat(console.run("runs", "--store", "x", "--server", url).err()).contains("not both");
        assertThat(console.run("runs", "--server", "here").err()).contains("not the address");

        var stranger = new Console(folder).with("TUTTI_TOKEN", "a-token-that-is-not-known");
        assertThat(stranger.run("runs", "--server", url))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err()).contains("this token is not known here");
                });
        assertThat(new Console(folder).run("runs", "--server", url).err())
                .contains("set TUTTI_TOKEN");
        assertThat(console.run("runs", "--server", "http://127.0.0.1:1"))
                .satisfies(down -> {
                    assertThat(down.code()).isEqualTo(4);
                    assertThat(down.err()).contains("http://127.0.0.1:1", "nothing listens there");
                });
    }

    @Test
    void a_server_of_another_version_and_what_is_none_are_told_apart() throws IOException {
        assertThat(answered("{\"format\": 99, \"version\": \"9.9\", \"position\": 0}"))
                .contains("is Tutti 9.9", "use the same version");
        assertThat(answered("<html>hello</html>")).contains("serves no store");
        assertThat(answered("{}")).contains("serves no store");
    }

    /// What is said where something answers everything with this.
    private static String answered(String body) throws IOException {
        var other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    var bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        other.start();
        try {
            var said =
                    new Console(folder)
                            .with("TUTTI_TOKEN", TOKEN)
                            .run(
                                    "runs",
                                    "--server",
                                    "http://127.0.0.1:" + other.getAddress().getPort());
            assertThat(said.code()).isEqualTo(2);
            return said.err();
        } finally {
            other.stop(0);
        }
    }

    @Test
    void whoever_stops_following_does_not_stop_the_run() throws Exception {
        var console = atServer();
        var running = CompletableFuture.supplyAsync(() -> console.run("run", "#slow"));
        while (!console.soFar().contains("running") && !running.isDone()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        console.interrupt();
        var stopped = running.get();
        assertThat(stopped.code()).isEqualTo(130);
        assertThat(stopped.err())
                .contains("the run goes on in the process that owns the store")
                .doesNotContain("stopping");
        var run = stopped.err().lines().findFirst().orElseThrow().split(" +", -1)[1];
        assertThat(console.run("recover", run).code()).isZero();
    }

    @Test
    void as_a_process_of_its_own_it_ends_with_the_same_codes() throws Exception {
        var process =
                JavaProcess.of(
                        List.of("-Xmx256m"),
                        Main.class,
                        List.of("run", "#ask", "--server", url, "--json"));
        process.environment().put("TUTTI_TOKEN", TOKEN);
        process.directory(folder.toFile());
        process.redirectError(folder.resolve("err").toFile());
        var started = process.start();
        var document = (Value.Struct) Json.parse(started.getInputStream().readAllBytes());
        assertThat(started.waitFor()).isEqualTo(3);
        assertThat(document.text("status")).isEqualTo("waiting");
        assertThat(Files.exists(folder.resolve(".tutti"))).isFalse();
    }
}
