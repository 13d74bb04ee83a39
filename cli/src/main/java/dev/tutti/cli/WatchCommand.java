package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.JsonLines;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TimeText;
import dev.tutti.view.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Watches a run that another process drives, or waits for it.
@Command(
        name = "watch",
        description = {
            "Shows a run as it goes on, until it has ended or asks a person.",
            "",
            "It only looks: `tutti recover` also goes on with a run that nobody drives."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.RUN_SUCCEEDED_LINE,
            ExitCode.RUN_FAILED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.WAITING_LINE,
            ExitCode.INTERNAL_LINE,
            ExitCode.TIMED_OUT_LINE,
            "130:interrupted while watching; the run goes on"
        })
final class WatchCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    /// What is waited for.
    enum Until {
        question,
        ended,
        succeeded,
        failed
    }

    @Option(
            names = "--until",
            paramLabel = "WHAT",
            description =
                    "What is waited for: question, which is that it asks a person or has ended; or ended,"
                            + " succeeded or failed, which go on while it asks. Whatever is waited for, a run"
                            + " that has ended is not watched any longer. Default: question")
    private Until until = Until.question;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait at most, such as 10m. Default: for ever")
    private @Nullable String timeout;

    @Option(
            names = "--json",
            description =
                    "Whenever something changed, a JSON object on a line: that of `tutti runs`")
    private boolean json;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    WatchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        var longest = longest();
        try (var tutti = store.open(shell)) {
            var watched = tutti.run(run.toUpperCase(Locale.ROOT));
            var screen = show.of(shell.errScreen());
            var id = Ends.shortId(tutti, watched.id());
            if (!json) {
                shell.say("run " + screen.paint(Ink.BOLD, id));
            }
            var view = json ? new JsonLines(shell.out()) : RunCommand.view(shell, false, screen);
            var until = longest == null ? Instant.MAX : Instant.now().plus(longest);
            var follower =
                    Follower.watching(tutti, shell, view, this.until != Until.question, until);
            return end(follower.follow(watched), id, tutti);
        }
    }

    private @Nullable Duration longest() {
        return timeout == null
                ? null
                : TimeText.parse(timeout)
                        .orElseThrow(() ->
                                new Refusal(
                                        "`--timeout "
                                                + timeout
                                                + "` is no time: write 10m or 90s"));
    }

    private int end(Overview overview, String id, Tutti tutti) {
        boolean asks = overview.status() == Status.WAITING || overview.status() == Status.PAUSED;
        if (!overview.ended() && shell.interrupts().interrupted()) {
            if (!json) {
                shell.say("the run goes on · watch it again with: tutti watch " + id);
            }
            return ExitCode.INTERRUPTED;
        }
        if (!overview.ended() && !(asks && until == Until.question)) {
            shell.say(
                    "after "
                            + timeout
                            + " it is "
                            + overview.status().word()
                            + " · see what it waits for: tutti why "
                            + id);
            return ExitCode.TIMED_OUT;
        }
        if (!json) {
            var ends = new Ends(shell, show);
            ends.say(overview, id, "", false);
            if (asks) {
                shell.say(QuestionCommands.ways(tutti, tutti.run(overview.run().value())));
            }
            ends.print(overview);
        }
        return ExitCode.of(overview.status());
    }
}
