package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.Printable;
import dev.tutti.view.RunSentence;
import dev.tutti.view.Sentences;
import dev.tutti.view.TaskOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A run on one page of text: what state and why, what it cost, its tasks.
public final class RunReport {
    private static final int MOST_ITEMS = 10;
    private static final int LONGEST_ANSWER = 60;

    private RunReport() {}

    /// The whole page but for the output.
    public static List<String> lines(Overview overview, Screen screen, Instant now) {
        var state = overview.state();
        var lines = new ArrayList<String>();
        var goal = state.started() ? Printable.line(state.asked().name()) : "";
        lines.add(
                new Line()
                        .add("run ")
                        .add(Ink.BOLD, overview.run().value())
                        .add("  " + goal)
                        .show(screen, screen.most()));
        lines.add(
                new Line()
                        .add(Inks.of(overview.status()), RunSentence.of(overview, now))
                        .show(screen));
        var usage = Figures.usage(state.usage());
        lines.add(
                new Line()
                        .add(
                                Ink.DIM,
                                "started "
                                        + Figures.instant(overview.startedAt())
                                        + " by "
                                        + Printable.line(overview.actor(), 40)
                                        + " · "
                                        + Figures.count(state.sequence(), "event")
                                        + (usage.isEmpty() ? "" : " · " + usage)
                                        + state.timeLeft(now)
                                                .map(left ->
                                                        " · "
                                                                + Figures.took(left)
                                                                + " of its time left")
                                                .orElse(""))
                        .show(screen, screen.most()));
        if (state.started() && !state.asked().inputs().fields().isEmpty()) {
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    "inputs "
                                            + Printable.line(
                                                    Json.text(state.asked().inputs()), 300))
                            .show(screen, screen.most()));
        }
        lines.add("");
        lines.addAll(table(overview, now).lines(screen));
        return lines;
    }

    private static Table table(Overview overview, Instant now) {
        var table = new Table("state", "task", "agent", "attempts", "took", "");
        for (var task : overview.tasks()) {
            table.row(
                    Inks.of(task.standing()),
                    task.standing().word(),
                    task.name()
                            + (task.isFanOut()
                                    ? " ×" + task.items().map(Figures::count).orElse("?")
                                    : ""),
                    TaskLines.allAgents(task),
                    task.attempts() == 0 ? "" : Figures.count(task.attempts()),
                    task.took(now).map(Figures::took).orElse(""),
                    about(overview, task));
            items(overview, task, table);
            positions(task, table);
        }
        return table;
    }

    /// The different answers of those who did the same, with who gave them; the rest of the line
    /// says from which sources.
    private static void positions(TaskOverview task, Table table) {
        var answers = task.dissent();
        for (var answer : answers.subList(0, Math.min(answers.size(), MOST_ITEMS))) {
            table.row(
                    Ink.YELLOW,
                    Figures.percent(answer.share()),
                    "  " + Printable.line(plain(answer.answer()), LONGEST_ANSWER),
                    Printable.line(String.join(", ", answer.agents()), LONGEST_ANSWER),
                    "",
                    "",
                    answer.sources().isEmpty()
                            ? ""
                            : "from " + Printable.line(String.join(", ", answer.sources()), 200));
        }
    }

    private static String plain(Value value) {
        return value instanceof Value.Text(var text) ? text : Json.text(value);
    }

    private static String about(Overview overview, TaskOverview task) {
        return switch (task.standing()) {
            case WAITING -> TaskLines.waitsFor(overview, task);
            case BACKING_OFF -> task.failure().map(Sentences::failure).orElse("");
            case SUCCEEDED, SKIPPED, FAILED, CANCELLED ->
                    task.isFanOut() && task.standIn().isEmpty()
                            ? counts(task)
                                    + task.resolved()
                                            .map(how -> " · " + Sentences.sure(how))
                                            .orElse("")
                            : TaskLines.result(task);
            case READY, RUNNING, HELD -> task.isFanOut() ? counts(task) : "";
            case NOT_RUN -> "";
        };
    }

    /// The items of a fan-out by state, those that there are.
    static String counts(TaskOverview task) {
        var parts = new ArrayList<String>();
        count(parts, task, TaskState.Phase.DONE, "succeeded");
        count(parts, task, TaskState.Phase.SKIPPED, "skipped");
        count(parts, task, TaskState.Phase.FAILED, "failed");
        boolean ended = task.standing().isFinal();
        if (ended) {
            int open =
                    task.count(TaskState.Phase.ASSIGNED)
                            + task.count(TaskState.Phase.BACKING_OFF)
                            + task.count(TaskState.Phase.READY);
            add(parts, open, "not finished");
        } else {
            count(parts, task, TaskState.Phase.ASSIGNED, "running");
            count(parts, task, TaskState.Phase.BACKING_OFF, "retrying");
            count(parts, task, TaskState.Phase.READY, "ready");
        }
        return String.join(", ", parts);
    }

    private static void count(
            List<String> parts, TaskOverview task, TaskState.Phase phase, String word) {
        add(parts, task.count(phase), word);
    }

    private static void add(List<String> parts, int number, String word) {
        if (number > 0) {
            parts.add(Figures.count(number) + " " + word);
        }
    }

    /// The items that need a look, worst first.
    private static void items(Overview overview, TaskOverview task, Table table) {
        if (!task.isFanOut() || task.count(TaskState.Phase.FAILED) + task.retrying() == 0) {
            return;
        }
        overview.state().tasks().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(task.name()))
                .filter(entry ->
                        switch (entry.getValue().phase()) {
                            case FAILED -> true;
                            case BACKING_OFF -> !task.standing().isFinal();
                            case HELD, READY, ASSIGNED, WAITING, DONE, SKIPPED -> false;
                        })
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<TaskId, TaskState> entry) ->
                                                entry.getValue().phase(),
                                        Comparator.reverseOrder())
                                .thenComparingInt(entry -> entry.getKey().item()))
                .limit(MOST_ITEMS)
                .forEach(entry ->
                        table.row(
                                entry.getValue().phase() == TaskState.Phase.FAILED
                                        ? Ink.RED
                                        : Ink.YELLOW,
                                entry.getValue().phase().word(),
                                "  " + entry.getKey(),
                                entry.getValue().agent() == null
                                        ? ""
                                        : String.valueOf(entry.getValue().agent()),
                                Figures.count(entry.getValue().attempts()),
                                "",
                                ""));
    }

    // ---- the end

    /// How the run ended, for the standard error stream: the last lines that a person sees.
    ///
    /// @param id the run as commands accept it
    /// @param again the command that begins the same again, or empty
    public static List<String> ending(Overview overview, String id, String again, Screen screen) {
        var state = overview.state();
        var word = state.status().word();
        var line = new Line().add(Inks.of(state.status()), "%11s".formatted(word)).add("  ");
        var usage = Figures.usage(state.usage());
        var took = Figures.took(overview.took(overview.lastAt()));
        if (!state.status().isFinal() || state.ending() == null) {
            return List.of(
                    line.add(
                                    "in "
                                            + took
                                            + "   "
                                            + Figures.count(overview.results(), "result")
                                            + (usage.isEmpty() ? "" : "   " + usage)
                                            + "   run "
                                            + id)
                            .show(screen));
        }
        var lines = new ArrayList<String>();
        lines.add(line.add("after " + took + RunSentence.reason(overview)).show(screen));
        lines.add(
                below(
                        "kept: "
                                + Figures.count(overview.results(), "result")
                                + (usage.isEmpty() ? "" : " (" + usage + ")")
                                + ". See why:  tutti show "
                                + id,
                        screen));
        if (!again.isEmpty()) {
            lines.add(below("begin again:  " + again, screen));
        }
        return lines;
    }

    private static String below(String text, Screen screen) {
        return screen.signs(" ".repeat(13) + text);
    }

    /// What is said when the run was stopped before its end.
    public static String stopped(Overview overview, String id) {
        return "stopped after "
                + Figures.count(overview.finished())
                + " of "
                + Figures.count(overview.total())
                + " · go on with: tutti recover "
                + id;
    }

    static Duration age(Instant at, Instant now) {
        return at.isAfter(now) ? Duration.ZERO : Duration.between(at, now);
    }
}
