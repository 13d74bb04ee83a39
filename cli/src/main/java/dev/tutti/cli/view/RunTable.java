package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Money;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The list of runs as a table, newest first.
public final class RunTable {
    private RunTable() {}

    /// A line for each run.
    ///
    /// @param ids as short as those of all runs let them be
    public static List<String> lines(
            List<RunSummary> runs, ShortIds ids, Screen screen, Instant now) {
        var table = new Table("state", "run", "tasks", "cost", "age", "took", "goal");
        for (var run : runs) {
            table.row(
                    Inks.of(run.status()),
                    run.status().word(),
                    ids.of(run.run()),
                    Figures.count(run.done())
                            + "/"
                            + Figures.count(run.tasks())
                            + (run.failed() > 0
                                    ? ", " + Figures.count(run.failed()) + " failed"
                                    : ""),
                    run.spent().compareTo(Money.ZERO) > 0 ? Figures.money(run.spent()) : "",
                    Figures.took(RunReport.age(run.startedAt(), now)),
                    Figures.took(
                            Duration.between(
                                    run.startedAt(), run.status().isFinal() ? run.lastAt() : now)),
                    Printable.line(
                            run.about().isEmpty() ? run.goal() : run.goal() + " · " + run.about()));
        }
        return table.lines(screen);
    }
}
