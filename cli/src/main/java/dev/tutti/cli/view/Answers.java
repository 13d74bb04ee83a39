package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Answer;
import dev.tutti.view.Printable;
import dev.tutti.view.Width;
import java.util.ArrayList;
import java.util.List;

/// A run's output for people: a `text` with its `citations` as text, everything else as JSON over
/// several lines.
public final class Answers {
    private static final int WIDEST = 100;

    private Answers() {}

    /// The lines to print.
    public static List<String> lines(Value output, Screen screen) {
        return Answer.of(output)
                .map(answer -> lines(answer, screen))
                .orElseGet(() -> List.of(Printable.lines(Json.pretty(output))));
    }

    private static List<String> lines(Answer answer, Screen screen) {
        var lines = new ArrayList<>(wrapped(answer.text(), screen));
        if (!answer.sources().isEmpty()) {
            lines.add("");
        }
        int number = 1;
        for (var source : answer.sources()) {
            lines.add(
                    new Line()
                            .add(Ink.BOLD, "[" + number++ + "]")
                            .add(" " + Printable.line(source.name()))
                            .show(screen, screen.most()));
            for (var quote : source.quotes()) {
                lines.add(
                        new Line()
                                .add(Ink.DIM, "    " + Printable.line(quote))
                                .show(screen, screen.most()));
            }
        }
        return lines;
    }

    /// Wrapped at words on a terminal; left alone elsewhere.
    private static List<String> wrapped(String text, Screen screen) {
        var lines = Printable.lines(text).lines().toList();
        if (!screen.terminal()) {
            return lines.isEmpty() ? List.of("") : lines;
        }
        int most = Math.clamp(screen.columns() - 1, 20, WIDEST);
        var wrapped = new ArrayList<String>();
        lines.forEach(line -> wrap(line, most, wrapped));
        return wrapped;
    }

    private static void wrap(String line, int most, List<String> wrapped) {
        var current = new StringBuilder();
        for (var word : line.split(" ", -1)) {
            if (!current.isEmpty() && Width.of(current.toString()) + 1 + Width.of(word) > most) {
                wrapped.add(current.toString());
                current.setLength(0);
            }
            current.append(current.isEmpty() ? "" : " ").append(word);
        }
        wrapped.add(current.toString());
    }
}
