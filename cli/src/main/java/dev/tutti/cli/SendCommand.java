package dev.tutti.cli;

import dev.tutti.Preview;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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

    @Mixin private final Manner manner = new Manner();

    SendCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Value content = VerbCommands.json("--data", data);
        try (var tutti = manner.open(shell)) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            manner.requireExpected(found);
            if (manner.isDry()) {
                var preview = Preview.ofMessage(tutti, found, type, content);
                return manner.print(shell, tutti, found, "send to", preview);
            }
            found.ask(new Request.Deliver(type, content), manner.key());
            if (manner.isJson()) {
                var status = found.load().state().status();
                shell.print(List.of(Json.pretty(Manner.document(found.id(), "send", status))));
            }
            shell.say(
                    "sent · see what came of it: tutti events " + Ends.shortId(tutti, found.id()));
        }
        return ExitCode.SUCCEEDED;
    }
}
