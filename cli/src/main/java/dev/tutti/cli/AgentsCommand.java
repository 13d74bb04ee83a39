package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.AgentRecords;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.evidence.Standing;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.RunDocument;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says how agents did so far.
@Command(
        name = "agents",
        description =
                "Says how agents did in the newest runs: how often their results were accepted, how"
                        + " sure that is, and what they took.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class AgentsCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(
            names = "--explain",
            paramLabel = "AGENT[/SKILL]",
            description = "Say in sentences what is known of one agent")
    private @Nullable String explain;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    AgentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Standing> known;
        try (var tutti = store.open(shell)) {
            known =
                    tutti.evidence().standings().stream()
                            .filter(one -> explain == null || AgentRecords.named(one, explain))
                            .sorted(
                                    Comparator.comparing(AgentRecords::skill)
                                            .thenComparing(
                                                    Comparator.comparingDouble(Standing::success)
                                                            .reversed()))
                            .toList();
        }
        if (explain != null && known.isEmpty()) {
            throw new Refusal(
                    "nothing is known of `"
                            + explain
                            + "`; `tutti agents` lists who did something");
        }
        if (json.wanted()) {
            var agents =
                    new Value.Array(known.stream().<Value>map(AgentRecords::document).toList());
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct("format", RunDocument.FORMAT, "agents", agents))));
        } else if (explain != null) {
            known.forEach(one -> shell.print(AgentRecords.sentences(one)));
        } else if (known.isEmpty()) {
            shell.say("no agent has done anything in this store yet");
        } else {
            print(known);
        }
        return ExitCode.SUCCEEDED;
    }

    private void print(List<Standing> known) {
        var table = new Table("agent", "skill", "accepted", "expected", "time", "cost", "state");
        for (var one : known) {
            table.row(
                    Ink.BOLD,
                    one.agent().value(),
                    AgentRecords.skill(one),
                    AgentRecords.accepted(one),
                    AgentRecords.expected(one),
                    AgentRecords.time(one),
                    AgentRecords.cost(one),
                    AgentRecords.state(one));
        }
        shell.print(table.lines(show.of(shell.outScreen())));
    }
}
