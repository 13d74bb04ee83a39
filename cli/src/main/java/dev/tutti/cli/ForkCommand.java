package dev.tutti.cli;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.RunDocument;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Begins a run that goes on from an event of another.
@Command(
        name = "fork",
        description = {
            "Begins a new run that goes on from an event of another, which stays as it is.",
            "",
            "What the other run has done outside counts as done, unless `--refire` is given. Without `--at` the new run"
                    + " goes on from before the other failed."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:the new run is on disk; its id is printed",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ForkCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(names = "--at", paramLabel = "SEQ", description = "The last event that is taken over")
    private long at = Long.MAX_VALUE;

    @Option(names = "--refire", description = "Lets what the run has done outside be done again")
    private boolean refire;

    @Option(
            names = "--edit",
            paramLabel = "TASK",
            description = "The task that is to have another input or output in it")
    private @Nullable String edit;

    @Option(names = "--input", paramLabel = "JSON", description = "The input of that task")
    private @Nullable String input;

    @Option(names = "--output", paramLabel = "JSON", description = "What that task gives")
    private @Nullable String output;

    @Mixin private final Options.ReasonOption why = new Options.ReasonOption();

    @Mixin private final Manner manner = new Manner();

    ForkCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        var key = manner.key();
        if (key != null && !key.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new Refusal(
                    "a key has up to 64 letters, digits, `-` and `_`, unlike `" + key + "`");
        }
        try (var tutti = manner.open(shell)) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            manner.requireExpected(found);
            if (manner.isDry()) {
                var preview = Preview.ofFork(tutti, found, at, refire, edit());
                return manner.print(shell, tutti, found, "fork", preview);
            }
            var fork = found.fork(at, refire, edit(), why.reason(), key);
            if (manner.isJson()) {
                shell.print(
                        List.of(
                                Json.pretty(
                                        Value.struct(
                                                "format",
                                                RunDocument.FORMAT,
                                                "run",
                                                Value.text(fork.id().value()),
                                                "from",
                                                Value.text(found.id().value())))));
            } else {
                shell.print(List.of(fork.id().value()));
            }
            shell.say("go on with it: tutti recover " + Ends.shortId(tutti, fork.id()));
        }
        return ExitCode.SUCCEEDED;
    }

    private Verb.@Nullable Edit edit() {
        if (edit == null && input == null && output == null) {
            return null;
        }
        if (edit == null) {
            throw new Refusal("of which task? say `--edit TASK`");
        }
        return VerbCommands.edit(VerbCommands.task(edit), input, output);
    }
}
