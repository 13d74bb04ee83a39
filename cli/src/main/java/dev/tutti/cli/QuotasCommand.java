package dev.tutti.cli;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.view.Table;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    /// How much of a quota is taken.
    private static final class Use {
        private final Terms.Quota quota;
        private int attempts;
        private int waiting;

        private Use(Terms.Quota quota) {
            this.quota = quota;
        }
    }

    QuotasCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        var uses = new TreeMap<String, Use>();
        try (var tutti = Tutti.open(store.existing(shell))) {
            for (Run run : tutti.unfinished()) {
                var state = run.load().state();
                if (state.started()) {
                    count(uses, state, tutti.team(run));
                }
            }
        }
        if (json.wanted()) {
            var list = new ArrayList<Value>();
            uses.values().forEach(use -> list.add(document(use)));
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct(
                                            "format",
                                            RunDocument.FORMAT,
                                            "quotas",
                                            new Value.Array(list)))));
        } else if (uses.isEmpty()) {
            shell.say("no unfinished run names a quota");
        } else {
            print(uses.values());
        }
        return ExitCode.SUCCEEDED;
    }

    private static void count(Map<String, Use> uses, RunState state, Team team) {
        var terms = team.terms();
        for (var quota : terms.quotas()) {
            uses.putIfAbsent(quota.name(), new Use(quota));
        }
        for (var open : state.open().values()) {
            var agent = open.agent();
            if (agent != null) {
                terms.of(agent).quotas().forEach(name -> add(uses.get(name), 1, 0));
            }
        }
        for (var task : state.tasks().entrySet()) {
            if (task.getValue().phase() == TaskState.Phase.READY) {
                var agents = Match.capable(team.agents(), state.performer(task.getKey()));
                agents.stream()
                        .flatMap(agent -> terms.of(agent.id()).quotas().stream())
                        .distinct()
                        .forEach(name -> add(uses.get(name), 0, 1));
            }
        }
    }

    private static void add(@Nullable Use use, int attempts, int waiting) {
        if (use != null) {
            use.attempts += attempts;
            use.waiting += waiting;
        }
    }

    private void print(Iterable<Use> uses) {
        var table = new Table("quota", "under way", "waiting", "limits");
        for (var use : uses) {
            var slots = use.quota.slots();
            table.row(
                    Ink.BOLD,
                    use.quota.name(),
                    use.attempts + (slots == null ? "" : " of " + slots),
                    Integer.toString(use.waiting),
                    limits(use.quota));
        }
        shell.print(table.lines(show.of(shell.outScreen())));
    }

    private static String limits(Terms.Quota quota) {
        var words = new ArrayList<String>();
        if (quota.requests() != null) {
            words.add(rate(quota.requests()) + " requests");
        }
        if (quota.tokens() != null) {
            words.add(rate(quota.tokens()) + " tokens");
        }
        if (quota.memory() != null) {
            words.add(Figures.bytes(quota.memory()));
        }
        return String.join(", ", words);
    }

    private static String rate(Terms.Rate rate) {
        return rate.count() + " in " + Figures.took(rate.per());
    }

    private static Value document(Use use) {
        var slots = use.quota.slots();
        return Value.struct("quota", Value.text(use.quota.name()))
                .with("under_way", Value.of(use.attempts))
                .with("waiting", Value.of(use.waiting))
                .with("slots", slots == null ? Value.NULL : Value.of(slots))
                .with("limits", Value.text(limits(use.quota)));
    }
}
