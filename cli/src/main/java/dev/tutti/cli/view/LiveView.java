package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.Printable;
import dev.tutti.view.Standing;
import dev.tutti.view.TaskOverview;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The run on a terminal: finished tasks scroll away as its history, and a small block below them
/// is redrawn, ten times a second at most and never taller than the terminal.
public final class LiveView implements View {
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int SPARE_ROWS = 2;
    private static final int MOST_AT_ONCE = 20;
    private static final int WIDEST = 160;

    private final PrintStream out;
    private final Screen screen;
    private final Set<TaskOverview> told = new LinkedHashSet<>();
    private List<String> block = List.of();
    private @Nullable Instant drawn;
    private boolean announced;
    private String notice = "Ctrl-C stops, nothing is lost";

    public LiveView(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    @Override
    public void show(Overview overview, Map<TaskId, String> progress, Instant now) {
        if (drawn != null && Duration.between(drawn, now).compareTo(BETWEEN) < 0) {
            return;
        }
        drawn = now;
        redraw(history(overview), block(overview, progress, now));
    }

    @Override
    public void say(String sentence) {
        notice = sentence;
        redraw(List.of(new Line().add("   ").add(Printable.line(sentence))), List.of());
        drawn = null;
    }

    @Override
    public void end(Overview overview, Instant now) {
        redraw(history(overview), List.of());
    }

    /// Replaces the block, with `lines` above it that stay.
    private void redraw(List<Line> lines, List<Line> next) {
        int columns = Math.min(screen.columns() - 1, WIDEST);
        var nextBlock = next.stream().map(line -> line.show(screen, columns)).toList();
        if (lines.isEmpty() && nextBlock.equals(block)) {
            return;
        }
        var written = new StringBuilder();
        if (!block.isEmpty()) {
            written.append("\u001b[").append(block.size()).append("A\r\u001b[J");
        }
        lines.forEach(line -> written.append(line.show(screen, columns)).append('\n'));
        nextBlock.forEach(line -> written.append(line).append('\n'));
        block = nextBlock;
        out.print(written);
        out.flush();
    }

    // ---- what stays

    private List<Line> history(Overview overview) {
        var lines = new ArrayList<Line>();
        if (!announced && overview.state().graph().version() > 0) {
            announced = true;
            lines.add(new Line().add(Ink.DIM, "    planned  " + planned(overview)));
        }
        var layout = TaskLines.of(overview);
        var fresh =
                overview.takeChanged().stream()
                        .filter(task ->
                                task.standing().isFinal()
                                        && task.standing() != Standing.NOT_RUN
                                        && told.add(task))
                        .toList();
        fresh.stream().limit(MOST_AT_ONCE).map(layout::finished).forEach(lines::add);
        if (fresh.size() > MOST_AT_ONCE) {
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    " ".repeat(13)
                                            + "and "
                                            + Figures.count(fresh.size() - MOST_AT_ONCE)
                                            + " more finished"));
        }
        return lines;
    }

    static String planned(Overview overview) {
        long fanOuts = overview.tasks().stream().filter(TaskOverview::isFanOut).count();
        return Figures.count(overview.tasks().size(), "task")
                + (fanOuts == 0 ? "" : ", " + Figures.count(fanOuts, "fan-out"));
    }

    // ---- what is redrawn

    private List<Line> block(Overview overview, Map<TaskId, String> progress, Instant now) {
        if (overview.ended() || !overview.state().started()) {
            return List.of();
        }
        int room = Math.max(1, screen.size().get().rows() - SPARE_ROWS - 2);
        var lines = new ArrayList<Line>();
        lines.add(
                new Line()
                        .add(
                                Ink.DIM,
                                "─".repeat(Math.max(1, Math.min(screen.columns() - 1, WIDEST)))));
        lines.addAll(tasks(overview, progress, now, room));
        lines.add(foot(overview, now));
        return lines;
    }

    private static List<Line> tasks(
            Overview overview, Map<TaskId, String> progress, Instant now, int room) {
        var layout = TaskLines.of(overview);
        var open = overview.tasks().stream().filter(task -> !task.standing().isFinal()).toList();
        var lines = new ArrayList<Line>();
        open.stream()
                .filter(task -> task.standing() != Standing.WAITING)
                .limit(room)
                .forEach(task -> lines.add(layout.active(overview, task, progress, now)));
        open.stream()
                .filter(task -> task.standing() == Standing.WAITING)
                .limit(Math.max(0, room - lines.size()))
                .forEach(task -> lines.add(layout.waiting(overview, task)));
        if (open.size() > lines.size() && !lines.isEmpty()) {
            lines.removeLast();
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    " ".repeat(13)
                                            + "and "
                                            + Figures.count(open.size() - lines.size())
                                            + " more"));
        }
        return lines;
    }

    private Line foot(Overview overview, Instant now) {
        int total = overview.total();
        var line =
                new Line()
                        .add(
                                "  "
                                        + (total == 0 ? 0 : 100L * overview.finished() / total)
                                        + " %   ");
        var usage = Figures.usage(overview.state().usage());
        if (!usage.isEmpty()) {
            line.add(usage + "   ");
        }
        line.add(Figures.clock(overview.took(now)) + " elapsed");
        if (overview.state().status() == Status.CLOSING) {
            line.add("   ").add(Ink.YELLOW, "closing: waits for attempts that still run");
        }
        return line.add("      ").add(Ink.DIM, notice);
    }
}
