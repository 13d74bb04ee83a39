package dev.tutti.cli;

import dev.tutti.Tutti;
import dev.tutti.cli.view.RunTable;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.RunDocument;
import dev.tutti.wiring.Store;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the runs of a store.
@Command(
        name = "runs",
        description = "Lists the runs, newest first.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class RunsCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most to list. Default: ${DEFAULT-VALUE}")
    private int limit = 50;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    RunsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        var runs =
                store.isServer(shell) || Store.exists(store.folder(shell))
                        ? runs(store.any(shell))
                        : List.<dev.tutti.runtime.projection.RunSummary>of();
        if (json.wanted()) {
            var listed = runs.subList(0, Math.min(Math.max(0, limit), runs.size()));
            shell.print(List.of(Json.pretty(RunDocument.of(listed))));
        } else if (runs.isEmpty()) {
            shell.say(
                    "no run in "
                            + (store.isServer(shell) ? "its store" : store.folder(shell))
                            + " yet; begin one with: tutti run FILE (`tutti init` writes a file to begin with)");
        } else {
            shell.print(
                    RunTable.lines(
                            runs, Math.max(0, limit), show.of(shell.outScreen()), Instant.now()));
        }
        return ExitCode.SUCCEEDED;
    }

    private List<dev.tutti.runtime.projection.RunSummary> runs(Tutti tutti) {
        try (tutti) {
            return Ends.newest(tutti, limit);
        }
    }
}
