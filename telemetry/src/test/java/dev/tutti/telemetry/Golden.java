package dev.tutti.telemetry;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt.Step;
import dev.tutti.runtime.agent.Attempt.Taken;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.step.StepTaken;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The golden journals of the simulation, all in one journal, their events in turn.
final class Golden {
    private static final Path FOLDER = Path.of("../simulation/src/test/resources/golden/v1");
    private static final Span.Emitter EMITTER =
            new Span.Emitter(Resource.empty(), InstrumentationScopeInfo.create("test"));

    private Golden() {}

    static MemoryJournal journal() throws IOException {
        var journal = new MemoryJournal();
        long epoch = journal.claim();
        var runs = new ArrayList<List<String>>();
        var names = new ArrayList<StreamId>();
        try (var files = Files.list(FOLDER)) {
            for (var file : files.sorted().toList()) {
                runs.add(Files.readAllLines(file));
                var name = file.getFileName().toString().replace(".jsonl", "");
                names.add(StreamId.run(TenantId.LOCAL, new RunId(name)));
            }
        }
        boolean more = true;
        for (int i = 0; more; i++) {
            more = false;
            for (int run = 0; run < runs.size(); run++) {
                if (i < runs.get(run).size()) {
                    more = true;
                    var entry = entry(runs.get(run).get(i));
                    var stream = names.get(run);
                    journal.commit(
                            List.of(
                                    new Append(
                                            names.get(run),
                                            i,
                                            epoch,
                                            List.of(entry),
                                            List.of(),
                                            List.of(),
                                            List.of(),
                                            null)));
                    steps(journal, epoch, stream, entry);
                }
            }
        }
        return journal;
    }

    /// Every attempt calls a model and then a tool, before anything else happens.
    private static void steps(MemoryJournal journal, long epoch, StreamId run, NewEntry entry) {
        var event = EventCodec.outline(entry.type(), entry.version(), entry.payload());
        if (!(event instanceof Event.Assigned assigned)) {
            return;
        }
        var used = new Usage(Money.of("0.002"), 11, 5);
        var steps =
                List.of(
                        new StepTaken(
                                1,
                                assigned.token(),
                                new Step("model", "large", Value.text("hush")),
                                new Taken(Value.text("hush"), used)),
                        new StepTaken(
                                2,
                                assigned.token(),
                                new Step("tool", "files", Value.text("hush")),
                                new Taken(Value.text("hush"), Usage.NONE)));
        for (var step : steps) {
            journal.commit(
                    List.of(
                            new Append(
                                    StreamId.attempt(run, assigned.token()),
                                    step.number() - 1,
                                    epoch,
                                    List.of(
                                            step.entry(
                                                    entry.at().plusMillis(step.number()), "test")),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    null)));
        }
    }

    private static NewEntry entry(String line) {
        var fields = (Value.Struct) Json.parse(line);
        return new NewEntry(
                text(fields, "type"),
                1,
                Instant.parse(text(fields, "at")),
                text(fields, "actor"),
                text(fields, "cause"),
                null,
                Json.bytes(Objects.requireNonNull(fields.get("payload"))));
    }

    private static String text(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Text(var text) ? text : "";
    }

    /// The spans of what comes after `position`, by a process that knows nothing before it.
    ///
    /// @param most runs that it holds at a time
    static List<Span> spans(MemoryJournal journal, long position, int most, GenAiNames names) {
        var spans = new ArrayList<Span>();
        var traces = new Traces(journal, EMITTER, names, spans::add, most);
        journal.follow(position, Integer.MAX_VALUE)
                .forEach(entry -> traces.accept(entry, Signals.NONE));
        return spans;
    }
}
