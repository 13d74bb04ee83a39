package dev.tutti.cli;

import dev.tutti.Busy;
import dev.tutti.Refusal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Publishes a message on a topic.
@Command(
        name = "publish",
        description = {
            "Publishes a message on a topic, for whoever waits for it (`await` with a `topic`) and for what"
                    + " it triggers.",
            "",
            "A topic is there once it has a message. See what came: tutti messages TOPIC"
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:the message is on disk",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class PublishCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "Where, such as `orders`")
    private String topic = "";

    @Parameters(
            index = "1",
            paramLabel = "TYPE",
            description = "The type of the message, such as `order.paid`")
    private String type = "";

    @Option(names = "--data", paramLabel = "JSON", description = "What it says")
    private String data = "{}";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "What it is about, for those who wait for just this")
    private @Nullable String key;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Published twice under one id and source it is there once")
    private @Nullable String id;

    @Option(
            names = "--source",
            paramLabel = "URI",
            description = "Who publishes. Default: tutti/ and the name of the user")
    private @Nullable String source;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    PublishCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        var content = VerbCommands.json("--data", data);
        try (var tutti = store.any(shell).forErrands()) {
            var topics = tutti.topics();
            var from =
                    source == null ? "tutti/" + System.getProperty("user.name", "someone") : source;
            topics.publish(topic, topics.event(from, type, key, id, content));
            shell.say("published · see what came of it: tutti messages " + topic);
        } catch (Busy busy) {
            throw new Refusal(String.valueOf(busy.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new Refusal("this is no message: " + e.getMessage());
        }
        return ExitCode.SUCCEEDED;
    }
}
