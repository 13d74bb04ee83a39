package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.view.RunTable;
import dev.tutti.cli.view.ShortIds;
import dev.tutti.core.event.Status;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.projection.RunFilter;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.RunDocument;
import dev.tutti.wiring.Store;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the runs of a store.
@Command(
        name = "runs",
        description = "Lists the runs, newest first: all, or those that are asked for.",
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
            names = "--status",
            split = ",",
            paramLabel = "WORD",
            description =
                    "Only those that are running, waiting, paused, closing, succeeded, failed or cancelled;"
                            + " several with commas between")
    private List<String> statuses = List.of();

    @Option(names = "--workflow", paramLabel = "NAME", description = "Only of this workflow")
    private @Nullable String workflow;

    @Option(
            names = "--search",
            paramLabel = "WORDS",
            description = "Only those whose goal and inputs have these words, in any case")
    private @Nullable String words;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only those begun since then: 24h ago, or 2027-01-31T00:00:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only those begun before then")
    private @Nullable String until;

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
        var filter = filter();
        boolean any = store.isServer(shell) || Store.exists(store.folder(shell));
        try (var tutti = any ? store.any(shell) : null) {
            int most = Math.max(0, limit);
            boolean all = filter.equals(RunFilter.ALL);
            // Also to tell ids apart, which nobody shortens in JSON.
            var newest =
                    tutti != null && (all || !json.wanted())
                            ? Ends.newest(tutti, most)
                            : List.<RunSummary>of();
            var runs =
                    tutti != null && !all
                            ? tutti.runs(filter, most)
                            : newest.subList(0, Math.min(most, newest.size()));
            if (json.wanted()) {
                shell.print(List.of(Json.pretty(RunDocument.of(runs))));
            } else if (!runs.isEmpty()) {
                var known =
                        Stream.concat(runs.stream(), newest.stream())
                                .map(RunSummary::run)
                                .distinct()
                                .toList();
                shell.print(
                        RunTable.lines(
                                runs,
                                new ShortIds(known),
                                show.of(shell.outScreen()),
                                Instant.now()));
            } else if (all) {
                shell.say(
                        "no run in "
                                + (store.isServer(shell) ? "its store" : store.folder(shell))
                                + " yet; begin one with: tutti run FILE (`tutti init` writes a file to begin with)");
            } else {
                shell.say("no run is like that, of the newest 20,000");
            }
        }
        return ExitCode.SUCCEEDED;
    }

    private RunFilter filter() {
        var words = Arrays.stream(Status.values()).map(Status::word).toList();
        for (var status : statuses) {
            if (!words.contains(status)) {
                throw new Refusal("`--status " + status + "` is none: " + String.join(", ", words));
            }
        }
        return new RunFilter(
                Set.copyOf(statuses),
                workflow,
                this.words,
                Options.moment("--since", since),
                Options.moment("--until", until));
    }
}
