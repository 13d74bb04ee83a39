package dev.tutti.cli;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.document.BudgetDocument;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.Unpriced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says what a run may spend, has spent and has set aside.
@Command(
        name = "budget",
        description =
                "Says what a run may spend, what it has spent and set aside, what is left, and which"
                        + " tasks wait for it, and what it would take to finish; runs within, each"
                        + " with its part.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class BudgetCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    BudgetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (var tutti = store.open(shell)) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var state = found.load().state();
            var now = Instant.now();
            boolean unpriced = isUnpriced(tutti, found);
            if (json.wanted()) {
                var document =
                        BudgetDocument.left(tutti, found, state)
                                .map(left -> BudgetDocument.of(found.id(), state, now, left))
                                .orElseGet(() -> BudgetDocument.of(found.id(), state, now));
                shell.print(
                        List.of(
                                Json.pretty(
                                        unpriced
                                                ? document.with("unpriced", Value.of(true))
                                                : document)));
                return ExitCode.SUCCEEDED;
            }
            shell.print(lines(tutti, found, state, now));
            shell.print(unpriced ? List.of(Unpriced.NOTE) : List.of());
            return ExitCode.SUCCEEDED;
        }
    }

    private static boolean isUnpriced(Tutti tutti, Run found) {
        var overview = Overview.of(found.id());
        try (var reader = tutti.reader()) {
            overview.readOn(reader);
        }
        return overview.state().started() && Unpriced.is(tutti.team(found), overview);
    }

    // ---- for people

    private List<String> lines(Tutti tutti, Run found, RunState state, Instant now) {
        var ledger = state.ledger();
        var lines = new ArrayList<String>();
        if (ledger.cap().equals(Budget.NONE)) {
            lines.add(
                    "run "
                            + Ends.shortId(tutti, found.id())
                            + " has no budget; it has spent "
                            + ledger.spent());
        } else {
            var used = ledger.parts().used();
            var held = ledger.parts().held();
            var table = new Table("", "budget", "spent", "set aside", "left");
            row(
                    table,
                    "usd",
                    ledger.cap().usd(),
                    usd(ledger.spent()),
                    usd(ledger.held()),
                    ledger.freeMoney().map(money -> "$" + money).orElse("-"));
            row(
                    table,
                    "tokens",
                    ledger.cap().tokens(),
                    tokens(ledger.spent()),
                    tokens(ledger.held()),
                    ledger.freeTokens().map(String::valueOf).orElse("-"));
            row(
                    table,
                    "attempts",
                    ledger.cap().attempts(),
                    "" + (ledger.attempts() + used.attempts()),
                    "" + held.attempts(),
                    left(ledger.freeAttempts()));
            row(
                    table,
                    "tasks",
                    ledger.cap().tasks(),
                    "" + (state.tasks().size() + used.tasks()),
                    "" + held.tasks(),
                    left(ledger.freeTasks(state.tasks().size())));
            row(
                    table,
                    "runs",
                    ledger.cap().runs(),
                    "" + (ledger.parts().begun() + used.runs()),
                    "" + held.runs(),
                    left(ledger.freeRuns()));
            time(table, state, now);
            lines.addAll(table.lines(show.of(shell.outScreen())));
        }
        if (!ledger.alarms().isEmpty()) {
            lines.add(
                    "alarms: "
                            + ledger.alarms().entrySet().stream()
                                    .map(told -> told.getValue() + " % of " + told.getKey())
                                    .collect(Collectors.joining(", ")));
        }
        ledger.waiting()
                .forEach((task, need) -> {
                    var counted = ledger.parts().waiting().get(task);
                    lines.add(
                            task
                                    + " waits: "
                                    + (counted == null
                                            ? "it may take " + need
                                            : "a run within needs " + needs(need, counted)));
                });
        BudgetDocument.left(tutti, found, state)
                .ifPresent(left -> lines.add("to finish: " + left.sentence(state)));
        children(tutti, found, now).forEach(lines::add);
        return lines;
    }

    private static String needs(Spend need, Tally counted) {
        return counted.isNone() || !need.isNone() ? need.toString() : counted.toString();
    }

    private static void row(
            Table table,
            String limit,
            @Nullable Object cap,
            String spent,
            String held,
            String left) {
        if (cap != null) {
            table.row(Ink.PLAIN, limit, cap.toString(), spent, held, left);
        }
    }

    private static void time(Table table, RunState state, Instant now) {
        var cap = state.ledger().cap().time();
        if (cap != null) {
            var timing = BudgetDocument.timing(state, now);
            row(
                    table,
                    "time",
                    Figures.took(cap),
                    timing.map(time -> Figures.took(time.used())).orElse("-"),
                    "-",
                    timing.map(time -> Figures.took(time.left())).orElse("-"));
        }
    }

    private static String usd(Spend spend) {
        return "$" + spend.usd();
    }

    private static String tokens(Spend spend) {
        return Long.toString(spend.tokens());
    }

    private static String left(Optional<Integer> free) {
        return free.map(String::valueOf).orElse("-");
    }

    private static List<String> children(Tutti tutti, Run found, Instant now) {
        var lines = new ArrayList<String>();
        for (var child : started(tutti, found)) {
            var state = tutti.run(child.child().value()).load().state();
            var ledger = state.ledger();
            lines.add(
                    child.task()
                            + " is run "
                            + Ends.shortId(tutti, child.child())
                            + ": "
                            + ledger.spent()
                            + " spent"
                            + (ledger.cap().usd() == null ? "" : " of $" + ledger.cap().usd())
                            + state.timeLeft(now)
                                    .map(left -> ", " + Figures.took(left) + " left")
                                    .orElse(""));
        }
        return lines;
    }

    private static List<Event.ChildStarted> started(Tutti tutti, Run found) {
        try (var reader = tutti.reader()) {
            return reader.read(found.stream(), 0, Integer.MAX_VALUE).stream()
                    .map(dev.tutti.runtime.engine.Runs::event)
                    .filter(Event.ChildStarted.class::isInstance)
                    .map(Event.ChildStarted.class::cast)
                    .toList();
        }
    }
}
