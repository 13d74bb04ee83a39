package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.Value;
import dev.tutti.document.Deed;
import dev.tutti.document.Deeds;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says who did what.
@Command(
        name = "audit",
        description = {
            "Says who did what to which run, when and why, the newest first: beginning runs, every"
                    + " verb, answers, and what was refused; and who deployed or removed triggers,"
                    + " switched agents, and told or forgot what is remembered.",
            "",
            "It is read from the journal, which is the only record of it."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class AuditCommand implements Callable<Integer> {
    private static final int MOST = 100_000;
    private static final int WHY = 60;

    private final Shell shell;

    @Option(names = "--by", paramLabel = "NAME", description = "Only by whom has this in the name")
    private @Nullable String by;

    @Option(names = "--verb", paramLabel = "VERB", description = "Only this, such as retry")
    private @Nullable String verb;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "Only to runs whose id begins like this")
    private @Nullable String run;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only since then: 24h ago, or 2027-01-31T00:00:00Z")
    private @Nullable String since;

    @Option(names = "--limit", paramLabel = "N", description = "How many at most. Default: 50")
    private int limit = 50;

    @Option(names = "--csv", description = "Lines for a spreadsheet, with the names of columns")
    private boolean csv;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    AuditCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new Refusal("`--limit` is from 1 to " + MOST);
        }
        if (csv && json.wanted()) {
            throw new Refusal("one form at a time: `--csv` or `--json`");
        }
        var wanted =
                new Deeds.Wanted(
                        by,
                        verb,
                        run == null ? null : run.toUpperCase(Locale.ROOT),
                        Options.moment("--since", since),
                        Long.MAX_VALUE);
        var deeds = new Deeds();
        try (var tutti = store.open(shell);
                var reader = tutti.reader();
                var progress =
                        new Progress(shell, show.of(shell.errScreen()), "reading", "event")) {
            deeds.readOn(reader, Long.MAX_VALUE, progress::at);
        }
        var found = deeds.find(wanted, limit);
        if (csv) {
            shell.out().println(Deed.COLUMNS);
            found.forEach(deed -> shell.out().println(deed.row()));
        } else if (json.wanted()) {
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct(
                                            "format",
                                            RunDocument.FORMAT,
                                            "deeds",
                                            new Value.Array(
                                                    found.stream()
                                                            .<Value>map(Deed::value)
                                                            .toList())))));
        } else if (found.isEmpty()) {
            shell.say("nobody did anything like that");
        } else {
            print(found);
        }
        return ExitCode.SUCCEEDED;
    }

    private void print(List<Deed> found) {
        var table = new Table("when", "who", "what", "run", "event", "tasks", "why");
        for (var deed : found) {
            table.row(
                    deed.refused() ? Ink.RED : Ink.PLAIN,
                    deed.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Printable.line(deed.by(), WHY),
                    deed.verb() + (deed.refused() ? " (refused)" : ""),
                    deed.runText(),
                    Long.toString(deed.sequence()),
                    Printable.line(String.join(" ", deed.tasks()), WHY),
                    Printable.line(deed.why(), WHY));
        }
        shell.print(table.lines(show.of(shell.outScreen())));
    }
}
