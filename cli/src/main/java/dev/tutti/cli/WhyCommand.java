package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Rules;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Why;
import dev.tutti.document.BudgetDocument;
import dev.tutti.document.LatestChoices;
import dev.tutti.document.StoreObstacles;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Choices;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import dev.tutti.view.Reasons;
import dev.tutti.view.RunDocument;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says what a run waits for, and what would move it.
@Command(
        name = "why",
        description =
                "Says of every task that is not finished what it waits for, and what would move it;"
                        + " of one task, also why it was given to whom it was.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class WhyCommand implements Callable<Integer> {
    private static final int MOST = 200;
    private static final int MOST_TOLD = 20;

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
            description = "Say why this task was given to whom it was")
    private @Nullable String task;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    WhyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (var tutti = store.open(shell)) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var state = found.load().state();
            var reasons =
                    state.status().isFinal() ? List.<Why>of() : Why.of(state, tutti.team(found));
            var now = Instant.now();
            var name = Ends.shortId(tutti, found.id());
            var obstacles = new StoreObstacles(tutti::reader, now);
            var words =
                    json.wanted()
                            ? new Reasons(name, obstacles)
                            : new Reasons(
                                    name,
                                    obstacles,
                                    at -> Figures.moment(at, now, ZoneId.systemDefault()));
            var given = task == null ? List.<LatestChoices.Choice>of() : given(tutti, found, task);
            if (task != null && given.isEmpty() && state.graph().find(nameOf(task)) == null) {
                throw new Refusal("the run has no task `" + task + "`");
            }
            if (json.wanted()) {
                shell.print(List.of(Json.pretty(document(state, found, words, reasons, given))));
            } else if (task != null) {
                tell(state, task, given, words, reasons);
            } else if (state.status().isFinal()) {
                shell.say(
                        "the run has ended: it "
                                + state.status().word()
                                + (state.ending() == null ? "" : ", " + ended(state.ending()))
                                + "; `tutti why RUN TASK` says why a task was given to whom it was");
            } else {
                print(words, reasons);
                state.timeLeft(now)
                        .ifPresent(left -> shell.say("its time is over in " + Figures.took(left)));
                if (!state.ledger().waiting().isEmpty()) {
                    BudgetDocument.left(tutti, found, state)
                            .ifPresent(left -> shell.say("to finish: " + left.sentence(state)));
                }
            }
        }
        return ExitCode.SUCCEEDED;
    }

    private static String ended(RunState.Ending ending) {
        return Printable.line(ending.reason());
    }

    /// The assignments of a task, or of all items of a fan-out, the latest last.
    private static List<LatestChoices.Choice> given(Tutti tutti, Run found, String task) {
        try (var reader = tutti.reader()) {
            return LatestChoices.of(
                    reader,
                    found.stream(),
                    e -> e.task().toString().equals(task) || e.task().name().equals(task));
        }
    }

    private static String nameOf(String task) {
        int item = task.indexOf('[');
        return item < 0 ? task : task.substring(0, item);
    }

    private void tell(
            RunState state,
            String task,
            List<LatestChoices.Choice> given,
            Reasons words,
            List<Why> reasons) {
        given.subList(Math.max(0, given.size() - MOST_TOLD), given.size())
                .forEach(one -> shell.print(Choices.sentences(one.assigned(), kept(state, one))));
        if (given.size() > MOST_TOLD) {
            shell.say("and " + (given.size() - MOST_TOLD) + " earlier; `--json` has all of them");
        }
        if (given.isEmpty()) {
            shell.say("it was given to no agent");
        }
        reasons.stream()
                .filter(why -> why.task() != null)
                .filter(why ->
                        String.valueOf(why.task()).equals(task)
                                || nameOf(String.valueOf(why.task())).equals(task))
                .limit(MOST_TOLD)
                .forEach(why -> shell.say(why.task() + " waits for " + words.what(why)));
    }

    private static @Nullable String kept(RunState state, LatestChoices.Choice one) {
        var name = one.assigned().task().name();
        return state.graph().find(name) == null
                ? null
                : Rules.kept(state.graph().node(name).task().policy().rules(), one.ruling());
    }

    private void print(Reasons words, List<Why> reasons) {
        var table = new Table("task", "what would move it", "waits for");
        for (var why : reasons.subList(0, Math.min(MOST, reasons.size()))) {
            table.row(
                    Ink.BOLD,
                    why.task() == null ? "the run" : why.task().toString(),
                    words.way(why),
                    words.what(why));
        }
        shell.print(table.lines(show.of(shell.outScreen())));
        if (reasons.size() > MOST) {
            shell.say("and " + (reasons.size() - MOST) + " more; `--json` has all of them");
        }
    }

    private static Value document(
            RunState state,
            Run found,
            Reasons words,
            List<Why> reasons,
            List<LatestChoices.Choice> given) {
        var waits = new ArrayList<Value>();
        for (var why : reasons) {
            waits.add(
                    Value.struct(
                            "task",
                            RunDocument.task(why.task()),
                            "kind",
                            Value.text(Reasons.kind(why)),
                            "waits_for",
                            Value.text(words.what(why)),
                            "moments",
                            words.momentsWritten(why),
                            "way",
                            Value.text(words.way(why))));
        }
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(found.id().value()),
                "waits",
                new Value.Array(waits),
                "choices",
                new Value.Array(
                        given.stream()
                                .<Value>map(
                                        one -> Choices.document(one.assigned(), kept(state, one)))
                                .toList()));
    }
}
