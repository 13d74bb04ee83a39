package dev.tutti.cli;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.view.DiffReport;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Comparison;
import dev.tutti.history.Moments;
import dev.tutti.runtime.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says where two runs part.
@Command(
        name = "diff",
        description = {
            "Says where two runs part first, what of the rest follows from that, and what differs for reasons of its own.",
            "",
            "Tasks are compared by their names in the plan, and items of a fan-out by what they were given; when things"
                    + " happened, and in which order, does not count."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:no task differs",
            "1:something differs",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class DiffCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "One run, by its id or the beginning of it")
    private String left = "";

    @Parameters(
            index = "1",
            paramLabel = "RUN",
            description = "The other, by its id or the beginning of it")
    private String right = "";

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    DiffCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (var tutti = store.open(shell)) {
            var one = tutti.run(left.toUpperCase(Locale.ROOT));
            var other = tutti.run(right.toUpperCase(Locale.ROOT));
            var chronicle = read(tutti, one);
            var otherChronicle = read(tutti, other);
            var comparison = Comparison.of(chronicle, otherChronicle, new Expressions());
            var ids = Ends.shortIds(tutti, 2);
            var report =
                    new DiffReport(
                            ids.of(one.id()),
                            ids.of(other.id()),
                            chronicle,
                            otherChronicle,
                            comparison);
            shell.print(
                    json.wanted()
                            ? List.of(Json.pretty(report.document()))
                            : report.lines(show.of(shell.outScreen())));
            return comparison.changes().isEmpty() ? ExitCode.SUCCEEDED : ExitCode.FAILED;
        }
    }

    private Chronicle read(Tutti tutti, Run run) {
        try (var reader = tutti.reader();
                var progress =
                        new Progress(shell, show.of(shell.errScreen()), "reading", "event")) {
            return Chronicle.of(Moments.of(reader, run.stream(), progress::at));
        }
    }
}
