package dev.tutti.core.synthesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// The tables and the curve of docs/synthesis.md.
final class SynthesisFigures {
    private static final List<Integer> SEEDS = List.of(1, 2, 3);
    private static final int STEPS = 20;
    private static double seconds = Double.NaN;
    private static double secondsOneByOne = Double.NaN;

    private final List<TruthSet> sets;

    SynthesisFigures(List<TruthSet> sets) {
        this.sets = sets;
    }

    static boolean wanted() {
        return "synthesis".equals(System.getProperty("measure"));
    }

    static void took(double time) {
        seconds = time;
    }

    static void tookOneByOne(double time) {
        secondsOneByOne = time;
    }

    /// The vote as runs have it, kept like the others.
    static double[][] oneByOne(TruthSet set) {
        return KNOWN.computeIfAbsent(List.of("one by one", set), _ -> set.oneByOne());
    }

    static Path page() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("docs")) && Files.isDirectory(at.resolve("core"))) {
                return at.resolve("docs/synthesis.md");
            }
        }
        throw new IllegalStateException("no docs above");
    }

    /// By name, in the order of the tables.
    private static Map<String, Function<TruthSet, double[][]>> methods() {
        Map<String, Function<TruthSet, double[][]>> methods = new LinkedHashMap<>();
        methods.put("runs: `vote`; batch: `majority`", by(new Majority()));
        methods.put("batch: `one_coin`", by(OneCoin.PLAIN));
        methods.put("batch: `dawid_skene`", by(new DawidSkene()));
        methods.put("Dawid-Skene, guarded (to compare)", guarded(new Guarded(new DawidSkene())));
        methods.put("batch: `guarded`", guarded(Guarded.CAREFUL));
        methods.put("runs: `weighted_vote`", SynthesisFigures::oneByOne);
        return methods;
    }

    /// What was computed is kept: several tests want the same.
    private static final Map<List<Object>, double[][]> KNOWN = new LinkedHashMap<>();

    static Function<TruthSet, double[][]> by(Estimator estimator) {
        return set ->
                KNOWN.computeIfAbsent(
                        List.of(estimator, set),
                        _ -> Score.shares(estimator.estimate(set.ballots()), set));
    }

    static Function<TruthSet, double[][]> guarded(Guarded guarded) {
        return set ->
                KNOWN.computeIfAbsent(
                        List.of(guarded, set),
                        _ -> Score.shares(guarded.estimate(set.ballots()).estimate(), set));
    }

    /// Accuracy of each method on each set, all answers in.
    String whole() {
        var table = new StringBuilder("| accuracy, % |");
        sets.forEach(set -> table.append(' ').append(set.name()).append(" |"));
        table.append(" mean |\n|---|").append("---|".repeat(sets.size() + 1)).append('\n');
        methods().forEach((name, method) -> row(table, name, method, List.of(0), 100));
        return table.toString();
    }

    private void row(
            StringBuilder table,
            String name,
            Function<TruthSet, double[][]> method,
            List<Integer> seeds,
            int most) {
        table.append("| ").append(name).append(" |");
        double sum = 0;
        for (var set : sets) {
            double mean = 0;
            for (int seed : seeds) {
                var few = most == 100 ? set : set.limited(most, seed);
                mean += 100 * Score.of(method.apply(few), few.truth()).accuracy() / seeds.size();
            }
            sum += mean;
            table.append(String.format(Locale.ROOT, " %.2f |", mean));
        }
        table.append(String.format(Locale.ROOT, " %.2f |%n", sum / sets.size()));
    }

    private String few(int most) {
        var table = new StringBuilder("| accuracy, %, ").append(most).append(" answers |");
        sets.forEach(set -> table.append(' ').append(set.name()).append(" |"));
        table.append(" mean |\n|---|").append("---|".repeat(sets.size() + 1)).append('\n');
        methods().forEach((name, method) -> row(table, name, method, SEEDS, most));
        return table.toString();
    }

    private String confidence() {
        var table =
                new StringBuilder(
                        "| mean of the seven sets | Brier score | calibration error | 3 answers: Brier |"
                                + " calibration error |\n|---|---|---|---|---|\n");
        var methods = new LinkedHashMap<>(methods());
        methods.put("`guarded` without guard, not moved", by(OneCoin.CAREFUL));
        methods.forEach((name, method) -> {
            double[] sums = new double[4];
            for (var set : sets) {
                var all = Score.of(method.apply(set), set.truth());
                var few = Score.of(method.apply(set.limited(3, 1)), set.truth());
                sums[0] += all.brier() / sets.size();
                sums[1] += all.calibration() / sets.size();
                sums[2] += few.brier() / sets.size();
                sums[3] += few.calibration() / sets.size();
            }
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.3f | %.3f | %.3f | %.3f |%n",
                            name,
                            sums[0],
                            sums[1],
                            sums[2],
                            sums[3]));
        });
        return table.toString();
    }

    private String classes() {
        var ours = new double[Score.CLASSES][3];
        var runs = new double[Score.CLASSES][3];
        var votes = new double[Score.CLASSES][3];
        for (var set : sets) {
            count(ours, guarded(Guarded.CAREFUL).apply(set), set.truth());
            count(runs, oneByOne(set), set.truth());
            count(votes, by(new Majority()).apply(set), set.truth());
        }
        var table =
                new StringBuilder(
                        """
                        | confidence | `weighted_vote` in runs: items | right | batch `guarded`: items | right | share of votes: items | right |
                        |---|---|---|---|---|---|---|
                        """);
        for (int i = 3; i < Score.CLASSES; i++) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %d to %d %% | %s | %s | %s |%n",
                            10 * i,
                            10 * i + 10,
                            cells(runs[i]),
                            cells(ours[i]),
                            cells(votes[i])));
        }
        return table.toString();
    }

    private static String cells(double[] one) {
        return one[0] == 0
                ? "0 | –"
                : String.format(Locale.ROOT, "%.0f | %.1f %%", one[0], 100 * one[2] / one[0]);
    }

    private static void count(double[][] classes, double[][] shares, int[] truth) {
        for (int item = 0; item < shares.length; item++) {
            Score.add(
                    classes,
                    Score.confidence(shares[item]),
                    Score.rightness(shares[item], truth[item]));
        }
    }

    private double[] curve(Function<TruthSet, double[][]> method, int most) {
        var curve = new double[STEPS + 1];
        for (var set : sets) {
            var few = most == 100 ? set : set.limited(most, 1);
            var shares = method.apply(few);
            for (int step = 0; step <= STEPS; step++) {
                curve[step] +=
                        100 * Score.kept(shares, set.truth(), 0.5 * step / STEPS) / sets.size();
            }
        }
        return curve;
    }

    private record Line(String name, String style, double[] points) {}

    private List<Line> lines() {
        return List.of(
                new Line(
                        "runs: weighted_vote",
                        "stroke=\"#1b4f9c\"",
                        curve(SynthesisFigures::oneByOne, 100)),
                new Line(
                        "batch: guarded",
                        "stroke=\"#0b6e4f\"",
                        curve(guarded(Guarded.CAREFUL), 100)),
                new Line("vote", "stroke=\"#b3541e\"", curve(by(new Majority()), 100)),
                new Line(
                        "runs: weighted_vote, 3 answers",
                        "stroke=\"#1b4f9c\" stroke-dasharray=\"6 4\"",
                        curve(SynthesisFigures::oneByOne, 3)),
                new Line(
                        "batch: guarded, 3 answers",
                        "stroke=\"#0b6e4f\" stroke-dasharray=\"6 4\"",
                        curve(guarded(Guarded.CAREFUL), 3)),
                new Line(
                        "vote, 3 answers",
                        "stroke=\"#b3541e\" stroke-dasharray=\"6 4\"",
                        curve(by(new Majority()), 3)));
    }

    private static String escalation(List<Line> lines) {
        var table = new StringBuilder("| escalated |");
        lines.forEach(line -> table.append(' ').append(line.name()).append(" |"));
        table.append("\n|---|").append("---|".repeat(lines.size())).append('\n');
        for (int step = 0; step <= STEPS; step += 4) {
            table.append("| ").append(50 * step / STEPS).append(" % |");
            for (var line : lines) {
                table.append(String.format(Locale.ROOT, " %.1f |", line.points()[step]));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String drawing(List<Line> lines) {
        double low =
                Math.floor(
                                lines.stream()
                                                .flatMapToDouble(
                                                        line -> Arrays.stream(line.points()))
                                                .min()
                                                .orElse(0)
                                        / 5)
                        * 5;
        var svg = new ArrayList<String>();
        svg.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\""
                        + " font-family=\"sans-serif\" font-size=\"12\">");
        svg.add("<title>Accuracy of what is kept, against the share escalated</title>");
        svg.add("<rect width=\"640\" height=\"360\" fill=\"#ffffff\"/>");
        for (int percent = (int) low; percent <= 100; percent += 5) {
            double y = 310 - 280 * (percent - low) / (100 - low);
            svg.add(
                    String.format(
                            Locale.ROOT,
                            "<path d=\"M60 %.1fH620\" stroke=\"#dddddd\"/><text x=\"52\" y=\"%.1f\""
                                    + " text-anchor=\"end\">%d</text>",
                            y,
                            y + 4,
                            percent));
        }
        for (int percent = 0; percent <= 50; percent += 10) {
            svg.add(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"330\" text-anchor=\"middle\">%d</text>",
                            60 + 560.0 * percent / 50,
                            percent));
        }
        svg.add(
                "<text x=\"340\" y=\"350\" text-anchor=\"middle\">escalated, % of the items</text>");
        svg.add(
                "<text transform=\"translate(18 170) rotate(-90)\" text-anchor=\"middle\">right of"
                        + " what is kept, %</text>");
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var path = new StringBuilder();
            for (int step = 0; step <= STEPS; step++) {
                path.append(
                        String.format(
                                Locale.ROOT,
                                "%s%.1f %.1f",
                                step == 0 ? "M" : "L",
                                60 + 560.0 * step / STEPS,
                                310 - 280 * (line.points()[step] - low) / (100 - low)));
            }
            svg.add(
                    "<path d=\""
                            + path
                            + "\" fill=\"none\" stroke-width=\"2\" "
                            + line.style()
                            + "/>");
            int y = 205 + 18 * i;
            svg.add(
                    String.format(
                            Locale.ROOT,
                            "<path d=\"M390 %dh36\" stroke-width=\"2\" %s/><text x=\"434\""
                                    + " y=\"%d\">%s</text>",
                            y,
                            line.style(),
                            y + 4,
                            line.name()));
        }
        svg.add("</svg>");
        return String.join("\n", svg) + "\n";
    }

    /// Writes the curve, and the tables between the marks in the page.
    void write() throws IOException {
        var lines = lines();
        Files.writeString(page().resolveSibling("synthesis.svg"), drawing(lines));
        var text = Files.readString(page());
        text = between(text, "whole", whole());
        text = between(text, "three", few(3));
        text = between(text, "five", few(5));
        text = between(text, "confidence", confidence());
        text = between(text, "classes", classes());
        text = between(text, "escalation", escalation(lines));
        if (!Double.isNaN(seconds)) {
            text =
                    between(
                            text,
                            "time",
                            String.format(
                                    Locale.ROOT,
                                    "100,000 answers, guard and all: %.2f s as a batch (`guarded`);"
                                            + " %.2f s one item after the other, as runs"
                                            + " learn.%n",
                                    seconds,
                                    secondsOneByOne));
        }
        Files.writeString(page(), text);
    }

    private static String between(String page, String mark, String text) {
        var from = "<!-- " + mark + " -->\n";
        int start = page.indexOf(from) + from.length();
        int end = page.indexOf("<!-- /" + mark + " -->");
        if (start < from.length() || end < start) {
            throw new IllegalStateException("no place for " + mark);
        }
        return page.substring(0, start) + "\n" + text + "\n" + page.substring(end);
    }
}
