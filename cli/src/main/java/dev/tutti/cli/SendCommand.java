package dev.tutti.cli;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Request;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Sends a run a message that a task may wait for.
@Command(
        name = "send",
        description = "Sends a run a message that a task may wait for (`await`).",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:the message is on disk",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class SendCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run, by its id or the beginning of it")
    private String run = "";

    @Parameters(index = "1", paramLabel = "TYPE", description = "The type of the message")
    private String type = "";

    @Option(names = "--data", paramLabel = "JSON", description = "What it says")
    private String data = "{}";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Sent twice under one key it arrives once")
    private @Nullable String key;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    SendCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Value content = VerbCommands.json("--data", data);
        try (var tutti = store.open(shell).forErrands()) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            found.ask(new Request.Deliver(type, content), key);
            shell.say(
                    "sent · see what came of it: tutti events " + Ends.shortId(tutti, found.id()));
        }
        return ExitCode.SUCCEEDED;
    }
}
