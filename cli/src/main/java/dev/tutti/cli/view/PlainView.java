package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.TaskId;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.Sentences;
import dev.tutti.view.Standing;
import dev.tutti.view.TaskOverview;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The run as lines that stay, for files, pipes and plain terminals.
///
/// However large the run, there are no more than about 180 lines: when the lines for single tasks
/// are used up, only the run as a whole is told of, each 10 %.
public final class PlainView implements View {
    private static final int MOST_LINES = 140;
    private static final int MOST_FAILURES = 20;
    private static final int STEP = 10;
    private static final int COUNTED_IN = 100;
    private static final Duration FIRST_BEAT = Duration.ofSeconds(10);
    private static final Duration LONGEST_BEAT = Duration.ofMinutes(10);

    private final PrintStream out;
    private final Screen screen;
    private final Map<TaskOverview, Told> told = new HashMap<>();
    private int lines;
    private int failures;
    private int lastTenth;

    /// All tasks are counted only as often as a hundredth of them may have changed.
    private int untilCounted;

    /// What was last said of a task.
    ///
    /// @param tenth of its items that were finished, for a fan-out
    /// @param beat how long until it is told of again although little has changed
    private record Told(Standing standing, int tenth, int finished, Instant at, Duration beat) {}

    public PlainView(PrintStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    @Override
    public void show(Overview overview, Map<TaskId, String> progress, Instant now) {
        for (var task : overview.takeChanged()) {
            look(task, now);
        }
        whole(overview, now);
    }

    @Override
    public void say(String sentence) {
        out.println(screen.signs(sentence));
        out.flush();
    }

    @Override
    public void end(Overview overview, Instant now) {
        show(overview, Map.of(), now);
    }

    private void look(TaskOverview task, Instant now) {
        var before = told.get(task);
        var standing = task.standing();
        if (isSilent(task)) {
            return;
        }
        if (before == null || before.standing() != standing) {
            tell(task, standing, before, now);
        } else if (task.isFanOut() && !standing.isFinal() && isNews(task, before, now)) {
            tell(task, standing, before, now);
        }
    }

    /// What has not begun is not told of, nor single items that are tried again: they are counted.
    private static boolean isSilent(TaskOverview task) {
        return switch (task.standing()) {
            case WAITING, READY, NOT_RUN -> true;
            case BACKING_OFF, HELD -> task.isFanOut();
            case RUNNING, SUCCEEDED, SKIPPED, FAILED, CANCELLED -> false;
        };
    }

    private static boolean isNews(TaskOverview task, Told before, Instant now) {
        return tenth(task.finished(), task.items().orElse(0)) > before.tenth()
                || (task.finished() > before.finished()
                        && Duration.between(before.at(), now).compareTo(before.beat()) >= 0);
    }

    private static int tenth(int finished, int of) {
        return of == 0 ? 0 : STEP * finished / of;
    }

    private void tell(TaskOverview task, Standing standing, @Nullable Told before, Instant now) {
        int tenth = tenth(task.finished(), task.items().orElse(0));
        var beat = FIRST_BEAT;
        if (before != null && before.standing() == standing && before.tenth() == tenth) {
            beat = before.beat().multipliedBy(2);
            beat = beat.compareTo(LONGEST_BEAT) > 0 ? LONGEST_BEAT : beat;
        }
        told.put(task, new Told(standing, tenth, task.finished(), now, beat));
        if (standing == Standing.FAILED ? failures++ >= MOST_FAILURES : lines++ >= MOST_LINES) {
            return;
        }
        print(at(task, standing, now), standing.word(), task.name() + detail(task, standing));
    }

    private static Instant at(TaskOverview task, Standing standing, Instant now) {
        return standing.isFinal()
                ? task.endedAt().orElse(now)
                : task.finished() > 0 ? now : task.begunAt().orElse(now);
    }

    private static String detail(TaskOverview task, Standing standing) {
        var detail = new StringBuilder();
        if (standing == Standing.RUNNING) {
            if (task.isFanOut()) {
                detail.append(' ')
                        .append(Figures.count(task.finished()))
                        .append('/')
                        .append(Figures.count(task.items().orElse(0)));
            }
            if (task.retrying() > 0) {
                detail.append(" (").append(Figures.count(task.retrying())).append(" retrying)");
            }
        } else if (standing == Standing.BACKING_OFF) {
            task.failure()
                    .ifPresent(failure -> detail.append("  ").append(Sentences.failure(failure)));
        } else {
            task.took(task.endedAt().orElse(Instant.EPOCH))
                    .ifPresent(took -> detail.append(' ').append(Figures.took(took)));
            var result = TaskLines.result(task);
            detail.append(result.isEmpty() ? "" : "  ").append(result);
        }
        var usage = Figures.usage(task.usage());
        return detail + (usage.isEmpty() ? "" : "  " + usage);
    }

    /// What is told once there is no line left for single tasks.
    private void whole(Overview overview, Instant now) {
        if (untilCounted-- > 0) {
            return;
        }
        int total = overview.total();
        untilCounted = total / COUNTED_IN;
        int tenth = tenth(overview.finished(), total);
        if (lines > MOST_LINES && tenth > lastTenth && !overview.ended()) {
            print(
                    now,
                    overview.status().word(),
                    Figures.count(overview.finished()) + " of " + Figures.count(total) + " tasks");
        }
        lastTenth = tenth;
    }

    private void print(Instant at, String word, String text) {
        out.println(
                new Line()
                        .add(Figures.instant(at))
                        .add(" %-9s ".formatted(word))
                        .add(text)
                        .show(screen));
        out.flush();
    }
}
