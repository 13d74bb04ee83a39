package dev.tutti.cli;

import dev.tutti.Tutti;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ends a run without a result.
@Command(
        name = "cancel",
        description =
                "Ends a run without a result. Attempts under way are asked to stop; what is done stays to be seen.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:cancelled",
            "2:there is no such run, or it has ended already",
            ExitCode.INTERNAL_LINE
        })
final class CancelCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the journal")
    private String reason = "cancelled by hand";

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    CancelCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var tutti = Tutti.open(store.existing(shell))) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            found.cancel(reason);
            var id = Ends.shortId(tutti, found.id());
            var ended = found.await(PATIENCE);
            shell.say(
                    ended.isPresent()
                            ? "run " + id + " is cancelled · what it did: tutti show " + id
                            : "run " + id + " is closing: it ends when its attempts have stopped");
        }
        return ExitCode.SUCCEEDED;
    }
}
