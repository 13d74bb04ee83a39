package dev.tutti.cli;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.document.QuotaUse;
import dev.tutti.runtime.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what the runs of a store share, and how much of it is taken.
@Command(
        name = "quotas",
        description =
                "Says which quotas the unfinished runs share, how much of each is taken, and how"
                        + " many tasks wait that need it.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class QuotasCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    QuotasCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<QuotaUse> uses;
        try (var tutti = store.open(shell)) {
            uses = QuotaUse.of(tutti, Instant.now());
        }
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(QuotaUse.document(uses))));
        } else if (uses.isEmpty()) {
            shell.say("no unfinished run names a quota");
        } else {
            print(uses);
        }
        return ExitCode.SUCCEEDED;
    }

    private void print(List<QuotaUse> uses) {
        var table = new Table("quota", "under way", "waiting", "left", "limits");
        for (var use : uses) {
            var slots = use.quota().slots();
            table.row(
                    Ink.BOLD,
                    use.quota().name(),
                    use.underWay() + (slots == null ? "" : " of " + slots),
                    Integer.toString(use.waiting()),
                    use.left(),
                    use.limits());
        }
        shell.print(table.lines(show.of(shell.outScreen())));
    }
}
