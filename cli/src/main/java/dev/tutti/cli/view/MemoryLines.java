package dev.tutti.cli.view;

import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// What is remembered, for people: a memory with where it is from below it.
public final class MemoryLines {
    private static final int LONGEST_TEXT = 300;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private MemoryLines() {}

    /// A memory in two lines or three.
    ///
    /// @param whole whether its text is not to be cut
    public static List<String> of(Recalled recalled, boolean whole, Screen screen) {
        var memory = recalled.memory();
        var lines = new ArrayList<Line>();
        var text =
                whole ? Printable.line(memory.text()) : Printable.line(memory.text(), LONGEST_TEXT);
        lines.add(new Line().add(Ink.BOLD, memory.id()).add("  ").add(text));
        var about = memory.about() == null ? "" : "about " + Printable.line(memory.about()) + " · ";
        var value =
                memory.attribute() == null
                        ? ""
                        : Printable.line(memory.attribute() + " = " + memory.value()) + " · ";
        var task = memory.task() == null ? "" : " " + memory.task();
        var again =
                memory.confirmations() == 0
                        ? ""
                        : " · told again "
                                + Figures.count(memory.confirmations(), "time")
                                + ", last on "
                                + DAY.format(memory.confirmed());
        var expires = memory.expires() == null ? "" : " · until " + DAY.format(memory.expires());
        lines.add(
                new Line()
                        .add("    ")
                        .add(
                                Ink.DIM,
                                about
                                        + value
                                        + memory.trust().word()
                                        + " · "
                                        + Printable.line(memory.from())
                                        + task
                                        + " · "
                                        + DAY.format(memory.at())
                                        + again
                                        + expires));
        if (!recalled.contradicts().isEmpty()) {
            lines.add(
                    new Line()
                            .add("    ")
                            .add(
                                    Ink.YELLOW,
                                    "contradicts "
                                            + String.join(", ", recalled.contradicts())
                                            + (recalled.superseded()
                                                    ? ", which was told later"
                                                    : ", which was told before")));
        }
        return lines.stream().map(line -> line.show(screen)).toList();
    }
}
