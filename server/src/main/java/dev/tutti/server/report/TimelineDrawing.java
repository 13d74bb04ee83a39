package dev.tutti.server.report;

import dev.tutti.view.Figures;
import dev.tutti.view.TaskOverview;
import dev.tutti.view.Width;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// When each task of the plan was worked at: a row each. A task that runs once shows its attempts;
/// a fan-out shows how many of its items ran at a time.
final class TimelineDrawing {
    private static final int MOST_ROWS = 200;
    private static final double NAMES = 170;
    private static final double AXIS = 760;
    private static final double TAIL = 80;
    private static final double ROW = 24;
    private static final double BAR = 14;
    private static final double TOP = 26;
    private static final double THINNEST = 2;
    private static final int BINS = 190;

    private final History history;
    private final Instant from;
    private final Instant until;

    private TimelineDrawing(History history) {
        this.history = history;
        from = history.overview().startedAt();
        var last = history.overview().lastAt();
        until = last.isAfter(from) ? last : from.plusMillis(1);
    }

    static void write(History history, Html html) {
        new TimelineDrawing(history).write(html);
    }

    private void write(Html html) {
        var rows =
                history.overview().tasks().stream()
                        .filter(task -> task.begunAt().isPresent())
                        .limit(MOST_ROWS)
                        .toList();
        double height = TOP + rows.size() * ROW + 6;
        double width = NAMES + AXIS + TAIL;
        html.markup(
                "<div class=scroll><svg class=timeline role=img aria-label=\"When each task ran\" viewBox=\"0 0 "
                        + Html.number(width)
                        + " "
                        + Html.number(height)
                        + "\" width=\""
                        + Html.number(width)
                        + "\" height=\""
                        + Html.number(height)
                        + "\">\n");
        axis(html, height);
        for (int i = 0; i < rows.size(); i++) {
            row(rows.get(i), TOP + i * ROW, html);
        }
        html.markup("</svg></div>\n");
        long others =
                history.overview().tasks().stream()
                                .filter(task -> task.begunAt().isPresent())
                                .count()
                        - rows.size();
        if (others > 0) {
            html.markup("<p class=quiet>{} more are not drawn.</p>", Figures.count(others));
        }
    }

    private void axis(Html html, double height) {
        for (int i = 0; i <= 4; i++) {
            double x = NAMES + AXIS * i / 4;
            var time = Duration.between(from, until).multipliedBy(i).dividedBy(4);
            html.markup(
                    "<line class=grid x1=\""
                            + Html.number(x)
                            + "\" x2=\""
                            + Html.number(x)
                            + "\" y1=\"18\" y2=\""
                            + Html.number(height)
                            + "\"/><text class=tick x=\""
                            + Html.number(x)
                            + "\" y=\"12\" text-anchor=\""
                            + (i == 0 ? "start" : i == 4 ? "end" : "middle")
                            + "\">{}</text>\n",
                    i == 0 ? "0" : Figures.took(time));
        }
    }

    private void row(TaskOverview task, double y, Html html) {
        html.markup(
                "<g class={}><text class=name x=\"0\" y=\"" + Html.number(y + 13) + "\">{}</text>",
                State.of(task.standing()).css(),
                Width.cut(task.name(), 22));
        var attempts = history.attempts(task.name());
        double begun = x(task.begunAt().orElse(from));
        double ended = x(task.endedAt().orElse(until));
        bar(html, "idle", begun, ended, y, "");
        if (task.isFanOut()) {
            profile(attempts, y, html);
        } else {
            attempts.forEach(attempt -> attempt(attempt, y, html));
        }
        html.markup(
                "<text class=tick x=\""
                        + Html.number(NAMES + AXIS + 8)
                        + "\" y=\""
                        + Html.number(y + 13)
                        + "\">{}</text></g>\n",
                task.took(until).map(Figures::took).orElse(""));
    }

    private void attempt(History.Attempt attempt, double y, Html html) {
        var end = attempt.endedAt() == null ? until : attempt.endedAt();
        var failure = attempt.failure();
        var title =
                "attempt "
                        + attempt.number()
                        + ", "
                        + attempt.agent()
                        + ", "
                        + Figures.took(Duration.between(attempt.begunAt(), end))
                        + (failure == null ? "" : ", " + failure.code());
        bar(html, failure == null ? "work" : "work lost", x(attempt.begunAt()), x(end), y, title);
    }

    private static void bar(Html html, String css, double from, double to, double y, String title) {
        html.markup(
                "<rect class=\""
                        + css
                        + "\" x=\""
                        + Html.number(from)
                        + "\" y=\""
                        + Html.number(y + 2)
                        + "\" width=\""
                        + Html.number(Math.max(THINNEST, to - from))
                        + "\" height=\""
                        + Html.number(BAR)
                        + "\" rx=\"2\">");
        html.markup(
                title.isEmpty() ? "" : "<title>{}</title>",
                title.isEmpty() ? new Object[0] : new Object[] {title});
        html.markup("</rect>");
    }

    /// How many attempts ran at a time, as an area.
    private void profile(List<History.Attempt> attempts, double y, Html html) {
        var running = new int[BINS];
        for (var attempt : attempts) {
            int first = bin(attempt.begunAt());
            int last = bin(attempt.endedAt() == null ? until : attempt.endedAt());
            for (int i = first; i <= last; i++) {
                running[i]++;
            }
        }
        int most = 1;
        for (int count : running) {
            most = Math.max(most, count);
        }
        var path = new StringBuilder("M" + Html.number(NAMES) + " " + Html.number(y + 2 + BAR));
        for (int i = 0; i < BINS; i++) {
            double top = y + 2 + BAR - BAR * running[i] / most;
            path.append("L")
                    .append(Html.number(NAMES + AXIS * i / BINS))
                    .append(' ')
                    .append(Html.number(top));
            path.append("L")
                    .append(Html.number(NAMES + AXIS * (i + 1) / BINS))
                    .append(' ')
                    .append(Html.number(top));
        }
        path.append("L")
                .append(Html.number(NAMES + AXIS))
                .append(' ')
                .append(Html.number(y + 2 + BAR))
                .append('Z');
        html.markup(
                "<path class=work d=\"" + path + "\"><title>{} at most at a time</title></path>",
                Figures.count(most));
    }

    private int bin(Instant at) {
        return Math.clamp((long) ((x(at) - NAMES) / AXIS * BINS), 0, BINS - 1);
    }

    private double x(Instant at) {
        double whole = Duration.between(from, until).toNanos();
        return NAMES + AXIS * Math.clamp(Duration.between(from, at).toNanos() / whole, 0.0, 1.0);
    }
}
