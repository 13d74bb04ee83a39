package dev.tutti.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Fault;
import dev.tutti.teamfile.Explanations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Every plan that a real model wrote goes through the reader of proposals and the check of plans.
/// The table that they give is the one in the documents; `-Dplans.write=true` writes it there.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PlanValidationTest {
    private static final String BEGIN = "<!-- plans: written by PlanValidationTest -->";
    private static final String END = "<!-- end of plans -->";

    @Test
    void plans_of_a_real_model_are_accepted_repaired_or_rejected_with_a_reason()
            throws IOException {
        var table = table();
        assumeTrue(
                !table.isEmpty(), "SKIPPED: plans are not validated, ../shared/data is not here");
        var page = Written.page("plan-validation.md");
        if (Boolean.getBoolean("plans.write")) {
            Written.put(page, BEGIN, END, table);
        }
        assertThat(Written.between(page, BEGIN, END)).isEqualTo(table.strip());
    }

    private static String table() {
        var verdicts = new TreeMap<String, Map<String, Integer>>();
        var repairs = new TreeMap<String, Map<String, Integer>>();
        var faults = new TreeMap<String, Map<String, Integer>>();
        for (var source : LlmPlans.SOURCES) {
            var plans = LlmPlans.of(source);
            if (plans.isEmpty()) {
                return "";
            }
            for (var plan : plans.get().plans()) {
                var verdict = plans.get().judge(plan);
                count(verdicts, verdict.word(), source);
                if (verdict.faults().isEmpty()) {
                    verdict.reading().repairs().stream()
                            .map(repair -> repair.kind().words())
                            .distinct()
                            .forEach(words -> count(repairs, words, source));
                } else {
                    reasons(verdict.faults()).forEach(reason -> count(faults, reason, source));
                }
            }
        }
        var lines = new ArrayList<String>();
        rows(lines, "plans", verdicts);
        rows(lines, "repaired, by mend (a plan may have several)", repairs);
        rows(lines, "rejected, by reason (a plan may have several)", faults);
        return String.join("\n", lines) + "\n";
    }

    private static final String WRONG = "<!-- wrong reasoning: written by PlanValidationTest -->";
    private static final String END_OF_WRONG = "<!-- end of wrong reasoning -->";
    private static final int GOOD_PLANS = 500;

    /// Short in the build: every tenth plan. `-Dplans.full=true` takes 500, and with
    /// `-Dplans.write=true` writes the table.
    @Test
    void a_wrong_dependency_is_refused_repaired_or_ends_with_a_reason_and_nothing_stalls()
            throws IOException {
        boolean full = Boolean.getBoolean("plans.full");
        var lines = new ArrayList<String>();
        for (boolean typed : new boolean[] {false, true}) {
            var rows = fates(typed, full ? 1 : 20);
            assumeTrue(
                    !rows.isEmpty(), "SKIPPED: plans are not spoilt, ../shared/data is not here");
            lines.add(
                    "| "
                            + (typed ? "skills declare what they take" : "skills take anything")
                            + " | plans | refused | repaired | run fails with a reason | warned of | undetected | stalled |");
            lines.add("|---|" + "---:|".repeat(7));
            rows.forEach((mistake, fates) -> {
                assertThat(fates.getOrDefault(WrongReasoning.Fate.STALLED, 0)).isZero();
                lines.add(row(mistake, fates));
            });
            lines.add("");
        }
        if (full) {
            var page = Written.page("plan-validation.md");
            var table = String.join("\n", lines);
            if (Boolean.getBoolean("plans.write")) {
                Written.put(page, WRONG, END_OF_WRONG, table);
            }
            assertThat(Written.between(page, WRONG, END_OF_WRONG)).isEqualTo(table.strip());
        }
    }

    private static String row(
            WrongReasoning.Mistake mistake, Map<WrongReasoning.Fate, Integer> fates) {
        int all = fates.values().stream().mapToInt(Integer::intValue).sum();
        var words =
                switch (mistake) {
                    case LINK_DROPPED -> "link dropped, its use left";
                    case DROPPED -> "dropped";
                    case ADDED -> "added";
                    case REVERSED -> "reversed";
                };
        return "| "
                + words
                + " | "
                + all
                + " | "
                + Stream.of(
                                WrongReasoning.Fate.REFUSED,
                                WrongReasoning.Fate.REPAIRED,
                                WrongReasoning.Fate.FAILED_WITH_A_REASON,
                                WrongReasoning.Fate.WARNED,
                                WrongReasoning.Fate.UNDETECTED,
                                WrongReasoning.Fate.STALLED)
                        .map(fate -> fates.getOrDefault(fate, 0))
                        .map(count -> count + " (" + Math.round(100.0 * count / all) + " %)")
                        .collect(Collectors.joining(" | "))
                + " |";
    }

    /// @param step takes every so many-th plan
    private static Map<WrongReasoning.Mistake, Map<WrongReasoning.Fate, Integer>> fates(
            boolean typed, int step) {
        var rows = new TreeMap<WrongReasoning.Mistake, Map<WrongReasoning.Fate, Integer>>();
        int good = 0;
        for (var source : LlmPlans.SOURCES) {
            var plans = LlmPlans.of(source);
            if (plans.isEmpty()) {
                return Map.of();
            }
            var wrong = new WrongReasoning(plans.get(), typed, 11);
            var all = plans.get().plans();
            int taken = 0;
            for (int i = 0; i < all.size() && taken < GOOD_PLANS / 2; i += step) {
                var plan = all.get(i);
                if (LlmPlans.nodes(plan).size() < 2
                        || !plans.get().judge(plan).faults().isEmpty()) {
                    continue;
                }
                taken++;
                for (var mistake : WrongReasoning.Mistake.values()) {
                    var fate = wrong.fate(plan, mistake);
                    if (fate != null) {
                        rows.computeIfAbsent(mistake, _ -> new TreeMap<>())
                                .merge(fate, 1, Integer::sum);
                    }
                }
            }
            good += taken;
        }
        assertThat(good).isGreaterThanOrEqualTo(GOOD_PLANS / step / 2);
        return rows;
    }

    static List<String> reasons(List<Fault> faults) {
        var reasons = new LinkedHashSet<String>();
        for (var fault : faults) {
            var title =
                    Explanations.of(fault.code())
                            .map(Explanations.Explanation::title)
                            .orElseThrow();
            reasons.add("`" + fault.code() + "` " + title);
        }
        return List.copyOf(reasons);
    }

    private static void count(Map<String, Map<String, Integer>> all, String row, String source) {
        all.computeIfAbsent(row, _ -> new TreeMap<>()).merge(source, 1, Integer::sum);
    }

    private static void rows(
            List<String> lines, String title, Map<String, Map<String, Integer>> rows) {
        lines.add("| " + title + " | " + String.join(" | ", LlmPlans.SOURCES) + " |");
        lines.add("|---|" + "---:|".repeat(LlmPlans.SOURCES.size()));
        rows.forEach((row, counts) ->
                lines.add(
                        "| "
                                + row
                                + " | "
                                + LlmPlans.SOURCES.stream()
                                        .map(source -> "" + counts.getOrDefault(source, 0))
                                        .collect(Collectors.joining(" | "))
                                + " |"));
        lines.add("");
    }

    /// Tables within pages of the documents.
    static final class Written {
        private Written() {}

        static Path page(String name) {
            for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
                if (Files.isDirectory(at.resolve("core/src/main/java"))) {
                    return at.resolve("docs").resolve(name);
                }
            }
            throw new IllegalStateException("not within the project");
        }

        static String between(Path page, String begin, String end) throws IOException {
            var text = Files.readString(page);
            return text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end)).strip();
        }

        static void put(Path page, String begin, String end, String table) throws IOException {
            var text = Files.readString(page);
            Files.writeString(
                    page,
                    text.substring(0, text.indexOf(begin) + begin.length())
                            + "\n\n"
                            + table.strip()
                            + "\n\n"
                            + text.substring(text.indexOf(end)));
        }
    }
}
