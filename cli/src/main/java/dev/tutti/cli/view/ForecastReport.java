package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.document.ForecastDocument;
import dev.tutti.forecast.Forecast;
import dev.tutti.forecast.Hindsight;
import dev.tutti.forecast.Spread;
import dev.tutti.view.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/// A forecast, for people and for programs.
public final class ForecastReport {
    private static final int PARTS = 8;
    private static final int WIDEST_BAR = 40;
    private static final int THREE = 3;
    private static final double SELDOM = 0.005;

    private final String workflow;
    private final Forecast forecast;
    private final @Nullable Hindsight hindsight;

    /// @param hindsight what came, or null
    public ForecastReport(String workflow, Forecast forecast, @Nullable Hindsight hindsight) {
        this.workflow = workflow;
        this.forecast = forecast;
        this.hindsight = hindsight;
    }

    // ---- for people

    public List<String> lines(Screen screen) {
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add("forecast of ")
                        .add(Ink.BOLD, workflow)
                        .add(
                                Ink.DIM,
                                "   "
                                        + Figures.count(forecast.samples(), "run")
                                        + " played, "
                                        + (forecast.runs() == 0
                                                ? "none on record"
                                                : "learned from "
                                                        + Figures.count(forecast.runs(), "run")))
                        .show(screen, screen.most()));
        summary(lines, screen);
        hindsight(lines, screen);
        if (!forecast.time().sorted().isEmpty()) {
            histogram(lines, "time", forecast.time(), ForecastReport::seconds, screen);
            if (forecast.cost().quantile(1) > 0) {
                histogram(lines, "cost", forecast.cost(), ForecastReport::dollars, screen);
            }
            path(lines, screen);
        }
        limits(lines, screen);
        fanOuts(lines, screen);
        sources(lines, screen);
        for (var assumed : forecast.assumed()) {
            lines.add(
                    new Line()
                            .add(Ink.YELLOW, "assumed: ")
                            .add(assumed)
                            .show(screen, screen.most()));
        }
        return lines;
    }

    private void summary(List<String> lines, Screen screen) {
        lines.add("");
        var table = new Table("", "p10", "p50", "p90");
        if (!forecast.time().sorted().isEmpty()) {
            row(table, "is over after", forecast.time(), ForecastReport::seconds);
            row(table, "costs", forecast.cost(), ForecastReport::dollars);
            lines.addAll(table.lines(screen));
        }
        var ends = new ArrayList<String>();
        ends.add("succeeds " + Figures.percent(forecast.succeeds()));
        if (forecast.fails() > 0) {
            ends.add("fails " + Figures.percent(forecast.fails()));
        }
        if (forecast.waits() > 0) {
            ends.add("waits for a person " + Figures.percent(forecast.waits()));
        }
        lines.add(new Line().add(String.join(" · ", ends)).show(screen, screen.most()));
    }

    private static void row(Table table, String what, Spread spread, DoubleFunction<String> shown) {
        table.row(
                Ink.PLAIN,
                what,
                shown.apply(spread.quantile(0.1)),
                shown.apply(spread.quantile(0.5)),
                shown.apply(spread.quantile(0.9)));
    }

    private void hindsight(List<String> lines, Screen screen) {
        if (hindsight == null) {
            return;
        }
        lines.add("");
        lines.add(
                new Line()
                        .add("it came: ")
                        .add(Ink.BOLD, hindsight.status().name().toLowerCase(Locale.ROOT))
                        .show(screen, screen.most()));
        said(lines, "took", seconds(hindsight.seconds()), hindsight.timeBelow(), screen);
        said(lines, "cost", dollars(hindsight.usd()), hindsight.costBelow(), screen);
    }

    private static void said(
            List<String> lines, String verb, String figure, double below, Screen screen) {
        lines.add(
                new Line()
                        .add("  " + verb + " ")
                        .add(Ink.BOLD, figure)
                        .add(
                                ", "
                                        + (below < 0.1
                                                ? "less than p10"
                                                : below > 0.9
                                                        ? "more than p90"
                                                        : "between p10 and p90")
                                        + ": more than "
                                        + Figures.percent(below)
                                        + " of the runs played")
                        .show(screen, screen.most()));
    }

    private static void histogram(
            List<String> lines,
            String what,
            Spread spread,
            DoubleFunction<String> shown,
            Screen screen) {
        double from = spread.quantile(0);
        double to = spread.quantile(0.98);
        if (to <= from) {
            return;
        }
        lines.add("");
        lines.add(new Line().add(Ink.DIM, what).show(screen));
        var counts = spread.histogram(PARTS);
        int most = counts.stream().mapToInt(Integer::intValue).max().orElse(1);
        for (int i = 0; i < PARTS; i++) {
            double begin = from + (to - from) * i / PARTS;
            var end = i == PARTS - 1 ? " and more" : "";
            int bar = (int) Math.ceil((double) counts.get(i) * WIDEST_BAR / most);
            lines.add(
                    new Line()
                            .column(Ink.PLAIN, "  " + shown.apply(begin) + end, 20)
                            .add(Ink.BLUE, "▓".repeat(bar))
                            .add(
                                    Ink.DIM,
                                    " "
                                            + Figures.percent(
                                                    (double) counts.get(i)
                                                            / spread.sorted().size()))
                            .show(screen, screen.most()));
        }
    }

    private void path(List<String> lines, Screen screen) {
        var table =
                new Table(
                        "what it takes its time for",
                        "in so many runs",
                        "of the time",
                        "attempts",
                        "costs");
        boolean any = false;
        for (var member : forecast.path()) {
            if (member.attempts() > 0 || member.often() > SELDOM) {
                any = true;
                var came =
                        hindsight == null
                                ? null
                                : hindsight.attempts().getOrDefault(member.task(), 0);
                table.row(
                        Ink.BOLD,
                        member.task(),
                        Figures.percent(member.often()),
                        Figures.percent(member.share()),
                        String.format(Locale.ROOT, "%.1f", member.attempts())
                                + (came == null ? "" : " (came: " + came + ")"),
                        dollars(member.usd()));
            }
        }
        if (any) {
            lines.add("");
            lines.addAll(table.lines(screen));
        }
    }

    private void limits(List<String> lines, Screen screen) {
        if (forecast.limits().isEmpty()) {
            return;
        }
        var table = new Table("limit", "broken");
        for (var limit : forecast.limits()) {
            table.row(
                    limit.broken() > 0.1 ? Ink.YELLOW : Ink.PLAIN,
                    limit.what(),
                    Figures.percent(limit.broken()));
        }
        lines.add("");
        lines.addAll(table.lines(screen));
    }

    private void fanOuts(List<String> lines, Screen screen) {
        if (forecast.widths().isEmpty()) {
            return;
        }
        var table = new Table("fan-out", "p10", "p50", "p90", "known from");
        for (var width : forecast.widths()) {
            table.row(
                    Ink.BOLD,
                    width.task(),
                    items(width.items(), 0.1),
                    items(width.items(), 0.5),
                    items(width.items(), 0.9),
                    width.from());
        }
        lines.add("");
        lines.addAll(table.lines(screen));
    }

    private static String items(Spread items, double share) {
        return Figures.count(Math.round(items.quantile(share)));
    }

    private void sources(List<String> lines, Screen screen) {
        if (forecast.sources().isEmpty()) {
            return;
        }
        var table = new Table("agent · task", "known from");
        forecast.sources().forEach((who, from) -> table.row(Ink.PLAIN, who, from));
        lines.add("");
        lines.addAll(table.lines(screen));
    }

    private static String seconds(double seconds) {
        return Figures.took(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /// To three digits that say something, and at least to the cent.
    static String dollars(double usd) {
        var exact = BigDecimal.valueOf(Math.max(0, usd));
        var rounded =
                exact.round(new MathContext(THREE, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return "$"
                + (rounded.scale() < 2 ? rounded.setScale(2, RoundingMode.HALF_EVEN) : rounded)
                        .toPlainString();
    }

    // ---- for programs

    public Value.Struct document() {
        return ForecastDocument.of(workflow, forecast, hindsight);
    }
}
