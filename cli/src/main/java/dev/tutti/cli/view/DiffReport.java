package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Comparison;
import dev.tutti.core.history.Comparison.Aspect;
import dev.tutti.core.history.Comparison.Cause;
import dev.tutti.core.history.Comparison.Change;
import dev.tutti.core.history.Comparison.Difference;
import dev.tutti.core.history.Deviation;
import dev.tutti.document.ComparisonDocument;
import dev.tutti.view.Figures;
import dev.tutti.view.Places;
import dev.tutti.view.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where two runs part, on one page of text or as a document.
///
/// @param left the one run, as commands accept it
/// @param right the other, as commands accept it
public record DiffReport(
        String left, String right, Chronicle one, Chronicle other, Comparison comparison) {
    private static final int MOST_CHANGES = 40;
    private static final int MOST_PLACES = 6;
    private static final int WORD = 13;

    /// The page.
    public List<String> lines(Screen screen) {
        var lines = new ArrayList<Line>();
        lines.add(header(left, one));
        lines.add(header(right, other));
        lines.add(new Line().add(""));
        comparison
                .first()
                .ifPresentOrElse(
                        first -> {
                            lines.add(
                                    new Line()
                                            .add("they part first at ")
                                            .add(Ink.BOLD, name(first))
                                            .add(": " + said(first) + events(first)));
                            places(first, lines);
                        },
                        () -> lines.add(new Line().add(Ink.GREEN, "no task differs")));
        group(Cause.DOWNSTREAM, "changed by that", lines);
        group(Cause.INDEPENDENT, "not by that", lines);
        lines.add(
                new Line()
                        .column(Ink.DIM, "same", WORD)
                        .add(Figures.count(comparison.same(), "task"))
                        .add(
                                comparison.retried().isEmpty()
                                        ? ""
                                        : ", with other attempts before: "
                                                + some(comparison.retried())));
        return lines.stream().map(line -> line.show(screen, screen.most())).toList();
    }

    private static Line header(String id, Chronicle run) {
        var usage = Figures.usage(run.usage());
        return new Line()
                .add("run ")
                .column(Ink.BOLD, id, 12)
                .add(Printable.line(run.start().goal(), 30) + "  ")
                .add(Inks.of(run.status()), run.status().word())
                .add(
                        " in "
                                + Figures.took(run.took())
                                + ", "
                                + Figures.count(run.events(), "event")
                                + (usage.isEmpty() ? "" : ", " + usage));
    }

    private void group(Cause cause, String words, List<Line> lines) {
        var changes = comparison.all(cause);
        if (changes.isEmpty()) {
            return;
        }
        lines.add(
                new Line()
                        .column(Ink.DIM, words, WORD + 2)
                        .add(Figures.count(changes.size(), "task")));
        var told = told(changes);
        lines.addAll(told.subList(0, Math.min(MOST_CHANGES, told.size())));
        if (told.size() > MOST_CHANGES) {
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    "  and "
                                            + Figures.count(told.size() - MOST_CHANGES)
                                            + " more; `--json` has all of them"));
        }
    }

    /// A line for each change, or for items side by side of which the same is to be said.
    private List<Line> told(List<Change> changes) {
        var told = new ArrayList<Line>();
        for (int i = 0; i < changes.size(); i++) {
            var first = changes.get(i);
            int last = i;
            while (last + 1 < changes.size() && isLike(first, changes.get(last + 1))) {
                last++;
            }
            boolean alone = last == i;
            told.add(
                    new Line()
                            .add("  ")
                            .add(
                                    Ink.BOLD,
                                    alone
                                            ? name(first)
                                            : name(first) + " … " + name(changes.get(last)))
                            .add(
                                    ": "
                                            + (alone
                                                    ? said(first) + events(first)
                                                    : Figures.count(last - i + 1L, "item")
                                                            + ", "
                                                            + said(first))));
            i = last;
        }
        return told;
    }

    private boolean isLike(Change one, Change other) {
        return one.left() != null
                && other.left() != null
                && one.left().item() != TaskId.WHOLE
                && one.left().name().equals(other.left().name())
                && said(one).equals(said(other));
    }

    private static String some(List<TaskId> tasks) {
        return tasks.stream()
                        .limit(MOST_PLACES)
                        .map(TaskId::toString)
                        .collect(Collectors.joining(", "))
                + (tasks.size() > MOST_PLACES ? ", …" : "");
    }

    private static String name(Change change) {
        if (change.left() == null && change.right() == null) {
            return "the goal";
        }
        if (change.left() == null) {
            return String.valueOf(change.right());
        }
        return change.right() == null || change.left().equals(change.right())
                ? change.left().toString()
                : change.left() + " and " + change.right();
    }

    private String said(Change change) {
        if (change.left() == null && change.right() != null) {
            return "only " + right + " has it";
        }
        if (change.right() == null && change.left() != null) {
            return "only " + left + " has it";
        }
        return change.differences().stream()
                .map(DiffReport::said)
                .collect(Collectors.joining(", "));
    }

    private static String said(Difference difference) {
        return switch (difference.aspect()) {
            case ASKED -> "other inputs";
            case PLAN -> "planned otherwise";
            case WIDTH ->
                    Places.value(difference.left())
                            + " → "
                            + Places.value(difference.right())
                            + " items";
            case INPUT -> "another input";
            case AGENT -> word(difference.left()) + " → " + word(difference.right());
            case OUTCOME -> word(difference.left()) + " → " + word(difference.right());
            case OUTPUT -> "another output";
        };
    }

    private static String word(@Nullable Value value) {
        return value instanceof Value.Text(var text) ? Printable.line(text, 40) : "nobody";
    }

    /// The events that say so.
    private static String events(Change change) {
        var first = change.differences().getFirst();
        return "  (event " + event(first.leftAt()) + " and " + event(first.rightAt()) + ")";
    }

    private static String event(long sequence) {
        return sequence == 0 ? "none" : Figures.count(sequence);
    }

    /// What exactly differs at the first divergence.
    private static void places(Change change, List<Line> lines) {
        for (var difference : change.differences()) {
            if (difference.aspect() == Aspect.OUTCOME || difference.aspect() == Aspect.AGENT) {
                continue;
            }
            var root = difference.aspect() == Aspect.ASKED ? "input" : difference.aspect().word();
            var deviations =
                    Deviation.between(
                            or(difference.left()), or(difference.right()), MOST_PLACES + 1);
            for (var deviation : deviations.subList(0, Math.min(MOST_PLACES, deviations.size()))) {
                lines.add(
                        new Line()
                                .add("  " + Places.text(root, deviation.path()) + "  ")
                                .add(Ink.RED, Places.value(deviation.left()))
                                .add(" → ")
                                .add(Ink.GREEN, Places.value(deviation.right())));
            }
            if (deviations.size() > MOST_PLACES) {
                lines.add(new Line().add(Ink.DIM, "  and more; `--json` has all of it"));
            }
        }
    }

    private static Value or(@Nullable Value value) {
        return value == null ? Value.NULL : value;
    }

    // ---- for programs

    /// The document.
    public Value document() {
        return ComparisonDocument.of(one, other, comparison);
    }
}
