package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ForesightTest {
    private static final String TEAM =
            """
            tutti: 1
            agents:
              finder: { skills: [find], uses: simulated, with: { latency: 1ms, usd: 0.01, output: { list: [1, 2, 3] } } }
              reader: { skills: [read], uses: simulated, with: { latency: 2ms..4ms, usd: 0.02 }, limits: { concurrency: 2 } }
            workflows:
              main:
                input: { deep: { type: bool, default: false } }
                tasks:
                  search: { skill: find }
                  each_one: { skill: read, each: "${search.list}" }
                  more: { skill: read, when: "${input.deep}", after: [each_one] }
                output: "${each_one}"
            """;

    @TempDir private Path folder;

    private Value.Struct json(Console console, String... arguments) {
        var said = console.run(arguments);
        assertThat(said.code()).as(said.err()).isZero();
        return (Value.Struct) Json.parse(said.out());
    }

    @Test
    void a_run_is_foreseen_from_what_is_declared_and_then_from_what_is_recorded() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM);
        var said =
                console.run(
                        "forecast",
                        "team.yaml",
                        "--samples",
                        "60",
                        "--budget",
                        "0.05",
                        "--guess",
                        "each_one=4");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("60 runs played, none on record", "is over after", "$0.09", "as you say")
                .contains("budget", "100 %", "reader · each_one", "declared");
        for (int i = 0; i < 6; i++) {
            assertThat(console.run("run", "team.yaml").code()).isZero();
        }
        var learned = json(console, "forecast", "team.yaml", "--samples", "60", "--json");
        assertThat(learned.get("runs")).isEqualTo(Value.of(6));
        assertThat(Json.text(learned.get("usd") == null ? Value.NULL : learned.get("usd")))
                .isEqualTo("{\"p10\":0.07,\"p50\":0.07,\"p90\":0.07}");
        assertThat(learned.get("assumed")).isEqualTo(Value.Array.EMPTY);
        var runs = console.run("runs", "--json").out();
        var run = runs.replaceAll("(?s).*?\"run\" : \"([^\"]+)\".*", "$1");
        assertThat(console.run("forecast", "--against", run, "--samples", "60").out())
                .contains("it came: succeeded", "between p10 and p90", "came: 3");
    }

    @Test
    void a_plan_is_shown_with_what_it_costs_and_why_each_part_is_there() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM);
        var said = console.run("plan", "team.yaml", "--samples", "50");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("plan of main   3 tasks")
                .contains("each_one  read by reader, for each of ${search.list}")
                .contains("because `each_one` runs over `search.list`")
                .contains("after `each_one`, for the order alone")
                .contains("because nothing uses what it gives: it is there for what it does")
                .contains("succeeds 100 %");
        assertThat(console.run("plan", "team.yaml", "--samples", "50", "--mermaid").out())
                .startsWith("flowchart TD\n")
                .contains("t_search --> t_each_one", "t_each_one -.-> t_more", "[[\"each_one");
        var document = json(console, "plan", "team.yaml", "--samples", "50", "--json");
        assertThat(document.get("tasks")).isInstanceOf(Value.Array.class);
        assertThat(document.get("forecast")).isInstanceOf(Value.Struct.class);
    }

    private static final String GOAL =
            """
            tutti: 1
            skills:
              find: { input: { topic: string }, output: { pages: [string] } }
              read: { input: { page: string }, output: { note: string } }
            agents:
              finder: { skills: [find], uses: simulated, with: { latency: 1ms, usd: 0.01, output: { pages: [a, b] } } }
              reader: { skills: [read], uses: simulated, with: { latency: 2ms, usd: 0.02, output: { note: n } } }
            workflows:
              main:
                input: { topic: string }
                goal: "Notes on ${input.topic}"
                planner: search
                wants: notes
            """;

    @Test
    void a_goal_is_planned_and_foreseen_before_anything_is_begun() {
        var console = new Console(folder);
        console.write("team.yaml", GOAL);
        var bees = new String[] {"-i", "topic=bees", "--samples", "40"};
        var plan = console.run("plan", "team.yaml", bees[0], bees[1], bees[2], bees[3]);
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.err()).contains("asking planner search");
        assertThat(plan.out())
                .contains("plan of main   2 tasks", "planned by search: the cheapest plan")
                .contains("read by reader, for each of ${find.pages}")
                .contains("this is the first plan alone");
        var written =
                json(console, "plan", "team.yaml", bees[0], bees[1], "--samples", "40", "--json");
        assertThat(Json.text(written.get("planned") == null ? Value.NULL : written.get("planned")))
                .contains("\"by\":\"search\"", "\"partial\":false");
        var foreseen =
                console.run("forecast", "team.yaml", "-i", "topic=bees", "--guess", "read=4");
        assertThat(foreseen.out()).contains("$0.09", "finder · find");
        assertThat(console.run("runs").out()).as("nothing was begun").doesNotContain("main");

        assertThat(console.run("run", "team.yaml", "-i", "topic=bees").code()).isZero();
        var run =
                console.run("runs", "--json")
                        .out()
                        .replaceAll("(?s).*?\"run\" : \"([^\"]+)\".*", "$1");
        assertThat(console.run("forecast", "--against", run, "--samples", "40").out())
                .contains("it came: succeeded", "came: 2");
    }

    @Test
    void what_agents_have_shown_outweighs_what_they_say_of_themselves() {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                GOAL.replace(
                                "agents:",
                                "  ask:  { input: { topic: string }, output: { pages: [string] } }\nagents:\n"
                                        + "  friend: { skills: [ask], uses: simulated, with: { output: { pages: [c] } }, price: { usd: 0.01, time: 2s, success: 0.9 } }")
                        .replace(
                                "with: { latency: 1ms, usd: 0.01, output: { pages: [a, b] } }",
                                "with: { failure: 1 }, price: { usd: 0.001, time: 1s, success: 0.99 }"));
        var before = console.run("plan", "team.yaml", "-i", "topic=bees", "--samples", "20");
        assertThat(before.out()).contains("find by finder").doesNotContain("ask by friend");
        assertThat(console.run("run", "team.yaml", "-i", "topic=bees").code()).isZero();
        var after = console.run("plan", "team.yaml", "-i", "topic=bees", "--samples", "20");
        assertThat(after.out()).contains("ask by friend").doesNotContain("find by finder");
    }

    @Test
    void a_goal_without_a_plan_says_what_is_missing() {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                GOAL.replace(
                        "{ topic: string }, output: { pages",
                        "{ topic: string, year: int }, output: { pages"));
        var plan = console.run("plan", "team.yaml", "-i", "topic=bees");
        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.err()).contains("there is no plan", "`year`", "which `find` needs");
        var asked = console.run("plan", "team.yaml");
        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).contains("add `--input topic=");
    }

    @Test
    void what_cannot_be_foreseen_is_refused_with_the_mend() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM);
        assertThat(console.run("forecast").err()).contains("name a team file");
        assertThat(console.run("forecast", "team.yaml", "--guess", "each_one").err())
                .contains("TASK=NUMBER");
        assertThat(console.run("forecast", "team.yaml", "--deadline", "soon").err())
                .contains("write `30s`");
        assertThat(console.run("forecast", "team.yaml", "--input", "deeep=true").code())
                .isEqualTo(ExitCode.WRONG_REQUEST);
        assertThat(console.run("forecast", "team.yaml", "--every", "recorded").err())
                .contains("fewer than three runs");
    }

    @Test
    void a_cheaper_plan_is_proposed_as_a_patch_and_never_applied() {
        var console = new Console(folder);
        var text = TEAM.replace("when: \"${input.deep}\", after: [each_one]", "after: [each_one]");
        console.write("team.yaml", text);
        for (int i = 0; i < 6; i++) {
            assertThat(console.run("run", "team.yaml").code()).isZero();
        }
        var said = console.run("plan", "team.yaml", "--learn", "--samples", "50");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("proposal for main   from 6 runs on record; nothing is applied")
                .contains("`more` need not wait for `each_one`")
                .contains(
                        "team.yaml\n@@ -9,4 +9,4 @@\n",
                        "-      more: { skill: read, after: [each_one] }",
                        "+      more: { skill: read }");
        assertThat(folder.resolve("team.yaml")).hasContent(text);
    }

    @Test
    void a_goal_whose_planner_always_plans_the_same_is_proposed_as_a_workflow() throws Exception {
        var console = new Console(folder);
        var proposal =
                "{ reason: same, complete: true, output: { notes: \"${'$' + '{read}'}\" }, tasks: {"
                        + " find: { skill: find, input: { topic: \"${'$' + '{input.topic}'}\" } },"
                        + " read: { skill: read, each: \"${'$' + '{find.pages}'}\", input: { page:"
                        + " \"${'$' + '{item}'}\" } } } }";
        var text =
                GOAL.replace("planner: search", "planner: chief")
                        .replace(
                                "workflows:",
                                "  chief: { skills: [plan], uses: simulated, with: { usd: 0.05,"
                                        + " latency: 5ms, output: "
                                        + proposal
                                        + " } }\nworkflows:");
        console.write("team.yaml", text);
        assertThat(console.run("run", "team.yaml", "-i", "topic=bees").code()).isZero();
        assertThat(console.run("plan", "team.yaml", "--learn", "-i", "topic=bees").out())
                .contains("nothing was found", "left: its planner stays: `chief` always came")
                .contains("but 1 run is too few; 100 would do");

        try (var tutti = Tutti.open(folder.resolve(".tutti"))) {
            var team = Team.read(folder.resolve("team.yaml"));
            var runs = new ArrayList<Run>();
            for (int i = 1; i < 100; i++) {
                runs.add(tutti.submit(team.goal("main", Map.of("topic", "bee " + i))));
            }
            for (var run : runs) {
                assertThat(run.await().succeeded()).isTrue();
            }
        }
        var said =
                console.run("plan", "team.yaml", "--learn", "-i", "topic=bees", "--samples", "40");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).doesNotContain("asking planner");
        assertThat(said.out())
                .contains("the plan is written: find, read: `chief` came to the same plan in each")
                .contains("100 different inputs", "$0.0500")
                .contains("-    planner: chief", "+    tasks:")
                .contains("+      read: { skill: read, each: \"${find.pages}\", input: { page:")
                .contains("costs           $0.10  $0.05");
        assertThat(folder.resolve("team.yaml")).hasContent(text);
    }

    @Test
    void lint_warns_with_a_place_and_strict_counts_it() {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                TEAM.replace("concurrency: 2", "concurrency: 1")
                        .replace("after: [each_one]", "after: [search]"));
        var said = console.run("validate", "team.yaml", "--lint");
        assertThat(said.code()).isZero();
        assertThat(said.err()).contains("W-LINT-05", "team.yaml:10", "`limits.concurrency`");
        assertThat(console.run("validate", "team.yaml", "--lint", "--strict").code())
                .isEqualTo(ExitCode.WRONG_REQUEST);
        assertThat(console.run("validate", "team.yaml", "--strict").code()).isZero();
        assertThat(json(console, "validate", "team.yaml", "--lint", "--json").toString())
                .contains("W-LINT-05");
        assertThat(console.run("explain", "W-LINT-05").out()).contains("behind one place");
    }
}
