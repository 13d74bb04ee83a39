package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.AgentRecords;
import dev.tutti.cli.view.Table;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Value;
import dev.tutti.document.LatestChoices;
import dev.tutti.document.Leaderboard;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Choices;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says how agents did so far, and switches them off and on.
@Command(
        name = "agents",
        description =
                "Says how agents did in the newest runs: how often their results were accepted, how"
                        + " sure that is, what they took, and whether they may be given tasks now.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class AgentsCommand implements Callable<Integer> {
    private static final int MOST_RUNS = 100;
    private static final int MOST_CHOICES = 3;

    private final Shell shell;

    @ArgGroup private @Nullable Wanted wanted;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why it is switched, for those who read of it later")
    private String reason = "";

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    /// One of these at most.
    static final class Wanted {
        @Option(
                names = "--explain",
                paramLabel = "AGENT[/SKILL]",
                description =
                        "Say in sentences what is known of one agent, and why it was chosen or not"
                                + " in the latest choices")
        private @Nullable String explain;

        @Option(
                names = "--disable",
                paramLabel = "AGENT",
                description =
                        "Switch an agent off: in no team is it given a task until it is on again."
                                + " What it has under way may end")
        private @Nullable String disable;

        @Option(
                names = "--enable",
                paramLabel = "AGENT",
                description = "Switch an agent on again: who waits for it is served")
        private @Nullable String enable;
    }

    AgentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        var explain = wanted == null ? null : wanted.explain;
        var now = Instant.now();
        Leaderboard known;
        var choices = List.<LatestChoices.Choice>of();
        try (var tutti = store.open(shell).forErrands()) {
            if (wanted != null && wanted.disable != null) {
                turn(tutti, wanted.disable, false);
            } else if (wanted != null && wanted.enable != null) {
                turn(tutti, wanted.enable, true);
            }
            if (wanted != null && explain == null && !json.wanted()) {
                return ExitCode.SUCCEEDED;
            }
            known = Leaderboard.of(tutti, now);
            if (explain != null && !known.of(explain).isEmpty()) {
                var agent = known.of(explain).getFirst().agent();
                choices = LatestChoices.of(tutti, agent, MOST_CHOICES);
            }
        }
        var rows = explain == null ? known.rows() : known.of(explain);
        if (explain != null && rows.isEmpty()) {
            throw new Refusal(
                    "nothing is known of `"
                            + explain
                            + "`; `tutti agents` lists who did something");
        }
        if (json.wanted()) {
            var document = Leaderboard.document(rows, known.off(), now);
            shell.print(
                    List.of(
                            Json.pretty(
                                    explain == null
                                            ? document
                                            : document.with("choices", documents(choices)))));
        } else if (explain != null) {
            rows.forEach(row -> shell.print(AgentRecords.sentences(row, now)));
            shell.print(List.of("the latest choices in which it was weighed:"));
            for (var choice : choices) {
                shell.print(List.of("run " + choice.run()));
                shell.print(
                        Choices.sentences(choice.assigned()).stream()
                                .map(line -> "  " + line)
                                .toList());
            }
        } else {
            print(known);
        }
        return ExitCode.SUCCEEDED;
    }

    private static Value documents(List<LatestChoices.Choice> choices) {
        return new Value.Array(
                choices.stream()
                        .<Value>map(choice ->
                                Choices.document(choice.assigned())
                                        .with("run", Value.text(choice.run().value())))
                        .toList());
    }

    /// A name that nobody knows is taken as it is: an agent may be switched off before it comes.
    private void turn(Tutti tutti, String name, boolean on) throws InterruptedException {
        var agent = agent(name);
        boolean known =
                tutti.runs(MOST_RUNS).stream()
                        .anyMatch(run ->
                                tutti.team(tutti.run(run.run().value())).agent(agent).isPresent());
        tutti.turn(agent, on, reason);
        shell.say(
                "agent "
                        + agent
                        + (on
                                ? " is on: it may be given tasks"
                                : " is switched off: it is given no task until `tutti agents"
                                        + " --enable "
                                        + agent
                                        + "`"));
        if (!known) {
            shell.say("note: no run of this store has had an agent of that name so far");
        }
    }

    private static AgentId agent(String name) {
        try {
            return new AgentId(name);
        } catch (IllegalArgumentException e) {
            throw new Refusal("`" + name + "` is not the name of an agent: " + e.getMessage());
        }
    }

    private void print(Leaderboard known) {
        if (known.rows().isEmpty()) {
            shell.say("no agent has done anything in this store yet");
        } else {
            var table =
                    new Table(
                            "agent",
                            "skill",
                            "accepted",
                            "expected",
                            "time",
                            "cost",
                            "left",
                            "state");
            for (var row : known.rows()) {
                table.row(
                        Ink.BOLD,
                        row.agent().value(),
                        row.skill(),
                        AgentRecords.accepted(row),
                        AgentRecords.expected(row),
                        AgentRecords.time(row),
                        AgentRecords.cost(row),
                        AgentRecords.left(row),
                        AgentRecords.state(row, known.at()));
            }
            shell.print(table.lines(show.of(shell.outScreen())));
        }
        known.off()
                .forEach((agent, off) ->
                        shell.say("agent " + agent + " is " + AgentRecords.off(off)));
    }
}
