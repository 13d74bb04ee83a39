package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.runtime.step.StepTaken;
import dev.tutti.view.Figures;
import java.util.ArrayList;
import java.util.List;

/// What attempts asked of models and tools, and what these gave.
public final class StepLines {
    private static final int BRIEF = 60;

    private StepLines() {}

    /// A row a step.
    public static List<String> table(Recording recording, Screen screen) {
        if (recording.steps() == 0) {
            return List.of("no attempt of this run took a step");
        }
        var table = new Table("step", "of", "asked", "gave", "used");
        recording
                .conversations()
                .forEach((task, all) -> {
                    for (int i = 0; i < all.size(); i++) {
                        var name = i == 0 ? task : task + " again";
                        all.get(i).forEach(step -> row(table, name, step));
                    }
                });
        var lines = new ArrayList<>(List.of(""));
        lines.addAll(table.lines(screen));
        return lines;
    }

    private static void row(Table table, String task, StepTaken step) {
        table.row(
                Ink.BOLD,
                task + " " + step.number(),
                step.step().kind() + " " + step.step().name(),
                brief(step.step().request()),
                brief(step.taken().result()),
                Figures.usage(step.taken().usage()));
    }

    private static String brief(Value value) {
        var text = value instanceof Value.Text(var plain) ? plain : Json.text(value);
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= BRIEF ? line : line.substring(0, BRIEF - 1) + "…";
    }

    /// For programs: a list of steps, as recordings have them.
    public static Value document(Recording recording) {
        var lines = recording.lines();
        return new Value.Array(lines.subList(1, lines.size()).stream().map(Json::parse).toList());
    }
}
