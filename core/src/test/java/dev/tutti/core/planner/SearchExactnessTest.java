package dev.tutti.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.core.planner.Answer.Found;
import dev.tutti.core.planner.Answer.None;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// What the search finds, held against trying everything, and how near it comes where everything
/// cannot be tried.
class SearchExactnessTest {
    private static final int PROBLEMS = 1_000;

    /// What rounding to whole units may come to.
    private static final double ROUNDING = 1e-5;

    /// Of a problem that is tried in full.
    private static final int MOST_USES = 11;

    private static final int SKILLS = 1_000;
    private static final int DEPTH = 12;
    private static final int WIDTH = 25;

    /// With `-Dtutti.planner.full=true` as many large problems as the figures in the docs are of.
    private static final boolean FULL = Boolean.getBoolean("tutti.planner.full");

    /// Of them, those for which much more is tried as well.
    private static final int LONGER = 20;

    @Test
    void no_set_of_skills_is_better_than_the_plan_found() {
        int solved = 0;
        int several = 0;
        for (int seed = 0; seed < PROBLEMS; seed++) {
            var problem = new RandomProblems(seed).small();
            var best = BruteForce.best(problem);
            switch (Search.find(problem)) {
                case Found found -> {
                    assertThat(best).as("seed " + seed).isPresent();
                    assertThat(found.value())
                            .as("seed " + seed)
                            .isCloseTo(best.getAsDouble(), within(ROUNDING));
                    assertThat(found.optimal()).as("seed " + seed).isTrue();
                    assertThat(value(problem, found))
                            .as("seed " + seed)
                            .isCloseTo(found.value(), within(ROUNDING));
                    solved++;
                    several += found.steps().size() >= 3 ? 1 : 0;
                }
                case None none -> {
                    assertThat(best).as("seed " + seed).isEmpty();
                    assertThat(none.missing()).as("seed " + seed).isNotEmpty();
                }
            }
        }
        assertThat(solved).isBetween(PROBLEMS / 2, PROBLEMS - 50);
        assertThat(several).isGreaterThan(PROBLEMS / 10);
    }

    @Test
    void nor_is_any_better_that_uses_skills_for_the_items_of_lists() {
        int solved = 0;
        int fanOuts = 0;
        for (int seed = 0; seed < PROBLEMS; seed++) {
            var problem = new RandomProblems(seed).lists();
            if (BruteForce.uses(problem) > MOST_USES) {
                continue;
            }
            var best = BruteForce.best(problem);
            if (Search.find(problem) instanceof Found found) {
                assertThat(best).as("seed " + seed).isPresent();
                assertThat(found.value())
                        .as("seed " + seed)
                        .isCloseTo(best.getAsDouble(), within(ROUNDING));
                solved++;
                fanOuts += found.steps().stream().anyMatch(step -> step.each() != null) ? 1 : 0;
            } else {
                assertThat(best).as("seed " + seed).isEmpty();
            }
        }
        assertThat(solved).isGreaterThan(PROBLEMS / 6);
        assertThat(fanOuts).isGreaterThan(PROBLEMS / 10);
    }

    /// What the steps themselves come to: each takes only what is there by then.
    private static double value(Problem problem, Found found) {
        var ends = new LinkedHashMap<String, Double>();
        double value = 0;
        for (var step : found.steps()) {
            double start = 0;
            for (var template : step.input().values()) {
                var source = template.substring(2, template.indexOf('.'));
                if (!source.equals("input")) {
                    assertThat(ends).containsKey(source);
                    start = Math.max(start, ends.getOrDefault(source, Double.NaN));
                }
            }
            ends.put(step.name(), start + step.seconds());
            value += step.usd() - problem.worth().failure() * Math.log(step.success());
        }
        double last = 0;
        for (var template : found.yields().values()) {
            var source = template.substring(2, template.indexOf('.'));
            last = Math.max(last, ends.getOrDefault(source, 0.0));
        }
        return value + problem.worth().second() * last;
    }

    @Test
    void less_effort_still_gives_a_plan_and_a_bound_that_holds() {
        for (int seed = 0; seed < PROBLEMS / 10; seed++) {
            var problem = new RandomProblems(seed).small();
            if (Search.find(problem) instanceof Found best) {
                var hasty = (Found) Search.find(problem, 1);

                assertThat(hasty.value()).isGreaterThanOrEqualTo(best.value());
                assertThat(hasty.bound()).isLessThanOrEqualTo(best.value());
            }
        }
    }

    @Test
    void the_same_problem_always_has_the_same_answer() {
        var problem = new RandomProblems(1).deep(SKILLS, DEPTH, WIDTH);

        assertThat(Search.find(problem)).isEqualTo(Search.find(problem));
    }

    @Test
    void a_thousand_skills_and_twelve_layers_take_a_tenth_of_a_second() {
        int problems = FULL ? 300 : 20;
        // Of the thread itself: the machine does other things as well.
        var clock = ManagementFactory.getThreadMXBean();
        var millis = new ArrayList<Double>();
        var gaps = new ArrayList<Double>();
        var excess = new ArrayList<Double>();
        double steps = 0;
        for (int seed = 0; seed < problems; seed++) {
            var problem = new RandomProblems(seed).deep(SKILLS, DEPTH, WIDTH);
            long start = clock.getCurrentThreadCpuTime();
            var found = (Found) Search.find(problem);
            millis.add((clock.getCurrentThreadCpuTime() - start) / 1e6);
            gaps.add(found.gap());
            steps += found.steps().size();
            assertThat(found.steps()).hasSizeGreaterThanOrEqualTo(DEPTH);
            assertThat(found.bound()).isPositive().isLessThanOrEqualTo(found.value());
            if (FULL && seed < LONGER) {
                var longer = (Found) Search.find(problem, 50 * Search.EFFORT);
                excess.add(found.value() / longer.value() - 1);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "search: %d skills, depth %d, %.1f steps: first %.0f ms, then median %.0f, p95 %.0f,"
                        + " worst %.0f ms; gap median %.2f, p95 %.2f, worst %.2f%n",
                SKILLS,
                DEPTH,
                steps / problems,
                millis.getFirst(),
                at(millis.subList(1, problems), 0.5),
                at(millis.subList(1, problems), 0.95),
                at(millis.subList(1, problems), 1),
                at(gaps, 0.5),
                at(gaps, 0.95),
                at(gaps, 1));
        if (FULL) {
            System.out.printf(
                    Locale.ROOT,
                    "search: above the best found with 50 times the effort, median %.3f, p95 %.3f, worst %.3f%n",
                    at(excess, 0.5),
                    at(excess, 0.95),
                    at(excess, 1));
        }
        assertThat(at(millis.subList(1, problems), 0.5)).isLessThan(100);
        assertThat(at(gaps, 0.5)).isLessThan(0.6);
    }

    private static double at(List<Double> figures, double share) {
        var sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }
}
