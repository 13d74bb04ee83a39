package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import dev.tutti.view.Sentences;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Entries of a journal, a line each.
public final class EventLines {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private EventLines() {}

    public static String line(Entry entry, Event event, Screen screen) {
        var said = Sentences.of(event);
        var actor = entry.event().actor();
        boolean byPerson = !actor.equals("engine") && !actor.startsWith("agent/");
        var line =
                new Line()
                        .add(
                                Ink.DIM,
                                "%6d  %s  "
                                        .formatted(
                                                entry.sequence(), TIME.format(entry.event().at())))
                        .column(Ink.BLUE, said.stage(), 9)
                        .column(Ink.PLAIN, said.task(), 16)
                        .add(said.sentence());
        if (byPerson) {
            line.add(Ink.DIM, "  by " + Printable.line(actor, 40));
        }
        return line.show(screen, screen.most());
    }

    /// For programs.
    public static Value.Struct document(Entry entry, Event event) {
        var said = Sentences.of(event);
        var header =
                Value.struct(
                        "format",
                        RunDocument.FORMAT,
                        "seq",
                        Value.of(entry.sequence()),
                        "at",
                        Value.text(entry.event().at().toString()),
                        "type",
                        Value.text(entry.event().type()),
                        "version",
                        Value.of(entry.event().version()),
                        "stage",
                        Value.text(said.stage()),
                        "task",
                        said.task().isEmpty() ? Value.NULL : Value.text(said.task()),
                        "actor",
                        Value.text(entry.event().actor()),
                        "cause",
                        Value.text(entry.event().cause()));
        return header.with("event", Json.parse(entry.event().payload()));
    }
}
