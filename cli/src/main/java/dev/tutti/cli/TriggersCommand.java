package dev.tutti.cli;

import dev.tutti.core.event.Trigger;
import dev.tutti.document.TriggersDocument;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.topic.Board;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints what begins runs by itself.
@Command(
        name = "triggers",
        description =
                "Prints the triggers that are deployed in a store, when the next time of each"
                        + " comes, and what each has under way.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class TriggersCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(
            names = "--remove",
            paramLabel = "NAME",
            description = "Let the triggers of what is deployed under this name begin no more runs")
    private @Nullable String remove;

    @Option(names = "--json", description = "One JSON object for each, each on one line")
    private boolean json;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    TriggersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var tutti = store.open(shell).forErrands()) {
            if (remove != null) {
                tutti.topics().withdraw(remove);
                shell.say("removed " + remove);
                return ExitCode.SUCCEEDED;
            }
            print(tutti.topics().board());
        }
        return ExitCode.SUCCEEDED;
    }

    private void print(Board board) {
        if (board.deployments().isEmpty() && !json) {
            shell.say(
                    "nothing is deployed; `tutti deploy FILE` lets the triggers of a team begin"
                            + " runs");
        }
        for (var deployment : board.deployments()) {
            if (!json) {
                shell.out().println(deployment.name() + "  " + Printable.line(deployment.from()));
            }
            board.triggers().stream()
                    .filter(one -> one.id().startsWith(deployment.name() + "/"))
                    .forEach(one -> print(board, one.id(), one.trigger(), null));
            board.times().stream()
                    .filter(one -> one.id().startsWith(deployment.name() + "/"))
                    .forEach(one -> print(board, one.id(), one.trigger(), one.next()));
        }
    }

    private void print(Board board, String id, Trigger trigger, @Nullable Instant next) {
        var counts = board.underWay().getOrDefault(id, new int[2]);
        if (json) {
            shell.out().println(Json.text(TriggersDocument.of(id, trigger, next, counts)));
            return;
        }
        var line =
                new StringBuilder("  ")
                        .append(id)
                        .append("  ")
                        .append(TriggersDocument.when(trigger));
        if (trigger.overlap() != Trigger.Overlap.ALLOW) {
            line.append("  overlap ").append(trigger.overlap().word());
        }
        if (next != null) {
            line.append("  next ").append(next);
        }
        if (counts[0] > 0) {
            line.append("  ").append(Figures.count(counts[0], "run")).append(" under way");
        }
        if (counts[1] > 0) {
            line.append(", ").append(counts[1]).append(" waiting");
        }
        shell.out().println(line);
    }
}
