package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What can be asked of runs that are written, and of runs that have not begun.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HistoryOverHttpTest {
    private static Served served;

    @BeforeAll
    static void serve() {
        served = Served.inMemory();
    }

    @AfterAll
    static void close() {
        served.close();
    }

    private static Value.Struct struct(Object... namesAndValues) {
        return Value.struct(namesAndValues);
    }

    private static Value field(Value.Struct of, String name) {
        return Objects.requireNonNull(of.get(name), name);
    }

    private static List<Value.Struct> list(Value.Struct of, String name) {
        return ((Value.Array) field(of, name))
                .items().stream().map(Value.Struct.class::cast).toList();
    }

    private static String plain(int n) throws Exception {
        var begun =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("plain"),
                                "inputs",
                                struct("n", Value.of(n))));
        var run = begun.body().text("run");
        served.awaitStatus(run, "succeeded");
        return run;
    }

    private static String asking() throws Exception {
        var run = served.begin("asking");
        served.awaitStatus(run, "waiting");
        return run;
    }

    // ---- looking back

    @Test
    void two_runs_are_compared_and_part_where_they_were_given_something_else() throws Exception {
        var one = plain(3);
        var same = plain(3);
        var other = plain(4);
        var alike = served.get("/api/v1/diff?run=" + one + "&other=" + same);
        assertThat(field(alike, "first")).isEqualTo(Value.NULL);
        assertThat(field(alike, "same")).isEqualTo(Value.of(6));
        var diff = served.get("/api/v1/diff?run=" + one + "&other=" + other);
        assertThat(((Value.Struct) field(diff, "left")).text("run")).isEqualTo(one);
        var first = (Value.Struct) field(diff, "first");
        assertThat(list(first, "differences").getFirst().text("aspect")).isEqualTo("asked");
        assertThat(list(diff, "downstream").getFirst().text("left")).isEqualTo("find");
        assertThat(served.admin.get("/api/v1/diff?run=" + one).problem())
                .isEqualTo("400 bad_request");
        assertThat(served.admin.get("/api/v1/diff?run=" + one + "&other=01ZZZZ").problem())
                .isEqualTo("404 no_run");
    }

    @Test
    void a_wrong_result_is_traced_to_what_went_into_it() throws Exception {
        plain(3);
        var run = plain(3);
        var blame = served.get("/api/v1/runs/" + run + "/blame?task=read%5B2%5D&expected=ant");
        var suspects = list(blame, "suspects");
        assertThat(suspects).isNotEmpty();
        assertThat(suspects.getFirst().get("rank")).isEqualTo(Value.of(1));
        assertThat(field(blame, "other_runs")).isNotEqualTo(Value.of(0));
        assertThat(served.admin.get("/api/v1/runs/" + run + "/blame?task=rede").problem())
                .isEqualTo("422 refused");
        assertThat(served.admin.get("/api/v1/runs/" + run + "/blame?path=no.such").problem())
                .isEqualTo("422 refused");
        assertThat(served.admin.get("/api/v1/runs/" + run + "/blame?against=" + run).status())
                .isEqualTo(400);
    }

    @Test
    void a_run_is_folded_again_and_its_digest_compared() throws Exception {
        var run = plain(3);
        var replay = served.get("/api/v1/runs/" + run + "/replay");
        assertThat(field(replay, "holds")).isEqualTo(Value.of(true));
        var digest = replay.text("digest");
        assertThat(served.get("/api/v1/runs/" + run + "/replay?expect=" + digest).get("holds"))
                .isEqualTo(Value.of(true));
        assertThat(
                        served.get("/api/v1/runs/" + run + "/replay?expect=" + "0".repeat(64))
                                .get("holds"))
                .isEqualTo(Value.of(false));
    }

    // ---- limits

    @Test
    void the_budget_of_a_run_is_raised_after_a_dry_run() throws Exception {
        var run = served.begin("capped");
        served.awaitStatus(run, "waiting");
        var path = "/api/v1/runs/" + run;
        var before = served.get(path + "/budget");
        assertThat(((Value.Struct) field(before, "budget")).text("usd")).isEqualTo("0.5");
        var left = (Value.Struct) field(before, "to_finish");
        assertThat(left.get("tasks")).isEqualTo(Value.of(1));
        assertThat(((Value.Struct) field(left, "likely")).text("usd")).isEqualTo("0.01");
        assertThat(left.text("why")).contains("1 task is left").contains("should do");
        var more =
                struct(
                        "task",
                        Value.text("budget"),
                        "limit",
                        Value.text("usd"),
                        "value",
                        new Value.Real(2.5));
        var dry = served.admin.post(path + "/raise", more.with("dry_run", Value.of(true)));
        assertThat(dry.status()).isEqualTo(200);
        assertThat(served.get(path + "/budget")).isEqualTo(before);
        assertThat(served.admin.post(path + "/raise", more).status()).isEqualTo(200);
        var after = (Value.Struct) field(served.get(path + "/budget"), "budget");
        assertThat(after.text("usd")).isEqualTo("2.5");
        assertThat(
                        served.admin
                                .post(path + "/raise", more.with("limit", Value.text("luck")))
                                .problem())
                .isEqualTo("400 bad_request");
        assertThat(
                        served.admin
                                .post(path + "/raise", more.with("value", Value.text("much")))
                                .problem())
                .isEqualTo("400 bad_request");
    }

    @Test
    void the_quotas_of_unfinished_runs_are_told() throws Exception {
        asking();
        var quota = list(served.get("/api/v1/quotas"), "quotas").getFirst();
        assertThat(quota.text("quota")).isEqualTo("desk");
        assertThat(quota.get("slots")).isEqualTo(Value.of(4));
    }

    @Test
    void the_plan_of_a_run_is_amended_after_a_dry_run() throws Exception {
        var run = asking();
        var plan =
                struct(
                        "reason",
                        Value.text("somebody has to look"),
                        "tasks",
                        struct(
                                "again",
                                struct(
                                        "skill",
                                        Value.text("gather"),
                                        "input",
                                        struct("n", Value.of(1)))));
        var path = "/api/v1/runs/" + run + "/amend";
        var dry = served.admin.post(path, struct("plan", plan, "dry_run", Value.of(true)));
        assertThat(dry.status()).as(dry.body().toString()).isEqualTo(200);
        assertThat(list(served.view(run), "tasks")).hasSize(3);
        assertThat(served.admin.post(path, struct("plan", plan)).status()).isEqualTo(200);
        assertThat(list(served.view(run), "tasks")).hasSize(4);
        var wrong = struct("tasks", struct("x", struct("skill", Value.text("fly"))));
        assertThat(served.admin.post(path, struct("plan", wrong)).problem())
                .isEqualTo("409 refused");
        assertThat(served.admin.post(path, Value.Struct.EMPTY).problem())
                .isEqualTo("400 bad_request");
    }

    // ---- looking ahead

    @Test
    void a_team_file_is_checked_and_each_fault_has_its_place() throws Exception {
        var text =
                """
                tutti: 1
                agents:
                  reader: { skills: [note], uses: simulated }
                workflows:
                  one:
                    tasks:
                      read: { skill: nota, input: {} }
                """;
        var wrong = served.admin.post("/api/v1/validate", struct("text", Value.text(text))).body();
        assertThat(field(wrong, "sound")).isEqualTo(Value.of(false));
        var fault = list(wrong, "faults").getFirst();
        assertThat(fault.get("line")).isEqualTo(Value.of(7));
        assertThat(fault.text("help")).contains("note");
        var sound =
                served.admin
                        .post(
                                "/api/v1/validate",
                                struct("text", Value.text(text.replace("nota", "note"))))
                        .body();
        assertThat(field(sound, "sound")).isEqualTo(Value.of(true));
        assertThat(served.admin.post("/api/v1/validate").problem()).isEqualTo("400 bad_request");
    }

    @Test
    void a_text_is_checked_and_drawn_and_the_file_that_is_served_is_given_to_who_may_operate()
            throws Exception {
        var file = served.get("/api/v1/team");
        assertThat(file.text("name")).isEqualTo("served.yaml");
        var body = struct("text", Value.text(file.text("text")), "drawn", Value.of(true));
        var checked = served.with("viewer").post("/api/v1/validate", body).body();
        assertThat(field(checked, "sound")).isEqualTo(Value.of(true));
        var drawn = list(checked, "drawn");
        assertThat(drawn).isEqualTo(list(served.get("/api/v1/workflows"), "workflows"));
        assertThat(list(drawn.getFirst(), "tasks"))
                .extracting(task -> task.text("task"))
                .containsExactly("find", "read", "sum");
        assertThat(served.with("viewer").get("/api/v1/team").problem()).isEqualTo("403 no_right");
        var schema = served.with("viewer").get("/api/v1/team/schema").body();
        assertThat(schema.text("$id")).isEqualTo("urn:tutti:team-file:1");
        var broken = struct("text", Value.text("tutti: 1\nskils: {}\n"), "drawn", Value.of(true));
        var wrong = served.admin.post("/api/v1/validate", broken).body();
        assertThat(list(wrong, "drawn")).isEmpty();
        var fault = list(wrong, "faults").getFirst();
        assertThat(List.of(field(fault, "line"), field(fault, "column"), field(fault, "length")))
                .isEqualTo(List.of(Value.of(2), Value.of(1), Value.of(5)));
    }

    @Test
    void a_text_may_name_the_files_that_the_team_served_names_and_no_others(@TempDir Path folder)
            throws Exception {
        Files.writeString(folder.resolve("reader.md"), "Read it.");
        Files.writeString(folder.resolve("secret.md"), "Nobody knows.");
        var text =
                """
                tutti: 1
                models: { m: { provider: openai, model: x, api_key: "${secret.KEY}" } }
                agents:
                  reader: { skills: [note], from: reader.md, with: { model: m } }
                workflows:
                  one: { tasks: { read: { skill: note, input: {} } } }
                """;
        var file = Files.writeString(folder.resolve("team.yaml"), text);
        var options = new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5));
        try (var own = new Served(dev.tutti.Tutti.inMemory(), options.serving(file))) {
            var body = struct("text", Value.text(text), "drawn", Value.of(true));
            var sound = own.admin.post("/api/v1/validate", body).body();
            assertThat(field(sound, "sound")).as(sound.toString()).isEqualTo(Value.of(true));
            assertThat(list(sound, "drawn")).hasSize(1);
            var other = struct("text", Value.text(text.replace("reader.md", "secret.md")));
            var refused =
                    own.admin.post("/api/v1/validate", other.with("drawn", Value.of(true))).body();
            assertThat(field(refused, "faults").toString()).contains("E-FILE-01");
        }
    }

    @Test
    void a_file_that_is_checked_reads_no_file_of_the_server() throws Exception {
        var text = "tutti: 1\nagents: { from: pom.xml }\n";
        var checked = served.admin.post("/api/v1/validate", struct("text", Value.text(text)));
        assertThat(new String(checked.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("artifactId");
    }

    @Test
    void a_forecast_learns_from_the_runs_on_record() throws Exception {
        plain(3);
        var asked = struct("workflow", Value.text("plain"), "samples", Value.of(50));
        var forecast = served.admin.post("/api/v1/forecast", asked).body();
        assertThat(field(forecast, "samples")).isEqualTo(Value.of(50));
        assertThat(field(forecast, "runs")).isNotEqualTo(Value.of(0));
        assertThat(((Value.Struct) field(forecast, "usd")).get("p50"))
                .isEqualTo(new Value.Real(0.004));
        var plan = served.admin.post("/api/v1/plan", asked).body();
        assertThat(list(plan, "tasks")).hasSize(3);
        assertThat(plan.get("forecast")).isNotNull();
        var path = "/api/v1/forecast";
        assertThat(served.admin.post(path, struct("workflow", Value.text("plane"))).problem())
                .isEqualTo("400 bad_request");
        assertThat(served.admin.post(path, asked.with("samples", Value.of(1_000_000))).problem())
                .isEqualTo("400 bad_request");
        assertThat(
                        served.admin
                                .post(path, asked.with("inputs", struct("n", Value.text("x"))))
                                .problem())
                .isEqualTo("422 wrong_inputs");
        assertThat(served.admin.post(path, asked.with("deadline", Value.text("soon"))).problem())
                .isEqualTo("400 bad_request");
    }

    @Test
    void a_goal_is_planned_and_foreseen_and_nothing_of_it_is_begun() throws Exception {
        var asked =
                struct("workflow", Value.text("brief"), "inputs", struct("n", Value.of(2)))
                        .with("samples", Value.of(20));
        var plan = served.admin.post("/api/v1/plan", asked.with("drawn", Value.of(true))).body();
        assertThat(list(plan, "tasks")).hasSize(1);
        assertThat(list(plan, "tasks").getFirst().text("does")).isEqualTo("gather by finder");
        var planned = (Value.Struct) field(plan, "planned");
        assertThat(planned.text("by")).isEqualTo("search");
        assertThat(planned.text("reason")).startsWith("the cheapest plan");
        assertThat(list((Value.Struct) field(plan, "drawn"), "tasks")).hasSize(1);
        var forecast = served.admin.post("/api/v1/forecast", asked).body();
        assertThat(forecast.get("samples")).isEqualTo(Value.of(20));
        assertThat(Json.text(field(forecast, "assumed"))).contains("this is the first plan alone");
        // Each asked its planner once, in a run of which nothing else was done.
        for (var run : list(served.get("/api/v1/runs?limit=2"), "runs")) {
            var over = served.awaitStatus(run.text("run"), "cancelled");
            assertThat(over.text("status_reason")).isEqualTo("it was only to be planned");
            assertThat(list(over, "tasks")).noneMatch(task -> task.text("task").equals("find"));
        }
    }

    @Test
    void a_goal_without_a_plan_says_why_and_who_may_only_look_may_not_ask() throws Exception {
        var lost = struct("workflow", Value.text("lost"), "inputs", struct("n", Value.of(2)));
        var none = served.admin.post("/api/v1/plan", lost);
        assertThat(none.problem()).isEqualTo("422 no_plan");
        assertThat(none.body().text("detail")).contains("`gold`");
        assertThat(served.admin.post("/api/v1/forecast", lost).problem()).isEqualTo("422 no_plan");
        var unsaid = served.admin.post("/api/v1/plan", struct("workflow", Value.text("brief")));
        assertThat(unsaid.problem()).isEqualTo("422 no_plan");
        assertThat(unsaid.body().text("detail")).contains("`n`");
        var brief = struct("workflow", Value.text("brief"), "inputs", struct("n", Value.of(2)));
        var viewer = served.with("viewer");
        assertThat(viewer.post("/api/v1/plan", brief).problem()).isEqualTo("403 no_right");
        assertThat(viewer.post("/api/v1/plan", struct("workflow", Value.text("plain"))).status())
                .isEqualTo(200);
        var desk = struct("workflow", Value.text("desk"));
        assertThat(served.admin.post("/api/v1/forecast", desk).problem()).isEqualTo("422 no_plan");
    }

    // ---- who did what, and what is shared

    @Test
    void whoever_did_something_is_on_record_and_a_fork_takes_over_no_deeds() throws Exception {
        var run = asking();
        var path = "/api/v1/runs/" + run;
        served.admin.post(path + "/pause", struct("reason", Value.text("=lunch, \"late\"")));
        served.admin.post(path + "/resume");
        assertThat(served.admin.post(path + "/resume").problem()).isEqualTo("409 refused");
        var fork = served.admin.post(path + "/fork").body().text("run");
        var deeds = list(served.get("/api/v1/audit?run=" + run), "deeds");
        assertThat(deeds.stream().map(deed -> deed.text("verb")).toList())
                .containsExactly("intervene", "resume", "pause", "run");
        assertThat(field(deeds.getFirst(), "refused")).isEqualTo(Value.of(true));
        assertThat(deeds.get(2).text("why")).isEqualTo("=lunch, \"late\"");
        assertThat(deeds.get(2).text("by")).isEqualTo("operator");
        assertThat(
                        list(served.get("/api/v1/audit?run=" + fork), "deeds").stream()
                                .map(deed -> deed.text("verb"))
                                .toList())
                .containsExactly("fork");
        var csv = served.admin.get("/api/v1/audit.csv?verb=pause&run=" + run);
        assertThat(csv.type()).startsWith("text/csv");
        assertThat(new String(csv.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains(",\"'=lunch, \"\"late\"\"\",false");
        assertThat(list(served.get("/api/v1/audit?run=" + run + "&by=nobody"), "deeds")).isEmpty();
        assertThat(list(served.get("/api/v1/audit?run=" + run + "&since=1h"), "deeds")).hasSize(4);
        assertThat(served.admin.get("/api/v1/audit?since=lately").status()).isEqualTo(400);
        var first = served.get("/api/v1/audit?run=" + run + "&limit=3");
        assertThat(
                        list(
                                served.get(
                                        "/api/v1/audit?run="
                                                + run
                                                + "&before="
                                                + ((Value.Int) field(first, "next")).value()),
                                "deeds"))
                .hasSize(1);
    }

    @Test
    void places_and_budgets_of_unfinished_runs_are_told() throws Exception {
        served.awaitStatus(served.begin("capped"), "waiting");
        var resources = served.get("/api/v1/resources");
        assertThat(list(resources, "budgets").getFirst().text("goal")).isEqualTo("capped");
        var reader =
                list(resources, "agents").stream()
                        .filter(one -> one.text("agent").equals("reader"))
                        .findFirst()
                        .orElseThrow();
        assertThat(reader.get("places")).isEqualTo(Value.of(2));
        assertThat(reader.get("waiting")).isEqualTo(Value.of(0));
    }

    @Test
    void contracts_are_told_of_workflows_where_nobody_plans() throws Exception {
        var contracts = list(served.get("/api/v1/contracts"), "contracts");
        assertThat(contracts).hasSize(1);
        assertThat(contracts.getFirst().text("workflow")).isEqualTo("desk");
        assertThat(contracts.getFirst().get("messages"))
                .isEqualTo(Value.from(List.of("asked", "answered", "unanswered")));
        var plan = served.admin.post("/api/v1/plan", struct("workflow", Value.text("desk"))).body();
        assertThat(plan.text("mode")).isEqualTo("choreography");
    }
}
