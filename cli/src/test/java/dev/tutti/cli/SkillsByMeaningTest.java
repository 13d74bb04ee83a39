package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that ask for a skill that no agent has: the nearest in meaning stands for it where the
/// team wants that, and is named where it does not.
@Timeout(60)
class SkillsByMeaningTest {
    private static final String TEAM =
            """
            tutti: 1
            dispatch: { by: BY, match: meaning, above: ABOVE }
            skills:
              translate: { description: "Translates a text, such as a contract or a letter, into another language" }
              summarize: { description: "Makes a short summary of a long text" }
              book_flight: { description: "Books a seat on a flight" }
            agents:
              tom: { skills: [translate], uses: simulated, with: { output: { by: tom } } }
              tim: { skills: [translate], uses: simulated, with: { output: { by: tim } } }
              sue: { skills: [summarize], uses: simulated, with: { output: { by: sue } } }
              ben: { skills: [book_flight], uses: simulated, with: { output: { by: ben } } }
              pat:
                skills: [plan]
                uses: simulated
                with: { output: { reason: r, tasks: { one: { skill: "PLANNED" } }, output: "$${one.by}" } }
            workflows:
              main:
                tasks:
                  legal: { skill: "ASKED" }
                output: "${legal.by}"
              goal:
                goal: Get it translated
                planner: { agent: pat, attempts: 1 }
                on_stall: fail
            """;

    @TempDir private Path folder;

    private Console console(String by, String above, String asked, String planned) {
        var console = new Console(folder);
        console.write(
                "team.yaml",
                TEAM.replace("BY", by)
                        .replace("ABOVE", above)
                        .replace("ASKED", asked)
                        .replace("PLANNED", planned));
        return console;
    }

    private static String run(Console console) {
        var id =
                Pattern.compile("\"run\" : \"([^\"]+)\"")
                        .matcher(console.run("runs", "--json").out());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    @Test
    void the_nearest_skill_stands_for_one_that_no_agent_has_and_everything_says_so() {
        var console = console("learned", "0.5", "translate a contract", "translation_of_documents");

        var sound = console.run("validate", "team.yaml");
        assertThat(sound.code()).as(sound.err()).isZero();
        assertThat(sound.out() + sound.err())
                .contains("W-SKILL-01")
                .contains("`translate` stands for it, the nearest in meaning, with 0.")
                .contains("before `");
        assertThat(console.run("plan", "team.yaml#main").out())
                .contains("translate (for `translate a contract`, near by 0.");

        var ran = console.run("run", "team.yaml#main");
        assertThat(ran.code()).as(ran.err()).isZero();
        var id = run(console);
        assertThat(ran.out()).containsPattern("t[io]m");
        var chosen = ran.out().contains("tom") ? "tom" : "tim";
        assertThat(console.run("why", id, "legal").out())
                .contains("asked for `translate a contract`, which no agent has")
                .contains("the nearest in meaning, with 0.")
                .contains(", before ");
        assertThat(console.run("why", id, "legal", "--json").out())
                .contains("\"asked\" : \"translate a contract\"")
                .contains("\"next_similarity\"");
        assertThat(console.run("agents", "--explain", chosen + "/translate").out())
                .contains("asked for `translate a contract`");
        assertThat(console.run("replay", id).code()).isZero();
    }

    @Test
    void what_a_planner_asks_for_is_found_by_its_meaning_too() {
        var console = console("learned", "0.5", "translate", "Translate a letter into German");
        var ran = console.run("run", "team.yaml#goal");
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(console.run("why", run(console), "one").out())
                .contains("asked for `Translate a letter into German`");
    }

    @Test
    void agents_bid_on_what_only_means_what_they_can() {
        var console = console("auction", "0.5", "translate a contract", "translate");
        var ran = console.run("run", "team.yaml#main");
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(console.run("why", run(console), "legal").out())
                .contains("`auction`")
                .contains("asked for `translate a contract`");
    }

    @Test
    void below_the_threshold_the_three_nearest_are_named() {
        var console = console("learned", "0.95", "translate a contract", "paint a picture");
        var refused = console.run("validate", "team.yaml");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out() + refused.err())
                .contains("no agent of the team has skill `translate a contract`")
                .containsPattern(
                        "the nearest in meaning are `translate` \\(0\\.\\d\\d\\), `\\w+` \\(0\\.\\d\\d\\),"
                                + " `\\w+` \\(")
                .contains("one is taken from 0.95 on");
    }

    @Test
    void a_name_with_a_version_stands_for_no_other_skill() {
        var console = console("learned", "0.5", "translation@2", "translate");
        var refused = console.run("validate", "team.yaml");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out() + refused.err())
                .contains("no agent of the team has skill `translation@2`");
    }

    @Test
    void a_planner_is_told_the_nearest() {
        var console = console("learned", "0.6", "translate", "paint a picture of a cat");
        var ran = console.run("run", "team.yaml#goal");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(console.run("events", run(console), "--json").out())
                .contains("no agent of the team has skill `paint a picture of a cat`")
                .contains("the nearest in meaning are `");
    }

    @Test
    void where_nobody_asks_for_it_names_decide_and_the_nearest_are_told() {
        var console = console("learned", "0.5", "convert_to_another_language", "translate");
        console.write(
                "plain.yaml",
                TEAM.replace("dispatch: { by: BY, match: meaning, above: ABOVE }", "")
                        .replace("ASKED", "convert_to_another_language")
                        .replace("PLANNED", "translate"));
        var refused = console.run("validate", "plain.yaml");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out() + refused.err())
                .contains("no agent of the team has skill `convert_to_another_language`")
                .contains("the nearest in meaning are `translate` (0.");
        assertThat(refused.out() + refused.err()).doesNotContain("is taken from");
    }

    @Test
    void of_many_names_that_nobody_has_only_some_are_looked_for() {
        var console = console("learned", "0.6", "translate", "translate");
        var text = new StringBuilder(TEAM.substring(0, TEAM.indexOf("workflows:")));
        text.append("workflows:\n  main:\n    tasks:\n");
        for (int i = 0; i < 3_000; i++) {
            text.append("      t%d: { skill: \"grow %d kinds of roses\" }\n".formatted(i, i));
        }
        console.write(
                "many.yaml", text.toString().replace("BY", "learned").replace("ABOVE", "0.6"));
        long begun = System.nanoTime();
        var refused = console.run("validate", "many.yaml", "--json");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out() + refused.err()).contains("grow 0 kinds of roses");
        assertThat((refused.out() + refused.err()).split("the nearest in meaning", -1))
                .hasSizeBetween(2, 30);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }

    /// With `-Dskills=all` the table of docs/dispatch.md.
    @Test
    void in_teams_of_real_tools_few_are_taken_wrongly() {
        var data = SkillsByMeaningFigures.read();
        assumeTrue(
                data.isPresent(),
                "SKIPPED: skills found by meaning are not measured, ../shared/data is not here");
        var figures = data.get();
        boolean all = System.getProperty("skills", "").equals("all");
        var some = figures.steps().subList(0, all ? 600 : 60);
        var names =
                figures.described().entrySet().stream()
                        .map(tool ->
                                new SkillsByMeaningFigures.Step(tool.getKey(), tool.getValue()))
                        .toList();
        if (all) {
            for (int size : new int[] {10, 30, 260}) {
                for (double above : new double[] {0.4, 0.5, 0.6, 0.7}) {
                    System.out.printf(
                            "| %d | %.1f | %s | %s |%n",
                            size,
                            above,
                            figures.ask(some, size, above, true).row(),
                            figures.ask(names, size, above, false).row());
                }
            }
        }
        var counts = figures.ask(some, 10, 0.6, true);
        System.out.println("skills by meaning: " + counts);
        assertThat(counts.right()).isGreaterThanOrEqualTo(some.size() / 6);
        assertThat(counts.wrong() + counts.astray()).isLessThanOrEqualTo(some.size() / 20);
    }
}
