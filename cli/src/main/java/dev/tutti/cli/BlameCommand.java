package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.view.BlameReport;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Chronicle;
import dev.tutti.document.BlameTarget;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.history.Witnesses;
import dev.tutti.runtime.json.Json;
import dev.tutti.wiring.Definitions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ranks who a wrong result came from.
@Command(
        name = "blame",
        description = {
            "Ranks the events that a wrong result may have come from, the most suspicious first, and says why.",
            "",
            "It follows the values that went into the result, and looks up what the same agents gave other times they were"
                    + " given the same: in this run and in the other runs of the store. Nothing is done again."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class BlameCommand implements Callable<Integer> {
    private static final int MOST_RUNS = 2_000;

    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run, by its id or the beginning of it")
    private String run = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TASK",
            description =
                    "The task whose output is wrong, such as `answer` or `read[3]`. Default: the output of the run")
    private @Nullable String task;

    @Option(
            names = "--path",
            paramLabel = "PLACE",
            description = "Only this part of the output is wrong, such as `notes[0].total`")
    private @Nullable String path;

    @Option(names = "--expected", paramLabel = "JSON", description = "What should be there instead")
    private @Nullable String expected;

    @Option(
            names = "--against",
            paramLabel = "RUN",
            description = "A run that was right, best one with the same inputs")
    private @Nullable String against;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How many other runs are looked at, the newest first. Default: 2000")
    private int most = MOST_RUNS;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    BlameCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (most < 0) {
            throw new Refusal("`--runs` is 0 or more");
        }
        try (var tutti = store.open(shell);
                var reader = tutti.reader();
                var progress = new Progress(shell, show.of(shell.errScreen()), "reading", "run")) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var good = against == null ? null : tutti.run(against.toUpperCase(Locale.ROOT));
            if (good != null && good.id().equals(found.id())) {
                throw new Refusal("a run cannot be held against itself; name another");
            }
            var chronicle = Chronicle.of(Moments.of(reader, found.stream(), Watch.NOBODY));
            var target = BlameTarget.of(chronicle, task, path, expected);
            var witnesses =
                    Witnesses.of(
                            reader,
                            new Definitions(),
                            chronicle,
                            found.stream(),
                            most,
                            good == null ? null : good.stream(),
                            progress::at);
            progress.clear();
            var blame = Blame.of(chronicle, target, witnesses.precedents(), new Expressions());
            var report =
                    new BlameReport(
                            chronicle,
                            target,
                            blame,
                            witnesses,
                            Ends.shortIds(tutti, most + 1)::of);
            shell.print(
                    json.wanted()
                            ? List.of(Json.pretty(report.document()))
                            : report.lines(show.of(shell.outScreen())));
        }
        return ExitCode.SUCCEEDED;
    }
}
