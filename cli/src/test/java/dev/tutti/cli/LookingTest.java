package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands that look at a run.
class LookingTest {
    @TempDir Path folder;
    private Console console = new Console(Path.of(""));
    private String run = "";

    @BeforeEach
    void aRun() {
        console = new Console(folder);
        console.write(
                "team.yaml",
                Teams.fanOut("1ms").replace("all of it", "<b>all</b> \\e[31mof\\u202e it"));
        var document =
                (Value.Struct)
                        Json.parse(
                                console.run(
                                                "run",
                                                "team.yaml",
                                                "--json",
                                                "--input",
                                                "question=<script>alert(1)</script>")
                                        .out());
        run = document.get("run") instanceof Value.Text(var id) ? id : "";
    }

    @Test
    void the_document_of_a_run_has_the_form_that_programs_rely_on() throws IOException {
        var form = new ArrayList<String>();
        form("", Json.parse(console.run("show", run, "--json").out()), form);
        var golden = Objects.requireNonNull(getClass().getResourceAsStream("run-document.txt"));
        assertThat(form)
                .containsAll(
                        new String(golden.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                                .lines()
                                .toList());
    }

    /// Each name in a document and the shape of its value.
    private static void form(String name, Value value, List<String> form) {
        if (!name.isEmpty()) {
            form.add(name + ": " + Value.shape(value));
        }
        if (value instanceof Value.Struct struct) {
            struct.fields()
                    .forEach((field, inner) ->
                            form(name.isEmpty() ? field : name + "." + field, inner, form));
        }
    }

    @Test
    void show_at_every_event_is_the_run_as_it_was() {
        assertThat(console.run("show", run, "--at", "1").out()).contains("running for");
        var early =
                (Value.Struct) Json.parse(console.run("show", run, "--at", "4", "--json").out());
        assertThat(early.get("status")).isEqualTo(Value.text("running"));
        assertThat(early.get("events")).isEqualTo(Value.of(4));
        assertThat(console.run("show", run, "--at", "10000").code()).isEqualTo(2);
        assertThat(console.run("show", run, "--at", "0").code()).isEqualTo(2);
    }

    @Test
    void runs_are_listed_by_state_workflow_words_and_time() {
        var id = run.substring(0, 10);
        assertThat(console.run("runs").out()).contains(id);
        for (var asked :
                List.of(
                        "--status=failed,succeeded",
                        "--workflow=WORKFLOW",
                        "--since=1h",
                        "--search=RUN")) {
            var option =
                    asked.replace("WORKFLOW", workflow())
                            .replace("RUN", run.toLowerCase(Locale.ROOT));
            assertThat(console.run("runs", option).out()).as(option).contains(id);
        }
        for (var other :
                List.of("--status=failed", "--workflow=other", "--until=1h", "--search=nothing")) {
            var nothing = console.run("runs", other);
            assertThat(nothing.out()).as(other).isEmpty();
            assertThat(nothing.err()).contains("no run is like that");
        }
        assertThat(console.run("runs", "--status=ended").err())
                .contains("`--status ended` is none: running, ");
        assertThat(console.run("runs", "--since=yesterday").err())
                .contains("`--since yesterday` is no time: write 24h or 2027-01-31T00:00:00Z");
        assertThat(console.run("runs", "--since=yesterday").code()).isEqualTo(2);
    }

    private String workflow() {
        var runs = (Value.Struct) Json.parse(console.run("runs", "--json").out());
        var first = ((Value.Array) Objects.requireNonNull(runs.get("runs"))).items().getFirst();
        return ((Value.Struct) first).text("goal");
    }

    @Test
    void show_tells_what_the_output_rests_on_as_a_tree() {
        assertThat(rows("show", run, "--lineage"))
                .containsExactly(
                        "",
                        "made of | how | by | event",
                        "output of answer | run " + run.substring(0, 10) + " | N | succeeded",
                        "  answer | output | writer | N",
                        "    read | input notes | N | 6 items",
                        "      read[0] | result | reader | N | $0.001 · 15 tokens",
                        "        search | item search.items[0] | lister | N",
                        "      read[1] | result | reader | N | $0.001 · 15 tokens",
                        "        search | item search.items[1] | lister | N",
                        "      … 4 more alike",
                        "      search | condition each | lister | N");
        assertThat(rows("show", run, "--lineage", "read[2]"))
                .containsExactly(
                        "",
                        "made of | how | by | event",
                        "read[2] | reader | N | $0.001 · 15 tokens",
                        "  search | item search.items[2] | lister | N");
        assertThat(rows("show", run, "--used-by", "answer"))
                .containsExactly(
                        "",
                        "used by | how | by | event",
                        "answer | writer | N",
                        "  output of answer | output | run "
                                + run.substring(0, 10)
                                + " | N | succeeded");
    }

    /// The rows of a table, whatever its events are numbered.
    private List<String> rows(String... arguments) {
        return console.run(arguments)
                .out()
                .lines()
                .map(row ->
                        row.stripTrailing()
                                .replaceAll("(?<=\\S) {2,}", " | ")
                                .replaceAll("\\| \\d+( \\||$)", "| N$1"))
                .toList();
    }

    @Test
    void what_has_no_lineage_is_refused_with_the_way_on() {
        assertThat(console.run("show", run, "--lineage", "reed").err())
                .contains("did you mean `read`?");
        assertThat(console.run("show", run, "--lineage", "read[9]").err())
                .contains("read has 6 items, counted from 0");
        assertThat(console.run("show", run, "--lineage", "--at", "4").err())
                .contains("no output at this event yet; name a task");
        assertThat(console.run("show", run, "--lineage", "answer", "--at", "4").err())
                .contains("answer has not begun");
        assertThat(console.run("show", run, "--lineage", "read", "--at", "12").err())
                .contains("name one of them, such as `read[0]`");
        assertThat(console.run("show", run, "--mermaid").code()).isEqualTo(2);
        assertThat(console.run("show", run, "--lineage", "--steps").code()).isEqualTo(2);
    }

    @Test
    void a_lineage_is_there_for_programs_and_for_viewers() {
        var document =
                (Value.Struct)
                        Json.parse(
                                console.run("show", run, "--lineage", "read[0]", "--json").out());
        assertThat(document.fields().keySet())
                .containsExactlyInAnyOrder("run", "of", "forward", "cut", "nodes", "edges");
        assertThat(console.run("show", run, "--lineage", "read[0]", "--mermaid").out().lines())
                .containsExactly(
                        "flowchart BT",
                        "  p0[\"read[0]<br/>reader\"]",
                        "  p1[\"search<br/>lister\"]",
                        "  p1 -->|\"item search.items[0]\"| p0");
    }

    @Test
    void show_says_what_a_finished_run_took_its_time_for() {
        var shown = console.run("show", run, "--critical-path").out();
        assertThat(shown).contains("critical path,", "working", "answer");
        var document = (Value.Struct) Json.parse(console.run("show", run, "--json").out());
        assertThat(document.get("critical_path"))
                .isInstanceOfSatisfying(
                        Value.Struct.class,
                        path ->
                                assertThat(path.fields().sequencedKeySet())
                                        .containsExactly("ms", "steps"));
        assertThat(console.run("show", run, "--at", "4", "--critical-path").err())
                .contains("the run has not ended", "tutti why");
    }

    @Test
    void replay_folds_a_run_again_and_finds_what_was_changed() throws SQLException {
        var said = console.run("replay", run);
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("everything holds", "after every event");
        var document = (Value.Struct) Json.parse(console.run("replay", run, "--json").out());
        assertThat(document.get("holds")).isEqualTo(Value.of(true));
        assertThat(document.get("mismatch")).isEqualTo(Value.NULL);
        var digest = document.text("digest");
        assertThat(console.run("replay", run, "--expect", digest).code()).isZero();
        var other = console.run("replay", run, "--expect", "0".repeat(64));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).contains("the digest expected is another");
        assertThat(console.run("replay", run, "--expect", "no").code()).isEqualTo(2);
        var lines = console.run("replay", run, "--digests").out().lines().toList();
        assertThat(lines).anyMatch(line -> line.endsWith(digest));
        assertThat(lines.size()).isGreaterThan(20);

        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve(".tutti/tutti.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE event SET payload = replace(payload, 'search', 'SEARCH') WHERE seq = 3");
        }
        var broken = console.run("replay", run);
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains("event 1: ", "doctor --verify");
    }

    @Test
    void diff_says_where_two_runs_part() {
        console.run("run", "team.yaml", "--input", "question=<script>alert(1)</script>");
        console.run("run", "team.yaml", "--input", "question=another");
        var rows = console.run("runs").out().lines().skip(1).toList();
        var another = rows.get(0).split(" +", -1)[1];
        var alike = rows.get(1).split(" +", -1)[1];
        var same = console.run("diff", run, alike);
        assertThat(same.code()).isZero();
        assertThat(same.out()).contains("no task differs", "8 tasks");
        var differs = console.run("diff", run, another);
        assertThat(differs.code()).isEqualTo(1);
        assertThat(differs.out()).contains("part first at the goal: other inputs", "another");
        var document = (Value.Struct) Json.parse(console.run("diff", run, another, "--json").out());
        assertThat(document.fields().sequencedKeySet())
                .containsExactly(
                        "format",
                        "left",
                        "right",
                        "first",
                        "downstream",
                        "independent",
                        "same",
                        "other_attempts");
        assertThat(console.run("diff", run, "0000").code()).isEqualTo(2);
    }

    @Test
    void events_are_lines_for_people_and_objects_for_programs() {
        var lines = console.run("events", run).out().lines().toList();
        assertThat(lines.getFirst()).contains("goal", "the run of answer started");
        assertThat(lines).anyMatch(line -> line.contains("dispatch   search"));
        assertThat(lines.getLast()).endsWith("the run succeeded");
        var objects =
                console.run("events", run, "--json", "--follow", "--after", "2")
                        .out()
                        .lines()
                        .toList();
        assertThat(objects).hasSize(lines.size() - 2);
        assertThat(((Value.Struct) Json.parse(objects.getFirst())).fields().sequencedKeySet())
                .containsExactly(
                        "format", "seq", "at", "type", "version", "stage", "task", "actor", "cause",
                        "event");
    }

    @Test
    void what_agents_wrote_cannot_move_the_cursor() {
        var shown = console.run("show", run).out();
        assertThat(shown).contains("\\x1b[31mof\\u202e").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void the_runs_are_listed_with_ids_that_commands_accept() {
        console.run("run", "team.yaml", "--input", "question=again");
        var rows = console.run("runs").out().lines().skip(1).toList();
        assertThat(rows).hasSize(2).allMatch(row -> row.startsWith("succeeded"));
        var id = rows.getLast().split(" +", -1)[1];
        assertThat(run).startsWith(id);
        assertThat(console.run("show", id.toLowerCase(java.util.Locale.ROOT)).code()).isZero();
        var list = (Value.Struct) Json.parse(console.run("runs", "--json", "--limit", "1").out());
        assertThat(list.get("runs"))
                .isInstanceOfSatisfying(
                        Value.Array.class, runs -> assertThat(runs.items()).hasSize(1));
    }

    @Test
    void an_exported_page_needs_nothing_and_runs_only_what_is_its_own() throws IOException {
        var said = console.run("export", run, "--out", "page.html");
        assertThat(said.out()).isEqualTo("page.html\n");
        var page = Files.readString(folder.resolve("page.html"));
        assertThat(page)
                .contains(
                        "&lt;script&gt;",
                        "<svg",
                        "&lt;b&gt;all",
                        "<h2>Timeline</h2>",
                        "the run succeeded")
                .doesNotContain("http://", "https://", "<b>all", "\u001b")
                .contains("default-src 'none'");
        // What is packed is data to the one script that the page's policy lets run, by its hash.
        assertThat(page.split("<script", -1)).hasSizeLessThanOrEqualTo(3);
        assertThat(page.contains("id=packed")).isEqualTo(page.contains("script-src 'sha256-"));
    }

    @Test
    void a_cancelled_run_that_has_ended_is_refused() {
        var said = console.run("cancel", run, "--reason", "too late");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).startsWith("error: ");
    }

    @Test
    void verify_finds_an_event_that_was_changed() throws SQLException {
        assertThat(console.run("doctor", "--verify").out())
                .contains("1 stream", "nothing is wrong");
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve(".tutti/tutti.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE event SET payload = replace(payload, 'script', 'SCRIPT') WHERE seq = 1");
        }
        var said = console.run("doctor", "--verify");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("was changed or damaged at event 1");
    }

    @Test
    void signs_have_stand_ins_where_there_is_only_ascii() {
        var ascii = new Console(folder).on(dev.tutti.cli.terminal.Screen.file(false));
        var said = ascii.run("run", "team.yaml", "--input", "question=why");
        assertThat(said.err()).isNotEmpty().matches(text -> text.chars().allMatch(c -> c < 0x80));
        assertThat(ascii.run("doctor").out()).matches(text -> text.chars().allMatch(c -> c < 0x80));
    }

    @Test
    void the_benchmark_prints_one_line_with_every_figure() {
        var said = console.run("bench", "W3", "--width", "50", "--rounds", "0");
        assertThat(said.code()).isZero();
        assertThat(said.out().lines()).hasSize(1);
        assertThat(((Value.Struct) Json.parse(said.out())).fields().sequencedKeySet())
                .containsExactly(
                        "workload",
                        "steps",
                        "wall_s",
                        "steps_per_s",
                        "p50_us",
                        "p99_us",
                        "commit_p50_us",
                        "rss_mb");
    }
}
