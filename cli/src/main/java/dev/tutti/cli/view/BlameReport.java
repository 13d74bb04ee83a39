package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Blame.Reason;
import dev.tutti.core.history.Blame.Suspect;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Source;
import dev.tutti.document.BlameDocument;
import dev.tutti.history.Witnesses;
import dev.tutti.view.Figures;
import dev.tutti.view.Places;
import dev.tutti.view.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Who a wrong value may have come from, on one page of text or as a document.
///
/// @param names runs as commands accept them
public record BlameReport(
        Chronicle run,
        Blame.Target target,
        Blame blame,
        Witnesses witnesses,
        Function<RunId, String> names) {
    private static final int MOST_SUSPECTS = 10;
    private static final int MOST_PATHS = 3;
    private static final int INDENT = 4;

    /// The page.
    public List<String> lines(Screen screen) {
        var lines = new ArrayList<Line>();
        lines.add(
                new Line()
                        .add("run ")
                        .add(Ink.BOLD, names.apply(run.start().run()))
                        .add(
                                "  "
                                        + Printable.line(run.start().goal(), 30)
                                        + ": what went into "
                                        + wrong()));
        lines.add(new Line().add(Ink.DIM, looked()));
        lines.add(new Line().add(""));
        int rank = 1;
        for (var suspect : blame.suspects().stream().limit(MOST_SUSPECTS).toList()) {
            suspect(rank++, suspect, lines);
        }
        int more = blame.suspects().size() - MOST_SUSPECTS;
        if (more > 0) {
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    "and "
                                            + Figures.count(more)
                                            + " less suspicious; `--json` has all of them"));
        }
        if (blame.suspects().isEmpty()) {
            lines.add(new Line().add("nothing went into it: it is a constant of the plan"));
        }
        if (!blame.unmoved().isEmpty()) {
            lines.add(
                    new Line()
                            .add(
                                    Ink.DIM,
                                    "no part in it: "
                                            + blame.unmoved().stream()
                                                    .limit(MOST_SUSPECTS)
                                                    .map(TaskId::toString)
                                                    .collect(Collectors.joining(", "))));
        }
        lines.add(new Line().add(""));
        lines.add(conclusion());
        return lines.stream().map(line -> line.show(screen, screen.most())).toList();
    }

    private String wrong() {
        var root = target.task() == null ? "the output" : "the output of " + target.task();
        return target.paths().stream()
                .limit(MOST_PATHS)
                .map(path -> path.isEmpty() ? root : Places.text("", path) + " of " + root)
                .collect(Collectors.joining(", "));
    }

    private String looked() {
        return "looked at "
                + Figures.count(blame.runs(), "other run")
                + "; "
                + Figures.count(words().onRecord())
                + " of "
                + Figures.count(blame.suspects().size(), "suspect")
                + " were given the same another time"
                + witnesses
                        .alike()
                        .map(other -> " · the same goal and inputs: run " + names.apply(other))
                        .orElse("")
                + (witnesses.unread() > 0
                        ? " · "
                                + Figures.count(witnesses.unread(), "run")
                                + " could not be read: tutti doctor --verify"
                        : "");
    }

    private void suspect(int rank, Suspect suspect, List<Line> lines) {
        var source = suspect.source();
        lines.add(
                new Line()
                        .column(Ink.DIM, Integer.toString(rank), INDENT - 2)
                        .add(suspect.contradicts() ? Ink.RED : Ink.BOLD, name(source))
                        .add(" " + how(source))
                        .add(Ink.DIM, ", event " + source.at() + "  ")
                        .add(Figures.percent(suspect.share())));
        for (var reason : suspect.reasons()) {
            lines.add(new Line().add(" ".repeat(INDENT)).add(words().said(reason, suspect)));
        }
        if (suspect.reasons().isEmpty()) {
            lines.add(
                    new Line()
                            .add(" ".repeat(INDENT))
                            .add(Ink.DIM, "gave " + BlameDocument.value(suspect)));
        }
    }

    private static String name(Source source) {
        return source.task() == null ? "the goal" : source.task().toString();
    }

    private static String how(Source source) {
        return switch (source) {
            case Source.Asked _ -> "with its inputs";
            case Source.Edited _ -> "with an input given by a person";
            case Source.Result(var result) ->
                    switch (result.means()) {
                        case AGENT ->
                                "by " + (result.agent() == null ? "an agent" : result.agent());
                        case PERSON -> "by a person";
                        case CHILD -> "by a run of its own";
                        case MESSAGE -> "by a message";
                        case SKIPPED -> "skipped";
                        case FAILED -> "failed";
                    };
        };
    }

    private Line conclusion() {
        var contradicting = blame.suspects().stream().filter(Suspect::contradicts).toList();
        if (!contradicting.isEmpty()) {
            var first = contradicting.getFirst();
            return new Line()
                    .add("most likely ")
                    .add(Ink.BOLD, name(first.source()))
                    .add(
                            ": its agent contradicts itself · the run as it was then: tutti show "
                                    + names.apply(run.start().run())
                                    + " --at "
                                    + first.source().at());
        }
        boolean usual =
                !blame.suspects().isEmpty()
                        && blame.suspects().stream()
                                .filter(suspect -> suspect.source() instanceof Source.Result)
                                .allMatch(suspect ->
                                        suspect.reasons().stream()
                                                .anyMatch(Reason.Confirmed.class::isInstance));
        if (usual) {
            return new Line()
                    .add(
                            "every step gave what it always gives: look at the inputs, or for an agent that is always wrong");
        }
        return new Line()
                .add(
                        "nothing on record speaks against one of them · say more: --expected JSON, --path PLACE,"
                                + " or a run that was right: --against RUN");
    }

    private BlameDocument words() {
        return new BlameDocument(run, target, blame, witnesses, names);
    }

    // ---- for programs

    /// The document.
    public Value document() {
        return words().document();
    }
}
