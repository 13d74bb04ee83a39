package dev.tutti.cli;

import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.cli.view.Answers;
import dev.tutti.cli.view.RunReport;
import dev.tutti.cli.view.ShortIds;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.RunSentence;
import java.util.List;

/// What `run` and `recover` print when they are through with a run: the output, and the command
/// that goes on wherever it did not succeed.
final class Ends {
    /// So many runs are looked at for ids that begin alike: a burst of runs has one time.
    private static final int NEIGHBOURS = 1_000;

    private static final int MOST_DUE = 10_000;

    private final Shell shell;
    private final Screen errScreen;
    private final Screen outScreen;

    Ends(Shell shell, Options.ShowOption show) {
        this.shell = shell;
        errScreen = show.of(shell.errScreen());
        outScreen = show.of(shell.outScreen());
    }

    /// The id, as short as commands accept it.
    static String shortId(Tutti tutti, RunId run) {
        return shortIds(tutti, 1).of(run);
    }

    /// Ids of the newest runs, as short as commands accept them.
    ///
    /// @param many of how many runs
    static ShortIds shortIds(Tutti tutti, int many) {
        return new ShortIds(newest(tutti, many).stream().map(RunSummary::run).toList());
    }

    /// The newest runs, `many` at least, and enough to tell their ids apart.
    static List<RunSummary> newest(Tutti tutti, int many) {
        return tutti.runs(Math.max(NEIGHBOURS, many));
    }

    /// Says how the run ended.
    ///
    /// @param again the command that begins the same again, or empty
    /// @param owned whether this process drove it
    void say(Overview overview, String id, String again, boolean owned) {
        if (overview.ended()) {
            shell.say(RunReport.ending(overview, id, again, errScreen));
        } else if (waits(overview)) {
            shell.say(
                    "   "
                            + RunSentence.of(overview, overview.lastAt())
                            + " · go on with: tutti recover "
                            + id);
        } else if (owned) {
            shell.say(RunReport.stopped(overview, id));
        } else {
            shell.say(
                    "the run goes on in the process that owns the store · follow it with: tutti recover "
                            + id);
        }
    }

    /// Names the way on for other runs, which this process drove as well while it owned the store.
    void sayUnfinished(Tutti tutti, RunId done) {
        try (var reader = tutti.reader()) {
            long others =
                    reader.due(MOST_DUE).stream()
                            .filter(due -> due.stream().isRun() && !due.stream().run().equals(done))
                            .count();
            if (others > 0) {
                shell.say(
                        "   "
                                + Figures.count(others, "other run")
                                + " of this store "
                                + (others == 1 ? "is" : "are")
                                + " unfinished · go on with: tutti recover");
            }
        }
    }

    /// Prints what a run that succeeded gives.
    void print(Overview overview) {
        if (overview.state().status() == Status.SUCCEEDED) {
            shell.print(Answers.lines(overview.state().output(), outScreen));
        }
    }

    private static boolean waits(Overview overview) {
        return List.of(Status.WAITING, Status.PAUSED).contains(overview.status());
    }
}
