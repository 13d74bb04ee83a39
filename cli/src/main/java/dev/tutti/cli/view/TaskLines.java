package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.Printable;
import dev.tutti.view.Sentences;
import dev.tutti.view.Standing;
import dev.tutti.view.TaskOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// One task of the plan as one line of a terminal.
final class TaskLines {
    private static final int LEAST_NAME = 8;
    private static final int MOST_NAME = 24;
    private static final int AGENT = 16;
    private static final int BAR = 12;

    private final int nameWidth;

    private TaskLines(int nameWidth) {
        this.nameWidth = nameWidth;
    }

    /// Lines whose columns fit the names of the plan.
    static TaskLines of(Overview overview) {
        int longest =
                overview.tasks().stream().mapToInt(task -> task.name().length()).max().orElse(0);
        return new TaskLines(Math.clamp(longest, LEAST_NAME, MOST_NAME));
    }

    private Line begin(Standing standing, String name) {
        return new Line()
                .add(Inks.of(standing), "%11s".formatted(standing.word()))
                .add("  ")
                .column(Ink.PLAIN, name, nameWidth);
    }

    /// A task that is finished: it scrolls away as the history of the run.
    Line finished(TaskOverview task) {
        var line = begin(task.standing(), task.name()).column(Ink.PLAIN, agents(task), AGENT);
        task.took(task.endedAt().orElse(Instant.EPOCH))
                .ifPresent(took -> line.add("%9s".formatted(Figures.took(took))).add("   "));
        return line.add(result(task));
    }

    /// What came of a finished task, in a few words.
    static String result(TaskOverview task) {
        var standIn = task.standIn();
        if (standIn.isPresent() && task.standing() == Standing.SUCCEEDED) {
            return standsIn(standIn.get());
        }
        var detail =
                switch (task.standing()) {
                    case SUCCEEDED ->
                            task.isFanOut()
                                    ? Figures.count(task.count(TaskState.Phase.DONE))
                                            + " of "
                                            + Figures.count(task.items().orElse(0))
                                            + skippedItems(task)
                                    : task.output().flatMap(Sentences::summary).orElse("");
                    case SKIPPED -> Printable.line(task.skipped(), 200);
                    case FAILED ->
                            task.failure().map(Sentences::failure).orElse("")
                                    + (task.isFanOut()
                                            ? ", "
                                                    + Figures.count(
                                                            task.count(TaskState.Phase.DONE))
                                                    + " of "
                                                    + Figures.count(task.items().orElse(0))
                                                    + " done"
                                            : "");
                    case CANCELLED, NOT_RUN, WAITING, READY, RUNNING, BACKING_OFF, HELD -> "";
                };
        int extra =
                task.attempts() - (task.isFanOut() ? task.items().orElse(0) - notBegun(task) : 1);
        return detail
                + (extra > 0
                        ? (detail.isEmpty() ? "" : ", ") + Figures.count(task.attempts(), "attempt")
                        : "");
    }

    private static String standsIn(TaskOverview.StandIn one) {
        return one.from() == null ? "stands in, as given" : "stands in, from run " + one.from();
    }

    private static int notBegun(TaskOverview task) {
        return Math.max(0, task.items().orElse(0) - task.attempts());
    }

    private static String skippedItems(TaskOverview task) {
        int skipped = task.count(TaskState.Phase.SKIPPED);
        return skipped == 0 ? "" : ", " + Figures.count(skipped) + " skipped";
    }

    /// A task that is under way.
    Line active(Overview overview, TaskOverview task, Map<TaskId, String> progress, Instant now) {
        var line = begin(task.standing(), task.name()).column(Ink.PLAIN, agents(task), AGENT);
        if (task.isFanOut() && task.items().isPresent()) {
            int items = task.items().get();
            line.add(bar(task.finished(), items))
                    .add("  " + Figures.count(task.finished()) + "/" + Figures.count(items));
        }
        task.took(now).ifPresent(took -> line.add("   ").add(Ink.DIM, Figures.clock(took)));
        var retrying = retrying(overview, task, now);
        if (!retrying.isEmpty()) {
            line.add("   ").add(Ink.YELLOW, retrying);
        }
        var says = says(task, progress);
        if (!says.isEmpty()) {
            line.add("   " + says);
        }
        return line;
    }

    /// A task whose turn has not come.
    Line waiting(Overview overview, TaskOverview task) {
        return begin(task.standing(), task.name()).add(Ink.DIM, waitsFor(overview, task));
    }

    static String waitsFor(Overview overview, TaskOverview task) {
        var names =
                task.task().dependencies().stream()
                        .filter(name -> !overview.task(name).standing().isFinal())
                        .toList();
        if (names.isEmpty()) {
            return "";
        }
        var shown = names.stream().limit(3).collect(Collectors.joining(", "));
        return "for " + shown + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "");
    }

    static String bar(int done, int of) {
        int full = of == 0 ? BAR : (int) ((long) BAR * done / of);
        return "▓".repeat(full) + "░".repeat(BAR - full);
    }

    static String agents(TaskOverview task) {
        var agents = task.agents();
        int running = task.count(TaskState.Phase.ASSIGNED);
        var names =
                switch (agents.size()) {
                    case 0 -> "";
                    case 1 -> agents.getFirst().value();
                    default -> agents.getFirst() + " +" + (agents.size() - 1);
                };
        return task.isFanOut() && running > 1 && !task.standing().isFinal()
                ? names + " ×" + running
                : names;
    }

    /// How many wait for another attempt, why the latest of them does, and when it comes.
    private static String retrying(Overview overview, TaskOverview task, Instant now) {
        if (task.retrying() == 0) {
            return "";
        }
        var next =
                overview.state().timers().entrySet().stream()
                        .filter(timer ->
                                timer.getKey() instanceof Timer.RetryDue(var id)
                                        && id.name().equals(task.name()))
                        .map(Map.Entry::getValue)
                        .min(Instant::compareTo);
        var why = task.failure().map(failure -> Printable.line(failure.code(), 20)).orElse("");
        var when =
                next.map(due ->
                        due.isAfter(now) ? ", in " + Figures.took(Duration.between(now, due)) : "");
        return Figures.count(task.retrying()) + " retrying (" + why + when.orElse("") + ")";
    }

    private static String says(TaskOverview task, Map<TaskId, String> progress) {
        return progress.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(task.name()))
                .map(Map.Entry::getValue)
                .filter(message -> !message.isBlank())
                .findFirst()
                .map(message -> Printable.line(message, 60))
                .orElse("");
    }

    /// The agents of a task, for lists.
    static String allAgents(TaskOverview task) {
        return task.agents().stream().map(AgentId::value).collect(Collectors.joining(", "));
    }
}
