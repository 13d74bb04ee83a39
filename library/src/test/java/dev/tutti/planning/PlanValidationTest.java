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
