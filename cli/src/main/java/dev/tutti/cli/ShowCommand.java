package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.view.Answers;
import dev.tutti.cli.view.LineageLines;
import dev.tutti.cli.view.PathLines;
import dev.tutti.cli.view.RunReport;
import dev.tutti.cli.view.StepLines;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.view.LineageDocument;
import dev.tutti.view.Overview;
import dev.tutti.view.RunDocument;
import dev.tutti.view.Unpriced;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows one run, now or as it was after any of its events.
@Command(
        name = "show",
        description = "Shows a run: what state and why, its tasks, what it gave.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ShowCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(
            names = "--at",
            paramLabel = "SEQ",
            description = "As it was after this event, counted as `tutti events` does")
    private @Nullable Long at;

    @Option(
            names = "--critical-path",
            description = "Also the chain of work and waits that a finished run took its time for")
    private boolean critical;

    @Option(
            names = "--steps",
            description = "Also what its attempts asked of models and tools, and what these gave")
    private boolean steps;

    @Option(
            names = "--lineage",
            paramLabel = "TASK",
            arity = "0..1",
            fallbackValue = LineageRequest.OUTPUT,
            description = {
                "What a task rests on, such as `answer` or `read[3]`: inputs, results, notes, messages, answers, calls"
                        + " and artifacts, into the runs within. Without TASK: what the output of the run does.",
                "It stands behind RUN."
            })
    private @Nullable String lineage;

    @Option(
            names = "--used-by",
            paramLabel = "TASK",
            description = "The other way round: what of the run rests on a task")
    private @Nullable String usedBy;

    @Option(
            names = "--mermaid",
            description = "With `--lineage` or `--used-by`: as a graph for Mermaid")
    private boolean mermaid;

    private @Nullable CriticalPath path;
    private @Nullable Recording recording;
    private @Nullable Team team;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    ShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (lineage != null || usedBy != null) {
            return lineage();
        }
        if (mermaid) {
            throw new Refusal("`--mermaid` goes with `--lineage` or `--used-by`");
        }
        var overview = load();
        if (critical && !overview.ended()) {
            throw new Refusal(
                    "the run has not ended, so no chain is the longest yet; `tutti why "
                            + run
                            + "` says what it waits for");
        }
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(document(overview))));
            return ExitCode.SUCCEEDED;
        }
        var now = at == null ? Instant.now() : overview.lastAt();
        shell.print(RunReport.lines(overview, show.of(shell.outScreen()), now));
        if (team != null && Unpriced.is(team, overview)) {
            shell.print(List.of("  " + Unpriced.NOTE));
        }
        if (path != null) {
            var screen = show.of(shell.outScreen());
            shell.print(critical ? PathLines.table(path, screen) : PathLines.line(path, screen));
        }
        if (recording != null) {
            shell.print(StepLines.table(recording, show.of(shell.outScreen())));
        }
        if (overview.state().status() == Status.SUCCEEDED) {
            shell.print(List.of(""));
            shell.print(Answers.lines(overview.state().output(), show.of(shell.outScreen())));
        } else if (!overview.ended() && at == null) {
            shell.say(
                    isOwned()
                            ? "a process is at it now"
                            : "nobody is at it now · go on with: tutti recover " + run);
        }
        return ExitCode.SUCCEEDED;
    }

    private int lineage() {
        if (critical || steps) {
            throw new Refusal(
                    "`--lineage` stands alone; leave out `--critical-path` and `--steps`");
        }
        if (lineage != null && usedBy != null) {
            throw new Refusal("ask for `--lineage` or for `--used-by`");
        }
        if (mermaid && json.wanted()) {
            throw new Refusal("ask for `--mermaid` or for `--json`");
        }
        try (var tutti = store.open(shell);
                var reader = tutti.reader()) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var told = new LineageRequest(run, lineage, usedBy, at).answer(reader, found.stream());
            var screen = show.of(shell.outScreen());
            shell.print(
                    json.wanted()
                            ? List.of(Json.pretty(LineageDocument.of(told)))
                            : mermaid
                                    ? LineageLines.mermaid(told)
                                    : LineageLines.table(
                                            told,
                                            screen,
                                            id -> Ends.shortIds(tutti, 1).of(new RunId(id))));
        }
        return ExitCode.SUCCEEDED;
    }

    private Value.Struct document(Overview overview) {
        var document = team == null ? RunDocument.of(overview) : RunDocument.of(overview, team);
        if (recording != null) {
            document = document.with("steps", StepLines.document(recording));
        }
        return path == null ? document : document.with("critical_path", PathLines.document(path));
    }

    /// Whether a process owns the store, and so drives its runs.
    private boolean isOwned() {
        if (store.isServer(shell)) {
            return true;
        }
        try (var lock = OwnerLock.take(store.folder(shell).resolve("owner.lock")).orElse(null)) {
            return lock == null;
        }
    }

    private Overview load() {
        try (var tutti = store.open(shell);
                var reader = tutti.reader()) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var overview = Overview.of(found.id());
            long last = at == null ? Long.MAX_VALUE : at;
            if (last < 1) {
                throw new Refusal("events are counted from 1");
            }
            var search = new CriticalPath.Search();
            overview.readOn(reader, last, (entry, event) -> search.add(entry.event().at(), event));
            if (at != null && overview.state().sequence() < last) {
                throw new Refusal("the run has only " + overview.state().sequence() + " events");
            }
            team = overview.state().started() ? tutti.team(found) : null;
            if (steps) {
                recording = Recording.of(reader, found.stream());
            }
            path = search.found().orElse(null);
            return overview;
        }
    }
}
