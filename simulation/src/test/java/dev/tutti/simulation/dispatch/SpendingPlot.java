package dev.tutti.simulation.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Draws how good answers are against what they may cost: learned dispatch with results that are
/// worth more and more, beside each single model. As a program, writes
/// `docs/dispatch-spending.svg`.
public final class SpendingPlot {
    /// What a result is worth, in dollars: the less, the less an answer may cost.
    static final List<String> WORTH =
            List.of("1000", "0.1", "0.03", "0.01", "0.005", "0.003", "0.002", "0.001", "0.0003");

    private static final int ORDERS = 10;
    private static final int LAST = 1_000;
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 690;
    private static final int TOP = 30;
    private static final int BOTTOM = 350;
    private static final double LEAST_USD = 0.0001;
    private static final double MOST_USD = 0.001;
    private static final double LEAST = 0.10;
    private static final double MOST = 0.70;

    private final Answers answers;
    private final Drawing svg =
            new Drawing(WIDTH, HEIGHT, "Quality against what an answer may cost");

    private SpendingPlot(Answers answers) {
        this.answers = answers;
    }

    /// A way to answer.
    ///
    /// @param usd what an answer costs, a mean over all questions
    /// @param score of the last 1,000, a mean over the orders
    record Point(double usd, double score) {}

    /// What learned dispatch comes to for each worth, the dearest first.
    static List<Point> learned(Answers answers) {
        var points = new ArrayList<Point>();
        for (var worth : WORTH) {
            double usd = 0;
            double score = 0;
            for (int order = 1; order <= ORDERS; order++) {
                var course = new Routing(answers, Routing.worth(worth, 0.25), true).run(order);
                usd += course.usd() / ORDERS;
                score += course.last(LAST) / ORDERS;
            }
            points.add(new Point(usd, score));
        }
        return points;
    }

    /// What each single model comes to, over all questions.
    static List<Point> single(Answers answers) {
        var points = new ArrayList<Point>();
        for (int i = 0; i < answers.models().size(); i++) {
            int model = i;
            points.add(
                    new Point(
                            answers.usd()[model],
                            answers.questions().stream()
                                    .mapToDouble(question -> question.scores()[model])
                                    .average()
                                    .orElseThrow()));
        }
        return points;
    }

    public static void main(String[] arguments) throws IOException {
        var answers = Answers.read();
        if (answers.isEmpty() || arguments.length != 1) {
            System.err.println("usage: spending-plot FILE");
            System.exit(2);
            return;
        }
        Files.writeString(Path.of(arguments[0]), new SpendingPlot(answers.get()).draw());
    }

    private String draw() {
        axes();
        var single = single(answers);
        for (int i = 0; i < single.size(); i++) {
            var one = single.get(i);
            dot(one, "#2166ac");
            boolean right = x(one.usd()) > WIDTH / 2.0;
            svg.text(
                    x(one.usd()) + (right ? -6 : 6),
                    y(one.score()) + (right ? 16 : 4),
                    right ? "end" : "start",
                    answers.models().get(i),
                    "#2166ac");
        }
        var learned = learned(answers);
        var path = new StringBuilder();
        learned.stream()
                .sorted(Comparator.comparingDouble(Point::usd))
                .forEach(point ->
                        path.append(
                                String.format(
                                        Locale.ROOT,
                                        "%s%.1f %.1f",
                                        path.isEmpty() ? "M" : "L",
                                        x(point.usd()),
                                        y(point.score()))));
        svg.line(path.toString(), "#1b7837", 2);
        for (int i = 0; i < learned.size(); i++) {
            var point = learned.get(i);
            dot(point, "#1b7837");
            System.out.printf(
                    Locale.ROOT,
                    "worth $%s: $%.6f an answer, %.4f%n",
                    WORTH.get(i),
                    point.usd(),
                    point.score());
        }
        svg.text(
                LEFT,
                18,
                "start",
                "mean score: learned, by what a result is worth (green); single models (blue)",
                "#333");
        return svg.end();
    }

    private void axes() {
        for (int tenths = 10; tenths <= 70; tenths += 10) {
            double score = tenths / 100.0;
            svg.add(
                    String.format(
                            Locale.ROOT,
                            "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>%n",
                            LEFT,
                            y(score),
                            RIGHT));
            svg.text(
                    LEFT - 8,
                    y(score) + 4,
                    "end",
                    String.format(Locale.ROOT, "%.1f", score),
                    "#333");
        }
        for (var usd : List.of("0.0001", "0.0002", "0.0005", "0.001")) {
            svg.text(x(Double.parseDouble(usd)), BOTTOM + 18, "middle", "$" + usd, "#333");
        }
        svg.text(
                (LEFT + RIGHT) / 2.0, BOTTOM + 38, "middle", "an answer costs (log scale)", "#333");
    }

    private static double x(double usd) {
        double at = Math.log(usd / LEAST_USD) / Math.log(MOST_USD / LEAST_USD);
        return LEFT + (RIGHT - LEFT) * Math.clamp(at, 0, 1);
    }

    private static double y(double score) {
        return TOP + (BOTTOM - TOP) * (MOST - score) / (MOST - LEAST);
    }

    private void dot(Point point, String colour) {
        svg.add(
                String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n",
                        x(point.usd()),
                        y(point.score()),
                        colour));
    }
}
