package dev.tutti.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tutti.core.event.Value;
import dev.tutti.forecast.Experience;
import dev.tutti.forecast.Forecast;
import dev.tutti.forecast.Forecaster;
import dev.tutti.forecast.Guesses;
import dev.tutti.history.Watch;
import dev.tutti.teamfile.TeamFile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ImproverTest {

    private static Improvement improve(Experience experience, Value.Struct document) {
        return Improver.of(
                document,
                "main",
                experience,
                (team, workflow) ->
                        Forecaster.of(
                                new Forecaster.Asked(
                                        team,
                                        workflow,
                                        Value.struct("topic", Value.text("tea")),
                                        experience,
                                        Guesses.NONE,
                                        Forecast.Bounds.NONE,
                                        null,
                                        200,
                                        Duration.ofMinutes(1),
                                        1),
                                Watch.NOBODY));
    }

    /// Short in the build; `-Dlearning.full=true` takes 20 teams.
    @Test
    void what_is_learned_is_cheaper_at_equal_quality_on_runs_that_it_was_not_learned_from() {
        int teams = Boolean.getBoolean("learning.full") ? 20 : 2;
        double written = 0;
        double learned = 0;
        double worst = 0;
        double slower = 0;
        for (long seed = 1; seed <= teams; seed++) {
            var workshop = new Workshop(seed);
            var hand = Workshop.document();
            var improvement = improve(Experience.of(workshop.play(hand, 200, seed)), hand);
            var before = Workshop.truth(workshop.play(hand, 500, 1_000 + seed));
            var after = Workshop.truth(workshop.play(improvement.document(), 500, 2_000 + seed));
            System.out.printf(
                    "team %d: $%.4f → $%.4f, %.1f s → %.1f s, good %.1f %% → %.1f %%: %s%n",
                    seed,
                    before.usd(),
                    after.usd(),
                    before.seconds(),
                    after.seconds(),
                    100 * before.good(),
                    100 * after.good(),
                    improvement.changes().stream().map(Change::what).toList());
            assertThat(after.usd()).isLessThan(before.usd());
            written += before.usd();
            learned += after.usd();
            slower = Math.max(slower, after.seconds() / before.seconds());
            worst = Math.max(worst, before.good() - after.good());
        }
        System.out.printf(
                "%d teams: %.0f %% cheaper; good results at worst %.1f points fewer%n",
                teams, 100 * (1 - learned / written), 100 * worst);
        assertThat(learned).isLessThan(0.9 * written);
        assertThat(worst).isLessThan(0.02);
        assertThat(slower).isLessThan(1.1);
    }

    @Test
    void each_change_has_its_evidence_and_is_a_patch_that_gives_the_same() {
        var file = TeamFile.parse(Workshop.TEAM, "team.yaml");
        var runs = new Workshop(1).play(file.document(), 200, 1);
        var improvement = improve(Experience.of(runs), file.document());
        assertThat(improvement.changes())
                .extracting(Change::what)
                .contains("no second look at `clean`", "`news` need not wait for `weather`")
                .anyMatch(what -> what.startsWith("`text` by `writer_"));
        assertThat(improvement.changes())
                .extracting(Change::evidence)
                .anyMatch(evidence -> evidence.contains("none of 200 results"))
                .anyMatch(evidence -> evidence.contains("results passed"));
        assertThat(improvement.then().cost().mean()).isLessThan(improvement.now().cost().mean());
        var patch = file.patch(improvement.changes().stream().map(Change::edit).toList());
        var patched = applied(Workshop.TEAM, patch);
        assertThat(TeamFile.parse(patched, "team.yaml").document())
                .isEqualTo(improvement.document());
        assertThat(patched).contains("# news does not need the weather");
    }

    @Test
    void as_few_answers_are_asked_for_as_always_came_to_the_same() {
        var look = "verify: { skill: judge }";
        int last = Workshop.TEAM.lastIndexOf(look);
        var team =
                Workshop.TEAM.substring(0, last)
                        + "replicas: 3\n        resolve: vote"
                        + Workshop.TEAM.substring(last + look.length());
        team =
                team.replace(
                        "        verify: { skill: judge }\n        retry",
                        "        replicas: 3\n        resolve: vote\n        retry");
        var file = TeamFile.parse(team, "team.yaml");
        assertThat(file.team()).as(file.faults().toString()).isPresent();
        var runs = new Workshop(1).play(file.document(), 110, 1);

        var improvement = improve(Experience.of(runs), file.document());

        assertThat(improvement.changes())
                .extracting(Change::what)
                .contains("2 answers for `clean` in place of 3")
                .noneMatch(what -> what.contains("answers for `text`"));
        assertThat(improvement.changes())
                .extracting(Change::evidence)
                .anyMatch(evidence -> evidence.contains("each of 110 votes"));
        assertThat(improvement.then().cost().mean()).isLessThan(improvement.now().cost().mean());
        var patch = file.patch(improvement.changes().stream().map(Change::edit).toList());
        assertThat(patch).contains("+        replicas: 2");
        assertThat(TeamFile.parse(applied(team, patch), "team.yaml").document())
                .isEqualTo(improvement.document());
        assertThat(
                        improve(
                                        Experience.of(new Workshop(1).play(file.document(), 50, 1)),
                                        file.document())
                                .left())
                .anyMatch(one -> one.contains("50 votes are too few"));
    }

    @Test
    void too_little_on_record_is_no_evidence() {
        var runs = new Workshop(3).play(Workshop.document(), 15, 3);
        var improvement = improve(Experience.of(runs), Workshop.document());
        assertThat(improvement.changes())
                .extracting(Change::what)
                .noneMatch(what -> what.contains("second look"));
        assertThat(improvement.left()).anyMatch(one -> one.contains("looks are too few"));
    }

    // ---- goals

    /// Short in the build; `-Dlearning.full=true` takes 20 teams.
    @Test
    void a_plan_that_is_always_the_same_is_written_down_and_is_cheaper_at_equal_quality() {
        int teams = Boolean.getBoolean("learning.full") ? 20 : 2;
        double planned = 0;
        double learned = 0;
        double worst = 0;
        for (long seed = 1; seed <= teams; seed++) {
            var workshop = new Workshop(seed);
            var goal = Workshop.goal();
            var improvement = improve(Experience.of(workshop.play(goal, 200, seed)), goal);
            assertThat(improvement.changes().getFirst().what())
                    .isEqualTo("the plan is written: weather, news, text, clean");
            var before = Workshop.truth(workshop.play(goal, 500, 1_000 + seed));
            var after = Workshop.truth(workshop.play(improvement.document(), 500, 2_000 + seed));
            System.out.printf(
                    "goal %d: $%.4f → $%.4f (foreseen $%.4f → $%.4f), %.1f s → %.1f s, good %.1f %% → %.1f %%: %s%n",
                    seed,
                    before.usd(),
                    after.usd(),
                    improvement.now().cost().mean(),
                    improvement.then().cost().mean(),
                    before.seconds(),
                    after.seconds(),
                    100 * before.good(),
                    100 * after.good(),
                    improvement.changes().stream().map(Change::what).toList());
            assertThat(after.usd()).isLessThan(before.usd());
            assertThat(after.seconds()).isLessThan(before.seconds());
            assertThat(improvement.now().cost().mean() - improvement.then().cost().mean())
                    .isCloseTo(before.usd() - after.usd(), withinPercentage(40.0));
            planned += before.usd();
            learned += after.usd();
            worst = Math.max(worst, before.good() - after.good());
        }
        System.out.printf(
                "%d goals: %.0f %% cheaper; good results at worst %.1f points fewer%n",
                teams, 100 * (1 - learned / planned), 100 * worst);
        assertThat(learned).isLessThan(0.8 * planned);
        assertThat(worst).isLessThan(0.02);
    }

    @Test
    void the_plan_of_a_goal_is_a_patch_that_gives_the_same_and_leaves_the_rest() {
        var file = TeamFile.parse(Workshop.GOAL, "team.yaml");
        assertThat(file.team()).as(file.faults().toString()).isPresent();
        var runs = new Workshop(1).play(file.document(), 200, 1);
        var improvement = improve(Experience.of(runs), file.document());
        assertThat(improvement.changes().getFirst().evidence())
                .startsWith(
                        "`chief` came to the same plan in each of 200 runs, with 2 different inputs,"
                                + " and was never asked again: another would come of at most 1.5 %");
        assertThat(improvement.changes().size()).isGreaterThan(2);
        var patch = file.patch(improvement.edits());
        var patched = applied(Workshop.GOAL, patch);
        assertThat(TeamFile.parse(patched, "team.yaml").document())
                .isEqualTo(improvement.document());
        assertThat(patched)
                .contains(
                        "# what we tell our readers", "    tasks:\n      weather: { skill: look_up")
                .contains("budget: { time: 10h }")
                .doesNotContain("goal:", "planner:");
        assertThat(TeamFile.parse(patched, "team.yaml").faults())
                .noneMatch(fault -> !fault.isWarning());
    }

    @Test
    void a_goal_on_one_line_is_filled_on_that_line() {
        var goal =
                Workshop.GOAL.substring(0, Workshop.GOAL.indexOf("  # what we tell"))
                        + "  main: { input: { topic: string }, goal: \"Write on ${input.topic}\","
                        + " budget: { time: 10h }, planner: chief, wants: text }\n";
        var file = TeamFile.parse(goal, "team.yaml");
        var runs = new Workshop(1).play(file.document(), 100, 1);
        var improvement = improve(Experience.of(runs), file.document());
        var patched = applied(goal, file.patch(improvement.edits()));
        assertThat(TeamFile.parse(patched, "team.yaml").document())
                .isEqualTo(improvement.document());
        assertThat(patched).contains("budget: { time: 10h } }");
    }

    @Test
    void a_planner_that_was_asked_again_stays() {
        var goal =
                TeamFile.parse(Workshop.GOAL.replace("budget: { time: 10h }", ""), "team.yaml")
                        .document();
        var runs = new Workshop(5).luckless(0.02).play(goal, 200, 5);
        assertThat(improve(Experience.of(runs), goal).left().getFirst())
                .matches(
                        "its planner stays: in [1-9]\\d? of 200 runs the first plan was not the"
                                + " whole of it");
    }

    @Test
    void the_planner_stays_where_it_is_needed_or_too_little_is_known() {
        var goal = Workshop.goal();
        var moody = new Workshop(5).whims(0.03);
        assertThat(improve(Experience.of(moody.play(goal, 200, 5)), goal))
                .satisfies(improvement -> {
                    assertThat(improvement.changes()).isEmpty();
                    assertThat(improvement.left())
                            .containsExactly(
                                    "its planner stays: `chief` came to 2 plans in 200 runs");
                });
        assertThat(improve(Experience.of(new Workshop(5).play(goal, 99, 5)), goal).left())
                .containsExactly(
                        "its planner stays: `chief` always came to the same plan, but 99 runs are"
                                + " too few; 100 would do");
        var approved =
                TeamFile.parse(
                                Workshop.GOAL
                                        .replace(
                                                "planner: chief",
                                                "planner: { agent: chief, approve: boss }")
                                        .replace("  critic:", "  boss: { uses: human }\n  critic:"),
                                "team.yaml")
                        .document();
        assertThat(improve(Experience.NONE, approved).left())
                .containsExactly("its planner stays: `boss` is to agree to each plan");
    }

    /// What `patch` does, for the diffs that we write.
    private static String applied(String text, String patch) {
        var lines = text.lines().toList();
        var out = new StringBuilder();
        int at = 0;
        for (var line : patch.lines().skip(2).toList()) {
            if (line.startsWith("@@")) {
                int from = Integer.parseInt(line.replaceAll("@@ -(\\d+),.*", "$1")) - 1;
                while (at < from) {
                    out.append(lines.get(at++)).append('\n');
                }
            } else if (line.startsWith("+")) {
                out.append(line.substring(1)).append('\n');
            } else {
                assertThat(lines.get(at)).isEqualTo(line.substring(1));
                if (line.startsWith(" ")) {
                    out.append(line.substring(1)).append('\n');
                }
                at++;
            }
        }
        for (var rest : List.copyOf(lines.subList(at, lines.size()))) {
            out.append(rest).append('\n');
        }
        return out.toString();
    }
}
