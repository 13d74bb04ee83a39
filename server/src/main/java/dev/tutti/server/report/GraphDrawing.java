package dev.tutti.server.report;

import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.TaskOverview;
import dev.tutti.view.Width;
import java.util.LinkedHashMap;
import java.util.List;

/// The plan as a drawing, from left to right; a fan-out is one node with counts.
final class GraphDrawing {
    static final int MOST = 400;
    private static final double NODE_WIDTH = 160;
    private static final double NODE_HEIGHT = 46;
    private static final double LANE = 12;
    private static final double BETWEEN_LAYERS = 48;
    private static final double BETWEEN_NODES = 18;
    private static final double MARGIN = 10;
    private static final int LONGEST_NAME = 20;

    /// How far the drawing may be shrunk to fit the page before it is scrolled.
    private static final double LEAST_SCALE = 0.8;

    private final Overview overview;
    private final GraphLayout layout;

    private GraphDrawing(Overview overview) {
        this.overview = overview;
        var dependencies = new LinkedHashMap<String, List<String>>();
        overview.tasks().forEach(task -> dependencies.put(task.name(), task.task().dependencies()));
        layout =
                new GraphLayout(
                        dependencies, new GraphLayout.Sizes(NODE_HEIGHT, LANE, BETWEEN_NODES));
    }

    /// Writes the drawing.
    static void write(Overview overview, Html html) {
        if (overview.tasks().size() > MOST) {
            html.markup(
                    "<p class=quiet>The plan has {}; more than {} are not drawn.</p>",
                    Figures.count(overview.tasks().size(), "task"),
                    Figures.count(MOST));
            return;
        }
        new GraphDrawing(overview).write(html);
    }

    private void write(Html html) {
        double width =
                2 * MARGIN
                        + layout.depth() * NODE_WIDTH
                        + Math.max(0, layout.depth() - 1) * BETWEEN_LAYERS;
        double height = 2 * MARGIN + layout.height();
        html.markup(
                        "<div class=scroll><svg class=graph role=img aria-label=\"The plan\" viewBox=\"0 0 ")
                .markup(Html.number(width) + " " + Html.number(height))
                .markup(
                        "\" style=\"width:100%;max-width:"
                                + Html.number(width)
                                + "px;min-width:"
                                + Html.number(width * LEAST_SCALE)
                                + "px\">\n");
        overview.tasks().forEach(task -> edges(task, html));
        overview.tasks().forEach(task -> node(task, html));
        html.markup("</svg></div>\n");
    }

    private static double left(int layer) {
        return MARGIN + layer * (NODE_WIDTH + BETWEEN_LAYERS);
    }

    private double middle(String name) {
        return MARGIN + layout.middle(name);
    }

    private void edges(TaskOverview task, Html html) {
        for (var dependency : task.task().dependencies()) {
            int layer = layout.layer(dependency);
            double y = middle(dependency);
            var path = new StringBuilder("M" + point(left(layer) + NODE_WIDTH, y));
            for (var lane : layout.lanes(dependency, task.name())) {
                layer++;
                curve(path, left(layer), y, MARGIN + lane);
                y = MARGIN + lane;
                path.append('L').append(point(left(layer) + NODE_WIDTH, y));
            }
            curve(path, left(layer + 1), y, middle(task.name()));
            html.markup("<path class=edge d=\"" + path + "\"/>\n");
        }
    }

    /// From the end of one layer to the beginning of the next.
    private static void curve(StringBuilder path, double x, double from, double to) {
        double half = BETWEEN_LAYERS / 2;
        path.append('C')
                .append(point(x - half, from))
                .append(' ')
                .append(point(x - half, to))
                .append(' ')
                .append(point(x, to));
    }

    private static String point(double x, double y) {
        return Html.number(x) + " " + Html.number(y);
    }

    private void node(TaskOverview task, Html html) {
        double x = left(layout.layer(task.name()));
        double y = middle(task.name()) - NODE_HEIGHT / 2;
        var state = State.of(task.standing());
        html.markup("<g class=\"node {}\">", state.css());
        if (task.isFanOut()) {
            rectangle(html, x + 4, y - 4);
        }
        rectangle(html, x, y);
        html.markup("<title>{} {}</title>", task.name(), task.standing().word());
        text(html, "name", x, y + 19, Width.cut(task.name(), LONGEST_NAME));
        text(html, "state", x, y + 36, state.icon() + " " + task.standing().word() + detail(task));
        html.markup("</g>\n");
    }

    private static void text(Html html, String css, double x, double y, String text) {
        html.markup(
                "<text class="
                        + css
                        + " x=\""
                        + Html.number(x + 12)
                        + "\" y=\""
                        + Html.number(y)
                        + "\">{}</text>",
                text);
    }

    private static String detail(TaskOverview task) {
        if (!task.isFanOut()) {
            return task.attempts() > 1 ? " · " + Figures.count(task.attempts(), "attempt") : "";
        }
        return " · "
                + task.items()
                        .map(items -> Figures.count(task.finished()) + "/" + Figures.count(items))
                        .orElse("per item");
    }

    private static void rectangle(Html html, double x, double y) {
        html.markup(
                "<rect x=\""
                        + Html.number(x)
                        + "\" y=\""
                        + Html.number(y)
                        + "\" width=\""
                        + Html.number(NODE_WIDTH)
                        + "\" height=\""
                        + Html.number(NODE_HEIGHT)
                        + "\" rx=\"7\"/>");
    }
}
