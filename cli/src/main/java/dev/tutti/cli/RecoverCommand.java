package dev.tutti.cli;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.CauseChain;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Goes on with runs that have not ended.
@Command(
        name = "recover",
        description = {
            "Goes on with a run that was interrupted, or with all of them.",
            "",
            "Results that are there are used again; nothing that was paid for is done twice."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:all of them succeeded, or there was none",
            "1:one failed or was cancelled",
            ExitCode.WRONG_REQUEST_LINE,
            "3:one waits for a person",
            ExitCode.INTERNAL_LINE,
            ExitCode.INTERRUPTED_LINE
        })
final class RecoverCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "The run, by its id or the beginning of it. Default: all")
    private @Nullable String run;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    RecoverCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        var documents = new ArrayList<Value>();
        int worst = ExitCode.SUCCEEDED;
        try (var tutti = store.open(shell)) {
            var runs =
                    run == null
                            ? tutti.unfinished()
                            : List.of(tutti.run(run.toUpperCase(Locale.ROOT)));
            if (runs.isEmpty() && !json.wanted()) {
                shell.say("nothing to recover: every run in this store has ended");
            }
            for (var one : runs) {
                var overview = follow(tutti, one);
                documents.add(RunDocument.of(overview, tutti.team(one)));
                worst = worse(worst, ExitCode.of(overview.status()));
                if (shell.interrupts().interrupted()) {
                    break;
                }
            }
        } catch (Follower.EngineStopped e) {
            shell.say(
                    CauseChain.lines(
                            "the runs could not go on", e, "tutti doctor", shell.errScreen()));
            return ExitCode.INTERNAL;
        }
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(new Value.Array(documents))));
        }
        return worst;
    }

    private Overview follow(Tutti tutti, Run one) throws InterruptedException {
        var screen = show.of(shell.errScreen());
        var id = Ends.shortId(tutti, one.id());
        var overview = Overview.of(one.id());
        try (var reader = tutti.reader()) {
            overview.readOn(reader);
        }
        var ends = new Ends(shell, show);
        if (!json.wanted()) {
            shell.say(
                    "run "
                            + screen.paint(Ink.BOLD, id)
                            + "  "
                            + (overview.state().started() ? overview.state().asked().name() : "")
                            + (overview.ended()
                                    ? "  has ended already"
                                    : "  reused " + Figures.count(overview.results(), "task")));
        }
        var follower =
                new Follower(
                        tutti,
                        shell,
                        RunCommand.view(shell, json.wanted(), screen),
                        screen.terminal());
        if (!overview.ended()) {
            overview.takeChanged();
            follower.follow(one, overview);
        }
        if (!json.wanted() || !overview.ended()) {
            ends.say(overview, id, "", follower.drives());
        }
        if (!json.wanted()) {
            ends.print(overview);
        }
        return overview;
    }

    /// Interrupted outranks waiting, waiting outranks failed.
    private static int worse(int a, int b) {
        return Math.max(a, b);
    }
}
