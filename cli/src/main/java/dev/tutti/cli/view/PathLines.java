package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The critical path of a run.
public final class PathLines {
    private static final int MOST_ON_A_LINE = 5;
    private static final double LITTLE = 0.01;

    private PathLines() {}

    /// The tasks that took most of the time, in order, on one line; empty when there is nothing to
    /// say.
    public static List<String> line(CriticalPath path, Screen screen) {
        var steps =
                path.steps().stream().filter(step -> share(path, step.time()) >= LITTLE).toList();
        if (steps.size() < 2) {
            return List.of();
        }
        var longest =
                steps.stream()
                        .sorted(java.util.Comparator.comparing(CriticalPath.Step::time).reversed())
                        .limit(MOST_ON_A_LINE)
                        .toList();
        var told =
                steps.stream()
                        .filter(longest::contains)
                        .map(step -> name(step) + " " + Figures.took(step.time()))
                        .collect(Collectors.joining(" → "));
        return List.of(
                new Line()
                        .add(
                                Ink.DIM,
                                "took its time: "
                                        + told
                                        + (steps.size() > MOST_ON_A_LINE
                                                ? " · all of it: --critical-path"
                                                : ""))
                        .show(screen, screen.most()));
    }

    /// Every step of the path, and what each part of its time went to.
    public static List<String> table(CriticalPath path, Screen screen) {
        var table = new Table("task", "took", "share", "of that");
        for (var step : path.steps()) {
            table.row(
                    step.task() == null ? Ink.DIM : Ink.BOLD,
                    name(step),
                    Figures.took(step.time()),
                    Figures.percent(share(path, step.time())),
                    step.segments().stream()
                            .map(segment ->
                                    segment.kind().word() + " " + Figures.took(segment.time()))
                            .collect(Collectors.joining(", ")));
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(
                new Line()
                        .add("critical path, " + Figures.took(path.makespan()) + " in all")
                        .show(screen));
        lines.addAll(table.lines(screen));
        return lines;
    }

    /// For programs.
    public static Value document(CriticalPath path) {
        var steps = new ArrayList<Value>();
        for (var step : path.steps()) {
            var segments = new ArrayList<Value>();
            for (var segment : step.segments()) {
                segments.add(
                        Value.struct(
                                "kind",
                                Value.text(segment.kind().name().toLowerCase(Locale.ROOT)),
                                "ms",
                                millis(segment.time()),
                                "until_event",
                                Value.of(segment.until())));
            }
            steps.add(
                    Value.struct(
                            "task",
                            RunDocument.task(step.task()),
                            "ms",
                            millis(step.time()),
                            "segments",
                            new Value.Array(segments)));
        }
        return Value.struct("ms", millis(path.makespan()), "steps", new Value.Array(steps));
    }

    private static Value millis(Duration time) {
        return new Value.Real(
                BigDecimal.valueOf(time.toNanos())
                        .divide(BigDecimal.valueOf(1_000_000), 3, RoundingMode.HALF_UP)
                        .doubleValue());
    }

    private static String name(CriticalPath.Step step) {
        return step.task() == null ? "the run" : step.task().toString();
    }

    private static double share(CriticalPath path, Duration time) {
        return path.makespan().isZero() ? 0 : (double) time.toNanos() / path.makespan().toNanos();
    }
}
