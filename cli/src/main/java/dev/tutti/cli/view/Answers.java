package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Printable;
import dev.tutti.view.Width;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A run's output for people: a `text` with its `citations` as text, everything else as JSON over
/// several lines.
public final class Answers {
    private static final int WIDEST = 100;
    private static final int QUOTE = 160;

    private Answers() {}

    /// The lines to print.
    public static List<String> lines(Value output, Screen screen) {
        return switch (output) {
            case Value.Text(var text) -> wrapped(text, screen);
            case Value.Struct struct when struct.get("text") instanceof Value.Text(var text) ->
                    answer(struct, text, screen);
            case Value.Struct _,
                    Value.Array _,
                    Value.Null _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _ ->
                    List.of(Printable.lines(Json.pretty(output)));
        };
    }

    private static List<String> answer(Value.Struct output, String text, Screen screen) {
        var lines = new ArrayList<>(wrapped(text, screen));
        if (output.get("citations") instanceof Value.Array(var citations) && !citations.isEmpty()) {
            lines.add("");
            lines.addAll(citations(sources(output), citations, screen));
        }
        return lines;
    }

    private static List<String> sources(Value.Struct output) {
        return output.get("sources") instanceof Value.Array(var sources)
                ? sources.stream().map(Answers::plain).toList()
                : List.of();
    }

    /// Each source under its number in the text, with the sentences that it was cited for.
    private static List<String> citations(
            List<String> sources, List<Value> citations, Screen screen) {
        Map<String, Set<String>> bySource = new LinkedHashMap<>();
        sources.forEach(source -> bySource.put(source, new LinkedHashSet<>()));
        for (var citation : citations) {
            var source =
                    citation instanceof Value.Struct struct && struct.get("source") != null
                            ? field(struct, "source")
                            : plain(citation);
            bySource.computeIfAbsent(source, _ -> new LinkedHashSet<>()).add(quote(citation));
        }
        var lines = new ArrayList<String>();
        int number = 1;
        for (var entry : bySource.entrySet()) {
            lines.add(
                    new Line()
                            .add(Ink.BOLD, "[" + number++ + "]")
                            .add(" " + Printable.line(entry.getKey()))
                            .show(screen, screen.most()));
            entry.getValue().stream()
                    .filter(quote -> !quote.isEmpty())
                    .forEach(quote ->
                            lines.add(
                                    new Line()
                                            .add(Ink.DIM, "    " + Printable.line(quote))
                                            .show(screen, screen.most())));
        }
        return lines;
    }

    private static String quote(Value citation) {
        if (!(citation instanceof Value.Struct struct)) {
            return "";
        }
        var place = field(struct, "place");
        var sentence = field(struct, "sentence");
        return place
                + (place.isEmpty() || sentence.isEmpty() ? "" : ": ")
                + (sentence.isEmpty() ? "" : "“" + Width.cut(sentence, QUOTE) + "”");
    }

    private static String field(Value.Struct struct, String name) {
        var value = struct.get(name);
        return value == null ? "" : plain(value);
    }

    private static String plain(Value value) {
        return value instanceof Value.Text(var text) ? text : Json.text(value);
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
