package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose budget is short says what it would take.
class BudgetCommandTest {
    @TempDir Path folder;

    private static String team(String more) {
        return """
        tutti: 1
        agents:
          reader: { skills: [read], uses: simulated, limits: { usd: 0.10 }, with: { usd: 0.08 } }
        workflows:
          answer:
            budget: { usd: 0.30 }
            MORE
            tasks:
              read: { skill: read, each: "${[1, 2, 3, 4, 5]}", input: { n: "${item}" } }
            output: "${read}"
        """
                .replace("MORE", more);
    }

    @Test
    void budget_and_why_say_what_it_would_take_and_that_does() {
        var console = new Console(folder);
        console.write("team.yaml", team(""));
        var document = (Value.Struct) Json.parse(console.run("run", "team.yaml", "--json").out());
        var run = document.text("run");

        assertThat(console.run("budget", run).out())
                .contains("to finish: 2 tasks are left, likely to take $0.16; a budget of $0.42");
        var said = console.run("why", run);
        assertThat(said.out()).contains("$0.1 of the budget, of which $0.06 is left");
        assertThat(said.err()).contains("to finish: 2 tasks are left, likely to take $0.16;");
        var json = (Value.Struct) Json.parse(console.run("budget", run, "--json").out());
        var left = (Value.Struct) Objects.requireNonNull(json.get("to_finish"));
        assertThat(((Value.Struct) Objects.requireNonNull(left.get("more"))).text("usd"))
                .isEqualTo("0.12");

        assertThat(console.run("raise", run, "budget", "usd", "+0", "--reason", "none").err())
                .contains("already");
        console.run("raise", run, "budget", "usd", "+0.12", "--reason", "as it said");
        console.run("recover", run);
        assertThat(console.run("show", run, "--json").out()).contains("\"succeeded\"");
    }

    @Test
    void a_run_that_may_not_ask_says_it_in_its_ending() {
        var console = new Console(folder);
        console.write("team.yaml", team("on_stall: fail"));
        var said = console.run("run", "team.yaml");
        assertThat(said.err() + said.out())
                .contains("2 tasks are left, likely to take $0.16; a budget of $0.42 should do");
    }

    @Test
    void a_budget_in_which_nothing_can_begin_is_refused_before_a_cent_is_spent() {
        var console = new Console(folder);
        console.write("team.yaml", team(""));
        var said = console.run("run", "team.yaml", "--budget", "usd=0.05");
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_REQUEST);
        assertThat(said.err())
                .contains(
                        "nobody can do `read` within the budget of $0.05: `reader` may take $0.1");
        assertThat(console.run("runs", "--json").out()).doesNotContain("\"answer\"");
        console.write("team.yaml", team("").replace("usd: 0.30", "usd: 0.03"));
        var validated = console.run("validate", "team.yaml");
        assertThat(validated.out() + validated.err()).contains("E-BUDGET-02", "team.yaml:9:7");
    }

    private static final String TREE =
            """
            tutti: 1
            agents:
              chief: { skills: [lead], uses: workflow, with: { workflow: part } }
              hand: { skills: [work], uses: simulated, with: { output: { done: true } } }
            workflows:
              main:
                budget: { runs: 2, attempts: 20, tasks: 9 }
                tasks:
                  all:
                    skill: lead
                    each: "${[1, 2, 3]}"
                    input: { n: "${item}" }
                    on_failure: [ask]
                output: "${all}"
              part:
                input: { n: int }
                tasks: { do: { skill: work } }
                output: "${do}"
            """;

    @Test
    void a_tree_that_may_have_two_runs_asks_at_the_third_and_goes_on_when_it_may() {
        var console = new Console(folder);
        console.write("team.yaml", TREE);
        var document =
                (Value.Struct) Json.parse(console.run("run", "team.yaml#main", "--json").out());
        var run = document.text("run");

        assertThat(console.run("questions").out()).contains("2 runs within, 2 have begun");
        // 2 attempts that are runs and 2 within, 3 tasks and 2 within, and 2 runs.
        assertThat(console.run("budget", run).out())
                .containsPattern("attempts +20 +4 +0 +16")
                .containsPattern("tasks +9 +5 +0 +4")
                .containsPattern("runs +2 +2 +0 +0");
        var json = (Value.Struct) Json.parse(console.run("budget", run, "--json").out());
        var within = (Value.Struct) Objects.requireNonNull(json.get("within"));
        assertThat(within.get("used"))
                .isEqualTo(
                        Value.struct(
                                "attempts",
                                Value.of(2),
                                "tasks",
                                Value.of(2),
                                "runs",
                                Value.of(0)));

        assertThat(console.run("raise", run, "budget", "runs", "2").err()).contains("is 2 already");
        console.run("raise", run, "budget", "runs", "3", "--reason", "one more");
        console.run("retry", run, "all[2]", "--reason", "there is room");
        console.run("recover", run);
        assertThat(console.run("show", run, "--json").out()).contains("\"succeeded\"");
    }

    private static final String LATE =
            """
            tutti: 1
            agents:
              chief: { skills: [lead], uses: workflow, with: { workflow: part } }
              quick: { skills: [draft], uses: simulated }
              slow: { skills: [polish], uses: simulated, with: { latency: 1m } }
              ann: { uses: human, with: { question: "Send it?", choices: [yes, no] } }
            workflows:
              main:
                deadline: DEADLINE
                tasks:
                  text: { skill: draft }
                  MORE
              part:
                tasks: { polish: { skill: polish } }
                output: "${polish}"
            """;

    @Test
    void a_run_that_has_a_deadline_says_how_much_of_it_is_left() {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                LATE.replace("DEADLINE", "2h")
                        .replace("MORE", "sent: { agent: ann, after: text }"));
        var begun = console.run("run", "team.yaml#main", "--json").out();
        var run = ((Value.Struct) Json.parse(begun)).text("run");
        assertThat(console.run("budget", run).out())
                .containsPattern("time +2 h 0 m +\\S+ (m?s) +- +1 h 59 m");
        assertThat(console.run("show", run).out()).contains("1 h 59 m of its time left");
        assertThat(console.run("why", run).err()).contains("its time is over in 1 h 59 m");
        var json = (Value.Struct) Json.parse(console.run("budget", run, "--json").out());
        var time = (Value.Struct) Objects.requireNonNull(json.get("time"));
        assertThat(((Value.Real) Objects.requireNonNull(time.get("left_seconds"))).value())
                .isBetween(7_000.0, 7_200.0);
        var shown = (Value.Struct) Json.parse(console.run("show", run, "--json").out());
        assertThat(shown.text("deadline")).isEqualTo(time.text("deadline"));
    }

    @Test
    void when_time_is_over_it_is_over_down_the_tree_and_a_fork_goes_on() {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                LATE.replace("DEADLINE", "1500ms")
                        .replace("MORE", "rest: { skill: lead, after: text }"));
        var said = console.run("run", "team.yaml#main", "--json");
        var document = (Value.Struct) Json.parse(said.out());
        var run = document.text("run");
        assertThat(document.text("reason"))
                .isEqualTo(
                        "the run's time of 1500ms is over; 1 task is left; `tutti fork "
                                + run
                                + "` goes on with what is done, and with as much time again");
        assertThat(console.run("why", run).err())
                .contains("it failed, the run's time of 1500ms is over");
        var runs = (Value.Struct) Json.parse(console.run("runs", "--json").out());
        assertThat(((Value.Array) Objects.requireNonNull(runs.get("runs"))).items())
                .hasSize(2)
                .allSatisfy(one -> {
                    assertThat(((Value.Struct) one).text("status")).isEqualTo("failed");
                });
    }
}
