package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.document.ForecastDocument;
import dev.tutti.forecast.Forecast;
import dev.tutti.learning.Improvement;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A plan as it could be: what would change, why that is as good, and a patch of the team file.
public final class ImprovementReport {
    private final String workflow;
    private final TeamFile file;
    private final Improvement improvement;

    public ImprovementReport(String workflow, TeamFile file, Improvement improvement) {
        this.workflow = workflow;
        this.file = file;
        this.improvement = improvement;
    }

    private String patch() {
        return improvement.changes().isEmpty() ? "" : file.patch(improvement.edits());
    }

    public List<String> lines(Screen screen) {
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add("proposal for ")
                        .add(Ink.BOLD, workflow)
                        .add(
                                Ink.DIM,
                                "   from "
                                        + Figures.count(improvement.now().runs(), "run")
                                        + " on record; nothing is applied")
                        .show(screen, screen.most()));
        lines.add("");
        for (var change : improvement.changes()) {
            lines.add(
                    new Line()
                            .add(Ink.GREEN, change.what())
                            .add(": " + change.evidence())
                            .show(screen, screen.most()));
        }
        if (improvement.changes().isEmpty()) {
            lines.add("nothing was found that is cheaper or faster and surely as good");
        }
        for (var one : improvement.left()) {
            lines.add(new Line().add(Ink.DIM, "left: " + one).show(screen, screen.most()));
        }
        if (!improvement.changes().isEmpty()) {
            var table = new Table("on the average", "now", "then");
            table.row(
                    Ink.PLAIN,
                    "costs",
                    ForecastReport.dollars(improvement.now().cost().mean()),
                    ForecastReport.dollars(improvement.then().cost().mean()));
            table.row(
                    Ink.PLAIN, "is over after", took(improvement.now()), took(improvement.then()));
            table.row(
                    Ink.PLAIN,
                    "succeeds",
                    Figures.percent(improvement.now().succeeds()),
                    Figures.percent(improvement.then().succeeds()));
            lines.add("");
            lines.addAll(table.lines(screen));
            lines.add("");
            patch().lines().forEach(lines::add);
        }
        return lines;
    }

    private static String took(Forecast forecast) {
        return Figures.took(Duration.ofNanos((long) (forecast.time().mean() * 1e9)));
    }

    /// For programs.
    public Value.Struct document() {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "workflow",
                Value.text(workflow),
                "changes",
                new Value.Array(
                        improvement.changes().stream()
                                .<Value>map(change ->
                                        Value.struct(
                                                "what",
                                                Value.text(change.what()),
                                                "evidence",
                                                Value.text(change.evidence()),
                                                "at",
                                                Value.from(change.edit().at())))
                                .toList()),
                "left",
                Value.from(improvement.left()),
                "now",
                ForecastDocument.figures(improvement.now()),
                "then",
                ForecastDocument.figures(improvement.then()),
                "patch",
                Value.text(patch()));
    }
}
