package dev.tutti.simulation.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Draws how far behind the best single model each way of choosing falls, question by question. As
/// a program, writes `docs/dispatch-regret.svg`.
public final class RegretPlot {
    private static final int ORDERS = 10;
    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int BOTTOM = 330;
    private static final int RIGHT = 560;
    private static final int TOP = 30;
    private static final double MOST = 160;
    private static final double LEAST = -120;

    private final Answers answers;
    private final Drawing svg = new Drawing(WIDTH, HEIGHT, "Regret against the best single model");

    private RegretPlot(Answers answers) {
        this.answers = answers;
    }

    /// How good each answer of an order was.
    private interface Way {
        double[] scores(long order);
    }

    public static void main(String[] arguments) throws IOException {
        var answers = Answers.read();
        if (answers.isEmpty() || arguments.length != 1) {
            System.err.println("usage: regret-plot FILE");
            System.exit(2);
            return;
        }
        Files.writeString(Path.of(arguments[0]), new RegretPlot(answers.get()).draw());
    }

    private String draw() {
        axes();
        var worth = Routing.worth("1000", 0.25);
        curve("by chance", "#999", this::byChance);
        curve(
                "learned, no content",
                "#d95f02",
                order -> new Routing(answers, worth, false).run(order).scores());
        curve(
                "learned, content",
                "#1b7837",
                order -> new Routing(answers, worth, true).run(order).scores());
        curve("best of each family", "#2166ac", this::byFamily);
        return svg.end();
    }

    private void axes() {
        for (int regret = (int) LEAST; regret <= MOST; regret += 40) {
            svg.line("M%d %.1fH%d".formatted(LEFT, y(regret), RIGHT), "#ddd", 1);
            svg.text(LEFT - 8, y(regret) + 4, "end", Integer.toString(regret), "#333");
        }
        for (int at = 0; at <= answers.questions().size(); at += 500) {
            svg.text(x(at), BOTTOM + 18, "middle", Integer.toString(at), "#333");
        }
        svg.line("M%d %.1fH%d".formatted(LEFT, y(0), RIGHT), "#333", 1);
        svg.text(RIGHT + 6, y(0) + 4, "start", "best single model", "#333");
        svg.text(LEFT, 18, "start", "regret, in answers; a mean over ten orders", "#333");
        svg.text((LEFT + RIGHT) / 2.0, BOTTOM + 36, "middle", "questions", "#333");
    }

    private double x(double question) {
        return LEFT + (RIGHT - LEFT) * question / answers.questions().size();
    }

    private static double y(double regret) {
        return TOP + (BOTTOM - TOP) * (MOST - Math.min(regret, MOST)) / (MOST - LEAST);
    }

    private void curve(String name, String colour, Way way) {
        int best = Routing.bestSingle(answers.questions());
        var regret = new double[answers.questions().size()];
        for (long order = 1; order <= ORDERS; order++) {
            var scores = way.scores(order);
            var questions = answers.shuffled(order);
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                sum += questions.get(i).scores()[best] - scores[i];
                regret[i] += sum / ORDERS;
            }
        }
        var path = new StringBuilder();
        int end = 0;
        for (int i = 0; i < regret.length && regret[i] <= MOST; i += 14) {
            path.append(
                    String.format(
                            Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x(i), y(regret[i])));
            end = i;
        }
        svg.line(path.toString(), colour, 2);
        boolean cut = end < regret.length - 20;
        svg.text(
                cut ? x(end) + 4 : RIGHT + 6,
                cut ? TOP + 12 : y(regret[regret.length - 1]) + 4,
                "start",
                name,
                colour);
    }

    private double[] byChance(long order) {
        var dice = new SplittableRandom(order);
        return answers.shuffled(order).stream()
                .mapToDouble(question -> question.scores()[dice.nextInt(question.scores().length)])
                .toArray();
    }

    private double[] byFamily(long order) {
        var families = new HashMap<String, List<Answers.Question>>();
        answers.questions()
                .forEach(question ->
                        families.computeIfAbsent(question.family(), _ -> new ArrayList<>())
                                .add(question));
        var best = new HashMap<String, Integer>();
        families.forEach((family, questions) -> best.put(family, Routing.bestSingle(questions)));
        return answers.shuffled(order).stream()
                .mapToDouble(question -> question.scores()[best.getOrDefault(question.family(), 0)])
                .toArray();
    }
}
