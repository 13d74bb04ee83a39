package dev.tutti.cli;

import dev.tutti.cli.view.EventLines;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints the journal of a run.
@Command(
        name = "events",
        description =
                "Prints the journal of a run: one line for each event, with its stage and task.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE,
            "130:interrupted while following"
        })
final class EventsCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;
    private static final long LOOK = 100;

    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(names = "--follow", description = "Go on printing until the run has ended")
    private boolean follow;

    @Option(names = "--after", paramLabel = "SEQ", description = "Only events after this one")
    private long after;

    @Option(names = "--json", description = "One JSON object for each event, each on one line")
    private boolean json;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var tutti = store.open(shell);
                var reader = tutti.reader()) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            return print(reader, found.id());
        }
    }

    private int print(JournalReader reader, RunId id) throws InterruptedException {
        if (follow) {
            shell.interrupts().listen();
        }
        var stream = StreamId.run(TenantId.LOCAL, id);
        long from = Math.max(0, after);
        boolean ended = after > 0 && hasEnded(reader, stream);
        while (!shell.interrupts().interrupted()) {
            var page = reader.read(stream, from, PAGE);
            for (var entry : page) {
                ended |= print(entry);
                from = entry.sequence();
            }
            shell.out().flush();
            if (page.size() < PAGE) {
                if (!follow || ended) {
                    return ExitCode.SUCCEEDED;
                }
                shell.interrupts().pause(LOOK);
            }
        }
        return ExitCode.INTERRUPTED;
    }

    private static boolean hasEnded(JournalReader reader, StreamId stream) {
        return Runs.load(reader, stream).state().status().isFinal();
    }

    /// Prints an event; returns whether it ends the run.
    private boolean print(Entry entry) {
        var event = Runs.event(entry);
        if (json) {
            shell.out().println(Json.text(EventLines.document(entry, event)));
        } else {
            var screen = show.of(shell.outScreen());
            shell.out().println(EventLines.line(entry, event, screen));
        }
        return event instanceof Event.Ended;
    }
}
