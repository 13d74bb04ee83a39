package dev.tutti.cli;

import dev.tutti.Goal;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.cli.view.CauseChain;
import dev.tutti.cli.view.LiveView;
import dev.tutti.cli.view.PlainView;
import dev.tutti.cli.view.View;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.Limits;
import dev.tutti.view.Overview;
import dev.tutti.view.RunDocument;
import dev.tutti.view.Unpriced;
import dev.tutti.wiring.Unperformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Begins a run of a workflow and follows it to its end.
@Command(
        name = "run",
        description = {
            "Runs a workflow of a team file and prints what it gives.",
            "",
            "What is done is on disk at every moment: after Ctrl-C, a crash or a power cut `tutti recover` goes on."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.RUN_SUCCEEDED_LINE,
            ExitCode.RUN_FAILED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.WAITING_LINE,
            ExitCode.INTERNAL_LINE,
            ExitCode.INTERRUPTED_LINE
        })
final class RunCommand implements Callable<Integer> {
    enum Upkeep {
        always,
        auto,
        never
    }

    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

    private final Shell shell;

    @Parameters(
            paramLabel = "FILE[#WORKFLOW]",
            description =
                    "The team file, and which of its workflows if it has several. With `--server` that file must be"
                            + " the one that is served, and #WORKFLOW alone begins whatever is")
    private String source = "";

    @Mixin private final Options.InputOption input = new Options.InputOption();

    @Option(
            names = "--upkeep",
            paramLabel = "WHEN",
            description =
                    "Whether to do, once the answer is there, what agents left for later, such as finishing an index:"
                            + " always, never, or auto (only on a terminal; the default)")
    private Upkeep upkeep = Upkeep.auto;

    @Mixin private final StandInOption standIns = new StandInOption();

    @Option(
            names = "--budget",
            paramLabel = "LIMIT=VALUE",
            description =
                    "What the run may take at most, such as usd=0.50, tokens=20000 or time=10m; also attempts, tasks"
                            + " and runs. No more than the workflow allows. May be repeated")
    private Map<String, String> budget = Map.of();

    @Mixin private final Recordings recordings = new Recordings();

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    RunCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (source.startsWith("#")) {
            return served(source.substring(1));
        }
        var from = TeamSource.of(source, shell.directory());
        var parsed = from.read();
        var diagnostics = new Diagnostics(shell, show.of(shell.errScreen()));
        if (!diagnostics.say(parsed)) {
            return ExitCode.WRONG_REQUEST;
        }
        var workflow = from.choose(parsed.team().orElseThrow());
        var given =
                store.isServer(shell)
                        ? input.asWritten()
                        : input.of(parsed.document(), workflow.name(), shell, from);
        try (var tutti = store.any(shell)) {
            recordings.prepare(shell, tutti);
            var run =
                    submit(
                            tutti,
                            new Goal(
                                    from.team(parsed),
                                    workflow.name(),
                                    given,
                                    standIns.of(shell, tutti),
                                    budget()));
            var workers =
                    store.isServer(shell)
                            ? List.<String>of()
                            : Unperformed.forWorkers(parsed.team().orElseThrow(), workflow);
            int code = follow(tutti, run, workflow.name(), workers);
            recordings.keep(shell, tutti, run);
            return code;
        }
    }

    /// Begins a workflow of the team that a server serves, of which there is no file here.
    private int served(String workflow) throws Exception {
        if (!store.isServer(shell)) {
            throw new Refusal(
                    "`"
                            + source
                            + "` is a workflow of a server's team: name the server by `--server`,"
                            + " or a team file");
        }
        try (var tutti = store.any(shell)) {
            recordings.prepare(shell, tutti);
            var run =
                    tutti.submit(workflow, input.asWritten(), standIns.of(shell, tutti), budget());
            int code = follow(tutti, run, workflow, List.of());
            recordings.keep(shell, tutti, run);
            return code;
        }
    }

    private Budget budget() {
        var written = new LinkedHashMap<String, Value>();
        budget.forEach((limit, value) ->
                written.put(
                        limit,
                        WHOLE.matcher(value).matches()
                                ? Value.of(Long.parseLong(value))
                                : Value.text(value)));
        var limits = Limits.read(new Value.Struct(written));
        if (!limits.faults().isEmpty()) {
            throw new Refusal("`--budget` cannot be read:", limits.faults());
        }
        return limits.budget();
    }

    private static Run submit(Tutti tutti, Goal goal) throws InterruptedException {
        try {
            return tutti.submit(goal);
        } catch (Refusal e) {
            throw Inputs.helped(e, goal.inputs());
        }
    }

    /// @param forWorkers tasks that nobody here does
    private int follow(Tutti tutti, Run run, String workflow, List<String> forWorkers)
            throws Exception {
        var screen = show.of(shell.errScreen());
        var id = Ends.shortId(tutti, run.id());
        if (!json.wanted()) {
            shell.say("run " + screen.paint(Ink.BOLD, id) + "  " + workflow);
            if (!forWorkers.isEmpty()) {
                shell.say(
                        "   for workers, who pull it from `tutti serve` on this store: "
                                + String.join(", ", forWorkers));
            }
        }
        var follower =
                new Follower(tutti, shell, view(shell, json.wanted(), screen), screen.terminal());
        Overview overview;
        try {
            overview = follower.follow(run);
        } catch (Follower.EngineStopped e) {
            shell.say(
                    CauseChain.lines(
                            "run " + id + " could not go on",
                            e,
                            "tutti doctor, then: tutti recover " + id,
                            screen));
            return ExitCode.INTERNAL;
        }
        finish(tutti, overview, id, follower.drives());
        return ExitCode.of(overview.status());
    }

    private void finish(Tutti tutti, Overview overview, String id, boolean owned) throws Exception {
        var ends = new Ends(shell, show);
        var team = tutti.team(tutti.run(overview.run().value()));
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(RunDocument.of(overview, team))));
        }
        if (!json.wanted() || !overview.ended()) {
            ends.say(overview, id, again(), owned);
            if (Unpriced.is(team, overview)) {
                shell.say("   " + Unpriced.NOTE);
            }
            shell.say(QuestionCommands.ways(tutti, tutti.run(overview.run().value())));
        }
        if (!json.wanted()) {
            ends.print(overview);
            if (owned) {
                ends.sayUnfinished(tutti, overview.run());
            }
        }
        if (!shell.interrupts().interrupted()) {
            afterwards(tutti);
        }
    }

    /// What may be done once the answer is there.
    private void afterwards(Tutti tutti) throws Exception {
        var screen = show.of(shell.errScreen());
        var bar = new UpkeepBar(shell, screen);
        if (upkeep == Upkeep.always
                || (upkeep == Upkeep.auto && screen.terminal() && !json.wanted())) {
            bar.run(tutti);
        } else if (upkeep == Upkeep.auto) {
            bar.tell(tutti);
        }
    }

    /// The same command once more.
    private String again() {
        var words = new ArrayList<>(List.of("tutti", "run", source));
        input.written().forEach(one -> words.addAll(List.of("--input", one)));
        words.addAll(standIns.written());
        budget.forEach((limit, value) -> words.addAll(List.of("--budget", limit + "=" + value)));
        return Quoted.of(words);
    }

    static View view(Shell shell, boolean silent, Screen screen) {
        if (silent) {
            return new View.Silent();
        }
        return screen.terminal()
                ? new LiveView(shell.err(), screen)
                : new PlainView(shell.err(), screen);
    }
}
