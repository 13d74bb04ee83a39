package dev.tutti.cli;

import dev.tutti.Topics;
import dev.tutti.Topics.Seen;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints the topics, or the messages of one.
@Command(
        name = "messages",
        description = "Prints the topics of a store, or the messages of one and what each led to.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE,
            "130:interrupted while following"
        })
final class MessagesCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;
    private static final long LOOK = 100;
    private static final int LONGEST_DATA = 120;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Shell shell;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOPIC",
            description = "Whose messages; without it, the topics that there are")
    private @Nullable String topic;

    @Option(names = "--follow", description = "Go on printing as messages come")
    private boolean follow;

    @Option(names = "--after", paramLabel = "N", description = "Only messages after this one")
    private long after;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "Only so many, the newest. Default: 50")
    private @Nullable Integer last;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only messages of this type")
    private @Nullable String type;

    @Option(names = "--key", paramLabel = "KEY", description = "Only messages with this key")
    private @Nullable String key;

    @Option(names = "--json", description = "One JSON object for each, each on one line")
    private boolean json;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    MessagesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var tutti = store.open(shell);
                var reader = tutti.reader()) {
            return topic == null ? list(tutti.topics()) : print(tutti.topics(), reader, topic);
        }
    }

    private int list(Topics topics) {
        var names = topics.names();
        for (var name : names) {
            long count = topics.count(name);
            shell.out()
                    .println(
                            json
                                    ? Json.text(
                                            Value.struct(
                                                    "topic",
                                                    Value.text(name),
                                                    "messages",
                                                    Value.of(count)))
                                    : name + "  " + Figures.count(count, "message"));
        }
        if (names.isEmpty() && !json) {
            shell.say("no messages yet; publish one: tutti publish TOPIC TYPE --data '{…}'");
        }
        return ExitCode.SUCCEEDED;
    }

    private int print(Topics topics, JournalReader reader, String name)
            throws InterruptedException {
        if (follow) {
            shell.interrupts().listen();
        }
        long from = Math.max(0, after);
        if (after == 0) {
            from = Math.max(0, topics.count(name) - (last == null ? 50 : Math.max(0, last)));
        }
        while (!shell.interrupts().interrupted()) {
            var page = topics.after(reader, name, from, PAGE);
            for (var seen : page) {
                if ((type == null || type.equals(seen.posted().event().type()))
                        && (key == null || key.equals(seen.posted().event().subject()))) {
                    shell.out().println(json ? Json.text(document(seen)) : line(seen));
                }
                from = seen.sequence();
            }
            shell.out().flush();
            if (page.size() < PAGE) {
                if (!follow) {
                    return ExitCode.SUCCEEDED;
                }
                shell.interrupts().pause(LOOK);
            }
        }
        return ExitCode.INTERRUPTED;
    }

    private static Value.Struct document(Seen seen) {
        return Value.struct(
                "format",
                Value.of(1),
                "topic",
                Value.text(seen.topic()),
                "sequence",
                Value.of(seen.sequence()),
                "at",
                Value.text(seen.at().toString()),
                "event",
                seen.posted().event().value(),
                "reactions",
                new Value.Array(
                        seen.posted().reactions().stream().<Value>map(Posted::value).toList()));
    }

    private static String line(Seen seen) {
        var event = seen.posted().event();
        var line = new StringBuilder();
        line.append(seen.sequence()).append(' ').append(TIME.format(seen.at()));
        line.append("  ").append(Printable.line(event.type()));
        if (event.subject() != null) {
            line.append(" for ").append(Printable.line(event.subject()));
        }
        var data = Json.text(event.data());
        line.append("  ")
                .append(
                        Printable.line(
                                data.length() > LONGEST_DATA
                                        ? data.substring(0, LONGEST_DATA) + "…"
                                        : data));
        for (var reaction : seen.posted().reactions()) {
            line.append("\n    → ").append(Printable.line(reaction.subscription()));
            if (reaction.run() != null && !reaction.subscription().contains(reaction.run())) {
                line.append(": run ").append(reaction.run());
            }
            if (reaction.why() != null) {
                line.append(": ").append(Printable.line(reaction.why()));
            }
        }
        return line.toString();
    }
}
