package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.ulid.Ulid;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs, as programs and pages see and change them.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class RunsOverHttpTest {
    private static final Value TRUE = Value.of(true);
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

    private static List<Value.Struct> list(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Array(var items)
                ? items.stream().map(Value.Struct.class::cast).toList()
                : List.of();
    }

    private static Value.Struct row(Value.Struct view, String task) {
        return list(view, "tasks").stream()
                .filter(row -> row.text("task").equals(task))
                .findFirst()
                .orElseThrow();
    }

    private static Client.Answer verb(String run, String verb, Value.Struct body) throws Exception {
        return served.admin.post("/api/v1/runs/" + run + "/" + verb, body);
    }

    private static String asking() throws Exception {
        var run = served.begin("asking");
        served.awaitStatus(run, "waiting");
        return run;
    }

    private static Value.Struct question(String run) throws Exception {
        return list(served.get("/api/v1/questions?run=" + run), "questions").getFirst();
    }

    private static Client.Answer approve(Value.Struct question) throws Exception {
        return served.admin.post(
                "/api/v1/questions/" + question.text("question") + "/approve",
                struct("hash", Value.text(question.text("hash"))));
    }

    // ---- looking

    @Test
    void a_fan_out_is_one_row_with_counts_that_add_up_at_every_event() throws Exception {
        var run = served.begin("plain");
        var end = served.awaitStatus(run, "succeeded");
        assertThat(list(end, "tasks")).hasSize(3);
        assertThat(row(end, "read").get("after")).isEqualTo(Value.from(List.of("find")));
        assertThat(row(end, "sum").get("layer")).isEqualTo(Value.of(2));
        long head = ((Value.Int) field(end, "head")).value();
        for (long at = 1; at <= head; at++) {
            var view = served.get("/api/v1/runs/" + run + "/view?at=" + at);
            assertThat(view.get("sequence")).isEqualTo(Value.of(at));
            assertThat(view.get("head")).isEqualTo(Value.of(head));
            for (var task : list(view, "tasks")) {
                if (task.get("items") instanceof Value.Struct items
                        && items.get("total") instanceof Value.Int(var total)) {
                    long sum =
                            ((Value.Struct) field(items, "counts"))
                                    .fields().values().stream()
                                            .mapToLong(count -> ((Value.Int) count).value())
                                            .sum();
                    assertThat(sum).as("at " + at).isEqualTo(total);
                }
            }
            if (view.get("counts") instanceof Value.Struct counts) {
                long sum =
                        counts.fields().values().stream()
                                .mapToLong(count -> ((Value.Int) count).value())
                                .sum();
                assertThat(Value.of(sum)).as("at " + at).isEqualTo(view.get("total"));
            }
        }
    }

    @Test
    void whoever_begins_a_run_can_limit_what_it_takes() throws Exception {
        var body = struct("workflow", Value.text("plain"));
        var limits = struct("attempts", Value.of(9), "time", Value.text("10m"));
        var begun = served.admin.post("/api/v1/runs", body.with(struct("budget", limits)));
        assertThat(begun.status()).isEqualTo(201);
        var budget = served.get("/api/v1/runs/" + begun.body().text("run") + "/budget");
        assertThat(budget.get("budget").toString()).contains("9", "PT10M");
        // The run may have ended by now, and then nothing of its time is left to tell.
        assertThat(budget.fields()).containsKeys("time", "alarms");
        assertThat(served.view(begun.body().text("run")).fields()).containsKey("deadline");
        var wrong =
                served.admin.post(
                        "/api/v1/runs",
                        body.with(struct("budget", struct("usd", Value.text("much")))));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().toString()).contains("wrong_budget", "/budget/usd");
        var money =
                served.admin.post(
                        "/api/v1/runs",
                        body.with(struct("budget", struct("usd", Value.text("5.5")))));
        assertThat(money.status()).isEqualTo(422);
        assertThat(money.body().toString()).contains("wrong_budget", "E-BUDGET-02", "/budget/usd");
        var dry =
                served.admin.post(
                        "/api/v1/runs",
                        body.with(
                                struct(
                                        "budget",
                                        struct("usd", Value.text("5.5")),
                                        "dry_run",
                                        Value.of(true))));
        assertThat(dry.body()).isEqualTo(money.body());
    }

    @Test
    void what_is_spent_is_the_same_wherever_it_is_told() throws Exception {
        var run = served.begin("plain");
        var view = served.awaitStatus(run, "succeeded");
        var document = served.get("/api/v1/runs/" + run);
        var cost = served.get("/api/v1/runs/" + run + "/cost");
        assertThat(view.get("cost")).isEqualTo(document.get("cost"));
        assertThat(cost.get("cost")).isEqualTo(document.get("cost"));
        assertThat(((Value.Struct) field(view, "cost")).get("usd"))
                .isEqualTo(new Value.Real(0.004));
        var burn = list(cost, "burn");
        assertThat(burn.getLast().get("usd")).isEqualTo(new Value.Real(0.004));
    }

    @Test
    void a_task_tells_its_input_attempts_candidates_and_output() throws Exception {
        var run = served.begin("plain");
        served.awaitStatus(run, "succeeded");
        var drawer = served.get("/api/v1/runs/" + run + "/tasks/read%5B1%5D");
        assertThat(drawer.text("state")).isEqualTo("succeeded");
        assertThat(drawer.text("label")).isEqualTo("bee");
        assertThat(drawer.get("input"))
                .isEqualTo(struct("value", struct("text", Value.text("bee"))));
        assertThat(drawer.get("output"))
                .isEqualTo(struct("value", struct("note", Value.text("bee"))));
        var attempt = list(drawer, "attempts").getFirst();
        assertThat(attempt.text("agent")).isEqualTo("reader");
        assertThat(list(attempt, "candidates").getFirst().text("agent")).isEqualTo("reader");
        assertThat(served.get("/api/v1/runs/" + run + "/tasks/read%5B1%5D/output"))
                .isEqualTo(struct("note", Value.text("bee")));
        assertThat(served.admin.get("/api/v1/runs/" + run + "/tasks/nothing").problem())
                .isEqualTo("404 no_task");
        assertThat(served.admin.get("/api/v1/runs/" + run + "/tasks/read%5B9%5D").problem())
                .isEqualTo("404 no_task");
    }

    @Test
    void a_task_tells_what_it_rests_on_and_what_rests_on_it() throws Exception {
        var run = served.begin("plain");
        served.awaitStatus(run, "succeeded");
        var task = "/api/v1/runs/" + run + "/tasks/read%5B1%5D/lineage";
        var lineage = served.get(task);
        assertThat(titles(lineage)).containsExactly("read[1]", "find", "input n");
        var edge = list(lineage, "edges").getFirst();
        assertThat(edge.text("from")).isEqualTo(lineage.text("of"));
        assertThat(edge.text("how")).isEqualTo("item");
        assertThat(edge.text("place")).isEqualTo("find.items[1]");
        assertThat(titles(served.get(task + "?used_by=true"))).startsWith("read[1]", "read");
        assertThat(served.get(task + "?limit=1").get("cut")).isEqualTo(Value.of(true));
        assertThat(served.admin.get(task + "?at=2").problem()).isEqualTo("404 no_task");
        assertThat(served.admin.get("/api/v1/runs/" + run + "/tasks/reed/lineage").problem())
                .isEqualTo("404 no_task");
        assertThat(served.admin.get("/api/v1/runs/" + run + "/tasks/find/lineage?at=2").problem())
                .isEqualTo("404 no_lineage");
    }

    private static List<String> titles(Value.Struct lineage) {
        return list(lineage, "nodes").stream().map(node -> node.text("title")).toList();
    }

    @Test
    void bars_of_a_task_lie_end_to_end_and_the_path_fills_the_whole_time() throws Exception {
        var run = served.begin("plain");
        served.awaitStatus(run, "succeeded");
        var timeline = served.get("/api/v1/runs/" + run + "/timeline?task=read");
        assertThat(list(timeline, "rows")).hasSize(4);
        for (var row : list(timeline, "rows")) {
            long before = -1;
            for (var bar : ((Value.Array) field(row, "bars")).items()) {
                var parts = ((Value.Array) bar).items();
                long from = ((Value.Int) parts.get(1)).value();
                assertThat(before < 0 || before == from).isTrue();
                before = ((Value.Int) parts.get(2)).value();
            }
        }
        var path = served.get("/api/v1/runs/" + run + "/path");
        double share =
                list(path, "steps").stream()
                        .mapToDouble(step ->
                                step.get("share") instanceof Value.Real(var real)
                                        ? real
                                        : ((Value.Int) field(step, "share")).value())
                        .sum();
        assertThat(share).isBetween(0.8, 1.001);
    }

    @Test
    void the_journal_comes_in_pages_from_either_end_and_by_stage() throws Exception {
        var run = served.begin("plain");
        served.awaitStatus(run, "succeeded");
        var all = list(served.get("/api/v1/runs/" + run + "/events?limit=1000"), "events");
        var paged = new ArrayList<Value.Struct>();
        Value next = Value.of(0);
        while (next instanceof Value.Int(var after)) {
            var page = served.get("/api/v1/runs/" + run + "/events?limit=7&after=" + after);
            paged.addAll(list(page, "events"));
            next = page.fields().get("next");
        }
        assertThat(paged).isEqualTo(all);
        var backwards = new ArrayList<Value.Struct>();
        next = Value.of(10_000);
        while (next instanceof Value.Int(var before)) {
            var page = served.get("/api/v1/runs/" + run + "/events?limit=7&before=" + before);
            backwards.addAll(0, list(page, "events"));
            next = page.fields().get("next");
        }
        assertThat(backwards).isEqualTo(all);
        assertThat(list(served.get("/api/v1/runs/" + run + "/events?stage=dispatch"), "events"))
                .isEqualTo(
                        all.stream().filter(one -> one.text("stage").equals("dispatch")).toList())
                .isNotEmpty();
        var lanes = served.get("/api/v1/runs/" + run + "/lanes?buckets=5");
        long counted =
                ((Value.Struct) field(lanes, "lanes"))
                        .fields().values().stream()
                                .flatMap(lane -> ((Value.Array) lane).items().stream())
                                .mapToLong(count -> ((Value.Int) count).value())
                                .sum();
        assertThat(counted).isEqualTo(all.size());
    }

    @Test
    void the_list_comes_in_pages_and_is_filtered() throws Exception {
        var mine = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            mine.add(served.begin("failing"));
        }
        for (var run : mine) {
            served.awaitStatus(run, "failed");
        }
        var seen = new ArrayList<String>();
        var from = "";
        do {
            var page = served.get("/api/v1/runs?limit=2&workflow=failing&status=failed" + from);
            for (var row : list(page, "runs")) {
                seen.add(row.text("run"));
                assertThat(Json.bytes(row)).hasSizeLessThanOrEqualTo(1_024);
            }
            from = page.get("next") instanceof Value.Text(var next) ? "&before=" + next : "";
        } while (!from.isEmpty());
        assertThat(seen).isEqualTo(mine.reversed());
        assertThat(list(served.get("/api/v1/runs?q=" + mine.getFirst()), "runs")).hasSize(1);
        assertThat(served.admin.get("/api/v1/runs?limit=0").problem()).isEqualTo("400 bad_request");
    }

    @Test
    void runs_are_found_counted_and_changed_by_when_they_began() throws Exception {
        var mine = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            mine.add(served.begin("failing"));
            TimeUnit.MILLISECONDS.sleep(3);
        }
        for (var run : mine) {
            served.awaitStatus(run, "failed");
        }
        var second = "=" + Ulid.getInstant(mine.get(1));
        var end = "=" + Ulid.getInstant(mine.get(2)).plusMillis(1);
        var query = "?workflow=failing&limit=2&since" + second + "&until";
        var since = served.get("/api/v1/runs" + query + end);
        assertThat(since.get("next")).isEqualTo(Value.NULL);
        assertThat(list(since, "runs"))
                .extracting(row -> row.text("run"))
                .containsExactly(mine.get(2), mine.get(1));
        assertThat(list(served.get("/api/v1/runs?workflow=failing&until" + second), "runs"))
                .extracting(row -> row.text("run"))
                .contains(mine.getFirst())
                .doesNotContain(mine.get(1), mine.get(2));
        assertThat(list(served.get("/api/v1/runs?until=1h"), "runs")).isEmpty();

        var counted = served.get("/api/v1/histogram" + query + end + "&parts=3");
        assertThat(counted.get("whole")).isEqualTo(TRUE);
        assertThat(counted.get("runs")).isEqualTo(Value.of(2));
        var parts = list(counted, "parts");
        assertThat(parts).hasSize(3);
        assertThat(parts.getFirst().get("failed")).isEqualTo(Value.of(1));
        assertThat(parts.getLast().get("runs")).isEqualTo(Value.of(1));
        assertThat(list(served.get("/api/v1/histogram"), "parts")).hasSize(48);

        var where =
                struct("workflow", Value.text("failing"), "since", Value.text(second.substring(1)));
        var dry = served.admin.post("/api/v1/bulk/fork", struct("where", where, "dry_run", TRUE));
        assertThat(((Value.Array) field(dry.body(), "done")).items())
                .contains(Value.text(mine.get(1)))
                .doesNotContain(Value.text(mine.getFirst()));
        for (var wrong :
                List.of(
                        "runs?since=yesterday",
                        "histogram?since=1h&until=2h",
                        "histogram?until=soon")) {
            assertThat(served.admin.get("/api/v1/" + wrong).problem()).isEqualTo("400 bad_request");
        }
    }

    // ---- doing

    private static Value.Struct line(String query, String run) throws Exception {
        return list(served.get("/api/v1/runs?limit=200&" + query), "runs").stream()
                .filter(row -> row.text("run").equals(run))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_run_is_known_by_its_inputs_and_found_by_words_of_them_in_any_case() throws Exception {
        var begun =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("desk"),
                                "inputs",
                                struct("text", Value.text("Who OWNS a store?"))));
        var run = begun.body().text("run");
        assertThat(line("q=store%3F%20owns%20DESK", run).text("about"))
                .isEqualTo("Who OWNS a store?");
        assertThat(served.view(run).text("about")).isEqualTo("Who OWNS a store?");
        assertThat(list(served.get("/api/v1/runs?q=owns%20nothing"), "runs")).isEmpty();
    }

    @Test
    void a_line_says_why_its_run_does_not_go_on_and_what_it_may_spend() throws Exception {
        var failed = served.begin("failing");
        served.awaitStatus(failed, "failed");
        assertThat(line("", failed).text("reason")).contains("fall");
        var capped = served.begin("capped");
        served.awaitStatus(capped, "waiting");
        var row = line("", capped);
        assertThat(row.text("reason")).startsWith("asks alice: ");
        assertThat(row.get("budget")).isEqualTo(struct("usd", new Value.Real(0.5)));
        assertThat(served.view(capped).get("budget")).isEqualTo(row.get("budget"));
        served.admin.post("/api/v1/runs/" + capped + "/pause");
        served.awaitStatus(capped, "paused");
        assertThat(line("", capped).text("reason")).startsWith("until it is resumed");
        served.admin.post("/api/v1/runs/" + capped + "/cancel");
        assertThat(line("", failed).get("budget")).isEqualTo(Value.NULL);
    }

    @Test
    void a_run_is_begun_once_under_one_key() throws Exception {
        var body = struct("workflow", Value.text("plain"));
        var first = keyed("/api/v1/runs", "k-1", body);
        var second = keyed("/api/v1/runs", "k-1", body);
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.body().text("run")).isEqualTo(first.body().text("run"));
        var other = keyed("/api/v1/runs", "k-1", struct("workflow", Value.text("failing")));
        assertThat(other.problem()).isEqualTo("422 wrong_key");
    }

    private static Client.Answer keyed(String path, String key, Value.Struct body)
            throws Exception {
        return served.admin.send(
                served.admin
                        .request(path)
                        .header("idempotency-key", key)
                        .POST(BodyPublishers.ofByteArray(dev.tutti.runtime.json.Json.bytes(body)))
                        .build());
    }

    @Test
    void wrong_inputs_are_told_with_their_places() throws Exception {
        var wrong =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("plain"),
                                "inputs",
                                struct("n", Value.text("three"), "m", Value.of(1))));
        assertThat(wrong.problem()).isEqualTo("422 wrong_inputs");
        assertThat(wrong.type()).isEqualTo("application/problem+json");
        assertThat(list(wrong.body(), "errors"))
                .extracting(error -> error.text("pointer"))
                .containsExactly("/inputs/n", "/inputs/m");
        var dry =
                served.admin.post(
                        "/api/v1/runs",
                        struct("workflow", Value.text("plain"), "dry_run", Value.of(true)));
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.body().get("inputs")).isEqualTo(struct("n", Value.of(3)));
    }

    @Test
    void what_tasks_gave_in_another_run_stands_in_and_costs_nothing() throws Exception {
        var old = served.begin("plain");
        served.awaitStatus(old, "succeeded");
        var body =
                struct(
                        "workflow",
                        Value.text("plain"),
                        "stand_in",
                        struct("sum", struct("ok", Value.of(false))),
                        "stand_in_from",
                        struct(old, Value.array(Value.text("find"), Value.text("read"))));
        var dry = served.admin.post("/api/v1/runs", body.with("dry_run", Value.of(true)));
        assertThat(dry.body().get("stand_in"))
                .isEqualTo(
                        struct(
                                "sum",
                                struct("run", Value.NULL),
                                "find",
                                struct("run", Value.text(old)),
                                "read",
                                struct("run", Value.text(old))));
        var operator = served.with("operator");
        var run = operator.post("/api/v1/runs", body).body().text("run");
        var view = served.awaitStatus(run, "succeeded");
        assertThat(((Value.Struct) Objects.requireNonNull(view.get("output"))).get("value"))
                .isEqualTo(Value.of(false));
        var cost = (Value.Struct) Objects.requireNonNull(view.get("cost"));
        assertThat(cost.get("usd")).isEqualTo(Value.of(0));
        var pin = struct("run", Value.text(old), "by", Value.text("a operator"));
        assertThat(row(view, "read").get("stand_in")).isEqualTo(pin);
        assertThat(row(view, "read").get("attempts")).isEqualTo(Value.of(0));
        assertThat(row(view, "sum").get("stand_in"))
                .isEqualTo(struct("run", Value.NULL, "by", Value.text("a operator")));
        assertThat(list(served.get("/api/v1/runs/" + run + "/events"), "events"))
                .filteredOn(event -> event.text("type").equals("Intervened"))
                .extracting(event -> event.text("by") + ": " + event.text("sentence"))
                .contains("a operator: is not done: what stands in is what it gave in run " + old);
        // Whoever does it again by hand has it done.
        var asking =
                served.admin
                        .post(
                                "/api/v1/runs",
                                struct(
                                        "workflow",
                                        Value.text("asking"),
                                        "stand_in_from",
                                        struct(old, Value.array(Value.text("find")))))
                        .body()
                        .text("run");
        served.awaitStatus(asking, "waiting");
        assertThat(verb(asking, "retry", struct("task", Value.text("find"))).status())
                .isEqualTo(200);
        var again = served.await(asking, now -> row(now, "find").text("state").equals("succeeded"));
        assertThat(row(again, "find").get("stand_in")).isEqualTo(Value.NULL);
        // A fork of its very beginning has the same stand in.
        var fork = verb(run, "fork", struct("at", Value.of(1))).body().text("run");
        var forked = served.awaitStatus(fork, "succeeded");
        assertThat(row(forked, "read").get("stand_in")).isNotEqualTo(Value.NULL);
        assertThat(row(forked, "sum").get("attempts")).isEqualTo(Value.of(0));
    }

    @Test
    void what_cannot_stand_in_is_told_all_at_once_with_its_place_and_the_mend() throws Exception {
        var old = asking();
        var note = struct("note", Value.text("n"));
        var wrong =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("plain"),
                                "stand_in",
                                struct(
                                        "raed",
                                        Value.of(1),
                                        "read",
                                        Value.array(note, struct("note", Value.of(1))),
                                        "sum",
                                        struct("okay", Value.of(true)))));
        assertThat(wrong.problem()).isEqualTo("422 wrong_stand_in");
        assertThat(list(wrong.body(), "errors"))
                .extracting(error -> error.text("pointer") + " " + error.text("code"))
                .containsExactly(
                        "/stand_in/raed E-STAND-01",
                        "/stand_in/read/1/note E-TYPE-01",
                        "/stand_in/sum E-TYPE-02",
                        "/stand_in/sum/okay E-TYPE-03");
        assertThat(list(wrong.body(), "errors").getFirst().text("help")).isEqualTo("write `read`");
        var width =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("plain"),
                                "stand_in",
                                struct("read", Value.array(note, note)),
                                "stand_in_from",
                                struct(old, Value.array(Value.text("find")))));
        assertThat(list(width.body(), "errors").getFirst().text("message"))
                .isEqualTo("`read` has 4 items with these inputs, and 2 outputs stand in for them");
        var none =
                served.admin.post(
                        "/api/v1/runs",
                        struct(
                                "workflow",
                                Value.text("plain"),
                                "stand_in_from",
                                struct(old, Value.array(Value.text("sum"), Value.text("none")))));
        assertThat(list(none.body(), "errors"))
                .extracting(error -> error.text("code") + " " + error.text("help"))
                .containsExactly(
                        "E-STAND-02 that run has outputs of find, read",
                        "E-STAND-02 that run has outputs of find, read");
    }

    @Test
    void a_dry_run_says_what_would_be_done_and_does_nothing() throws Exception {
        var run = asking();
        var before = served.view(run);
        var dry = verb(run, "retry", struct("task", Value.text("read"), "dry_run", Value.of(true)));
        assertThat(dry.status()).isEqualTo(200);
        assertThat(((Value.Array) field(dry.body(), "tasks")).items())
                .contains(Value.text("read[0]"), Value.text("sum"));
        assertThat(dry.body().get("reused")).isEqualTo(Value.of(1));
        assertThat(served.view(run)).isEqualTo(before);
    }

    @Test
    void what_somebody_did_is_marked_with_who_and_why() throws Exception {
        var run = asking();
        var operator = served.with("operator");
        var paused =
                operator.post(
                        "/api/v1/runs/" + run + "/pause", struct("reason", Value.text("lunch")));
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body().text("status")).isEqualTo("paused");
        var mark = list(served.view(run), "marks").getLast();
        assertThat(mark.text("by")).isEqualTo("a operator");
        assertThat(mark.text("verb")).isEqualTo("pause");
        assertThat(mark.text("reason")).isEqualTo("lunch");
        assertThat(verb(run, "pause", struct()).problem()).isEqualTo("409 refused");
        assertThat(verb(run, "resume", struct()).status()).isEqualTo(200);
        operator.close();
    }

    @Test
    void one_who_saw_less_than_there_is_changes_nothing() throws Exception {
        var run = asking();
        var stale = verb(run, "pause", struct("expect", Value.of(2)));
        assertThat(stale.problem()).isEqualTo("409 stale");
        assertThat(stale.body().get("sequence")).isInstanceOf(Value.Int.class);
        assertThat(served.view(run).text("status")).isEqualTo("waiting");
    }

    @Test
    void a_task_is_not_given_to_an_agent_that_its_policy_denies() throws Exception {
        var run = asking();
        var to = struct("task", Value.text("sum"), "agent", Value.text("weakling"));
        var refused = verb(run, "reassign", to);
        assertThat(refused.problem()).isEqualTo("409 refused");
        assertThat(refused.body().text("detail"))
                .contains("agent `weakling` may not have `sum`: rule 1 of its policy, deny");
        assertThat(served.view(run).text("status")).isEqualTo("waiting");
        assertThat(verb(run, "cancel", struct()).status()).isEqualTo(200);
    }

    @Test
    void every_verb_is_there_and_says_what_it_needs() throws Exception {
        var run = asking();
        assertThat(verb(run, "retry", struct()).problem()).isEqualTo("400 bad_request");
        assertThat(verb(run, "edit", struct("task", Value.text("read"))).problem())
                .isEqualTo("400 bad_request");
        assertThat(verb(run, "raise", struct("task", Value.text("sum"))).problem())
                .isEqualTo("400 bad_request");
        assertThat(
                        verb(
                                        run,
                                        "edit",
                                        struct(
                                                "task",
                                                Value.text("find"),
                                                "output",
                                                struct("items", Value.from(List.of("elk")))))
                                .status())
                .isEqualTo(200);
        served.await(run, view -> row(view, "sum").text("state").equals("held"));
        assertThat(row(served.view(run), "read").get("items"))
                .isEqualTo(
                        struct("total", Value.of(1), "counts", struct("succeeded", Value.of(1))));
        assertThat(
                        verb(
                                        run,
                                        "skip",
                                        struct(
                                                "task",
                                                Value.text("sum"),
                                                "output",
                                                struct("ok", Value.of(false))))
                                .status())
                .isEqualTo(200);
        assertThat(served.awaitStatus(run, "succeeded").get("output"))
                .isEqualTo(struct("value", Value.of(false)));
        assertThat(verb(run, "cancel", struct()).problem()).isEqualTo("409 refused");
        var dry = verb(run, "fork", struct("at", Value.of(10), "dry_run", Value.of(true)));
        assertThat(dry.status()).isEqualTo(200);
        var fork = verb(run, "fork", struct("at", Value.of(10)));
        assertThat(fork.status()).isEqualTo(201);
        var forked = served.view(fork.body().text("run"));
        assertThat(((Value.Struct) field(forked, "origin")).text("kind")).isEqualTo("fork");
        var other =
                verb(
                        run,
                        "fork",
                        struct("task", Value.text("sum"), "output", struct("ok", Value.of(true))));
        assertThat(other.status()).isEqualTo(201);
        assertThat(served.awaitStatus(other.body().text("run"), "succeeded").get("output"))
                .isEqualTo(struct("value", Value.of(true)));
        assertThat(verb(run, "fork", struct("task", Value.text("sum"))).problem())
                .startsWith("400");
        // Of which task it is has to be said.
        assertThat(verb(run, "fork", struct("input", struct())).problem()).startsWith("4");
        assertThat(
                        verb(
                                        run,
                                        "fork",
                                        struct(
                                                "task", Value.text("nothing"),
                                                "output", Value.of(1),
                                                "dry_run", Value.of(true)))
                                .problem())
                .isEqualTo("409 refused");
    }

    @Test
    void many_runs_are_changed_at_once_and_each_that_was_not_is_told() throws Exception {
        var run = asking();
        var over = served.begin("plain");
        served.awaitStatus(over, "succeeded");
        var where = struct("runs", Value.from(List.of(run, over)));
        var bulk =
                served.admin.post(
                        "/api/v1/bulk/cancel",
                        struct("where", where, "reason", Value.text("over")));
        assertThat(bulk.status()).isEqualTo(200);
        assertThat(bulk.body().get("done")).isEqualTo(Value.from(List.of(run)));
        assertThat(list(bulk.body(), "refused").getFirst().text("run")).isEqualTo(over);
    }

    @Test
    void many_budgets_are_raised_by_so_much_each_whatever_they_are() throws Exception {
        var budgets = List.of("0.3", "0.5");
        var runs = new ArrayList<String>();
        for (var usd : budgets) {
            var body =
                    struct(
                            "workflow",
                            Value.text("capped"),
                            "budget",
                            struct("usd", Value.text(usd)));
            runs.add(served.admin.post("/api/v1/runs", body).body().text("run"));
        }
        var free = asking();
        var all = new ArrayList<>(runs);
        all.add(free);
        var wanted =
                struct(
                        "where",
                        struct("runs", Value.from(all)),
                        "limit",
                        Value.text("usd"),
                        "value",
                        Value.text("+0.20"));
        var path = "/api/v1/bulk/raise";
        var absolute = wanted.with("value", Value.text("0.20"));
        assertThat(served.admin.post(path, absolute).problem()).isEqualTo("400 bad_request");
        var dry = served.admin.post(path, wanted.with("dry_run", TRUE)).body();
        assertThat(list(dry, "limits"))
                .extracting(one -> one.text("before") + " " + one.text("after"))
                .containsExactly("0.3 0.5", "0.5 0.7");
        assertThat(list(dry, "refused").getFirst().text("detail")).contains("has no budget of usd");
        assertThat(cap(runs.getFirst())).contains("0.3");

        var done = served.admin.post(path, wanted).body();
        assertThat(done.get("done")).isEqualTo(Value.from(runs));
        assertThat(done.get("limits")).isEqualTo(dry.get("limits"));
        assertThat(cap(runs.getFirst())).contains("0.5");
        assertThat(cap(runs.getLast())).contains("0.7");
    }

    private static String cap(String run) throws Exception {
        return String.valueOf(served.get("/api/v1/runs/" + run + "/budget").get("budget"));
    }

    @Test
    void runs_that_failed_go_on_in_forks_by_what_they_have_in_common() throws Exception {
        var failed = served.begin("failing");
        served.awaitStatus(failed, "failed");
        var where = struct("status", Value.text("failed"), "workflow", Value.text("failing"));
        var dry = served.admin.post("/api/v1/bulk/fork", struct("where", where, "dry_run", TRUE));
        assertThat(((Value.Array) field(dry.body(), "done")).items()).contains(Value.text(failed));
        assertThat(dry.body().get("next")).isEqualTo(Value.NULL);
        var elder = where.with("before", Value.text(failed));
        assertThat(
                        served.admin
                                .post("/api/v1/bulk/fork", struct("where", elder, "dry_run", TRUE))
                                .body()
                                .get("done"))
                .asString()
                .doesNotContain(failed);
        var bulk =
                served.admin.post(
                        "/api/v1/bulk/fork",
                        struct("where", where, "reason", Value.text("the other judge")));
        assertThat(((Value.Array) field(bulk.body(), "done")).items()).contains(Value.text(failed));
        var forks =
                list(served.get("/api/v1/audit"), "deeds").stream()
                        .filter(deed -> deed.text("verb").equals("fork"))
                        .map(deed -> deed.text("why"))
                        .filter(why -> why.startsWith("from " + failed));
        assertThat(forks).singleElement().asString().endsWith(": the other judge");
        var odd = struct("where", struct("state", Value.text("failed")));
        assertThat(served.admin.post("/api/v1/bulk/fork", odd).problem())
                .isEqualTo("400 bad_request");
    }

    @Test
    void a_field_that_nobody_reads_is_refused_and_nothing_is_done() throws Exception {
        var run = asking();
        var before = served.view(run);
        var refused = verb(run, "cancel", struct("dryrun", TRUE, "why", Value.text("a slip")));
        assertThat(refused.problem()).isEqualTo("400 bad_request");
        assertThat(list(refused.body(), "errors"))
                .extracting(error -> error.text("pointer"))
                .containsExactlyInAnyOrder("/dryrun", "/why");
        assertThat(served.view(run)).isEqualTo(before);
    }

    @Test
    void under_one_key_the_same_is_done_once_and_anything_else_is_refused() throws Exception {
        var run = asking();
        assertThat(keyed(served.admin, run, "lunch").status()).isEqualTo(200);
        assertThat(verb(run, "resume", struct()).status()).isEqualTo(200);
        assertThat(keyed(served.admin, run, "lunch").body().text("status")).isEqualTo("waiting");
        assertThat(keyed(served.admin, run, "tea").problem()).isEqualTo("422 wrong_key");
        try (var other = served.with("operator")) {
            assertThat(keyed(other, run, "tea").body().text("status")).isEqualTo("paused");
        }

        var off = "/api/v1/agents/nobody_here/disable";
        assertThat(keyedAt(served.admin, off, "tired").status()).isEqualTo(200);
        served.admin.post("/api/v1/agents/nobody_here/enable");
        assertThat(keyedAt(served.admin, off, "tired").status()).isEqualTo(200);
        assertThat(keyedAt(served.admin, off, "ill").problem()).isEqualTo("422 wrong_key");
        assertThat(served.tutti.switches().isOff(new AgentId("nobody_here"))).isFalse();
    }

    private static Client.Answer keyed(Client who, String run, String reason) throws Exception {
        return keyedAt(who, "/api/v1/runs/" + run + "/pause", reason);
    }

    private static Client.Answer keyedAt(Client who, String path, String reason) throws Exception {
        var body = BodyPublishers.ofString("{\"reason\": \"" + reason + "\"}");
        return who.send(who.request(path).header("idempotency-key", "one").POST(body).build());
    }

    @Test
    void a_server_that_is_about_to_end_takes_nothing_more() throws Exception {
        try (var ending = Served.inMemory()) {
            ending.server.drain(Duration.ofSeconds(1));
            assertThat(ending.admin.get("/health").status()).isEqualTo(503);
            var begun = struct("workflow", Value.text("plain"));
            assertThat(ending.admin.post("/api/v1/runs", begun).problem())
                    .isEqualTo("503 draining");
        }
    }

    // ---- people

    @Test
    void a_dry_answer_and_a_dry_message_say_what_they_would_do_and_do_nothing() throws Exception {
        var run = asking();
        var question = question(run);
        var before = served.view(run);
        var path = "/api/v1/questions/" + question.text("question");
        var hash = Value.text(question.text("hash"));
        var dry = struct("hash", hash, "dry_run", TRUE);
        assertThat(served.admin.post(path + "/approve", dry).body().text("status"))
                .isEqualTo("running");
        assertThat(served.admin.post(path + "/deny", dry).body().text("status"))
                .isEqualTo("failed");
        var value = dry.with("value", Value.text("approve"));
        assertThat(served.admin.post(path + "/answer", value).status()).isEqualTo(200);
        var stale = struct("hash", hash, "expect", Value.of(1));
        assertThat(served.admin.post(path + "/approve", stale).problem()).isEqualTo("409 stale");
        var message = struct("type", Value.text("hail"), "dry_run", TRUE);
        assertThat(verb(run, "send", message).status()).isEqualTo(200);
        assertThat(served.view(run)).isEqualTo(before);
        assertThat(question(run)).isEqualTo(question);
        var forked = verb(run, "fork", struct("at", Value.of(10), "expect", Value.of(1)));
        assertThat(forked.problem()).isEqualTo("409 stale");
    }

    @Test
    void an_approval_is_for_exactly_what_was_seen_and_the_second_one_hears_who_was_first()
            throws Exception {
        var run = asking();
        var question = question(run);
        assertThat(question.text("risk")).isEqualTo("high");
        assertThat(question.text("then")).isEqualTo("counts as deny");
        var path = "/api/v1/questions/" + question.text("question") + "/approve";
        assertThat(served.admin.post(path, struct()).problem()).isEqualTo("400 bad_request");
        assertThat(served.admin.post(path, struct("hash", Value.text("other"))).problem())
                .isEqualTo("409 stale");
        var approver = served.with("approver");
        var decided =
                approver.post(
                        path,
                        struct(
                                "hash",
                                Value.text(question.text("hash")),
                                "comment",
                                Value.text("fine")));
        assertThat(decided.status()).isEqualTo(200);
        served.awaitStatus(run, "succeeded");
        var again = approve(question);
        assertThat(again.problem()).isEqualTo("409 decided");
        assertThat(again.body().text("by")).isEqualTo("a approver");
        var over = served.get("/api/v1/questions/" + question.text("question"));
        assertThat(over.text("state")).isEqualTo("decided");
        assertThat(over.get("answer")).isEqualTo(Value.text("approve"));
        approver.close();
    }

    @Test
    void the_inbox_has_what_is_open_and_nothing_else() throws Exception {
        var run = asking();
        assertThat(list(served.get("/api/v1/questions"), "questions"))
                .anyMatch(one -> one.text("run").equals(run));
        approve(question(run));
        served.awaitStatus(run, "succeeded");
        assertThat(list(served.get("/api/v1/questions"), "questions"))
                .noneMatch(one -> one.text("run").equals(run));
    }

    // ---- limits

    @Test
    void what_is_too_much_is_refused_and_says_so() throws Exception {
        var deep = "[".repeat(150) + "]".repeat(150);
        var nested =
                served.admin.send(
                        served.admin
                                .request("/api/v1/runs")
                                .POST(BodyPublishers.ofString("{\"inputs\":" + deep + "}"))
                                .build());
        assertThat(nested.problem()).isEqualTo("400 too_deep");
        var plain =
                served.admin.send(
                        served.admin
                                .request("/api/v1/runs")
                                .POST(BodyPublishers.ofString("{"))
                                .build());
        assertThat(plain.problem()).isEqualTo("400 bad_request");
        var header =
                served.admin.send(
                        served.admin
                                .request("/api/v1/runs")
                                .header("x-much", "x".repeat(20_000))
                                .GET()
                                .build());
        assertThat(header.status()).isEqualTo(431);
        assertThat(served.admin.get("/api/v1/runs?limit=one").problem())
                .isEqualTo("400 bad_request");
        assertThat(served.admin.get("/api/v1/runs/01ZZ/view").problem()).isEqualTo("404 no_run");
    }

    @Test
    void more_runs_than_may_be_under_way_are_refused_early(@TempDir Path store) throws Exception {
        try (var few = Served.in(store, Served.options().atMost(2))) {
            few.begin("asking");
            few.begin("asking");
            while (asked(few) < 2) {
                Thread.sleep(10);
            }
            var refused = few.admin.post("/api/v1/runs", struct("workflow", Value.text("asking")));
            assertThat(refused.problem()).isEqualTo("429 busy");
        }
    }

    @Test
    void agents_tell_how_they_do() throws Exception {
        served.awaitStatus(served.begin("failing"), "failed");
        var agents = list(served.get("/api/v1/agents"), "agents");
        var weakling =
                agents.stream()
                        .filter(one -> one.text("agent").equals("weakling"))
                        .findFirst()
                        .orElseThrow();
        assertThat(weakling.get("failed")).isEqualTo(weakling.get("attempts"));
        assertThat(((Value.Struct) field(weakling, "last_failure")).text("code"))
                .isEqualTo("rejected");
    }

    @Test
    void an_agent_that_is_switched_off_gets_nothing_until_it_is_on_again() throws Exception {
        try (var few = Served.inMemory()) {
            var agents = "/api/v1/agents";
            var off =
                    few.admin.post(
                            agents + "/finder/disable", struct("reason", Value.text("it lies")));
            assertThat(off.status()).isEqualTo(200);
            assertThat(off.body().get("enabled")).isEqualTo(Value.of(false));
            var run = few.begin("plain");
            var why =
                    list(few.get("/api/v1/runs/" + run + "/why"), "reasons").stream()
                            .filter(one -> one.text("task").equals("find"))
                            .findFirst()
                            .orElseThrow();
            assertThat(why.text("what")).isEqualTo("a place at finder (switched off)");
            assertThat(why.text("way")).isEqualTo("tutti agents --enable finder");
            var finder =
                    list(few.get(agents), "agents").stream()
                            .filter(one -> one.text("agent").equals("finder"))
                            .findFirst()
                            .orElseThrow();
            var disabled = (Value.Struct) field(finder, "disabled");
            assertThat(disabled.text("reason")).isEqualTo("it lies");
            assertThat(few.with("viewer").post(agents + "/finder/enable", struct()).status())
                    .isEqualTo(403);
            assertThat(few.admin.post(agents + "/a%20b/enable", struct()).status()).isEqualTo(400);

            assertThat(few.admin.post(agents + "/finder/enable", struct()).status()).isEqualTo(200);

            few.awaitStatus(run, "succeeded");
            var record =
                    list(few.get(agents), "agents").stream()
                            .filter(one -> one.text("agent").equals("finder"))
                            .flatMap(one -> list(one, "records").stream())
                            .toList();
            assertThat(record)
                    .allSatisfy(one -> assertThat(one.text("breaker")).isEqualTo("closed"));
        }
    }

    private static int asked(Served served) throws Exception {
        var questions = served.admin.get("/api/v1/questions").body();
        return ((Value.Array) field(questions, "questions")).items().size();
    }

    private static Value field(Value.Struct of, String name) {
        return Objects.requireNonNull(of.get(name), name);
    }
}
