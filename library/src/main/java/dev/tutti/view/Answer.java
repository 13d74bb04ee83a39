package dev.tutti.view;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An output that people read as a text: one, or a `text` with what it cites.
///
/// @param sources in the order of their numbers in the text
public record Answer(String text, List<Source> sources) {
    private static final int QUOTE = 160;

    /// What was cited, and the places and sentences that it was cited for.
    public record Source(String name, List<String> quotes) {}

    /// Nothing where the output is for programs.
    public static Optional<Answer> of(Value output) {
        return switch (output) {
            case Value.Text(var text) -> Optional.of(new Answer(text, List.of()));
            case Value.Struct struct when struct.get("text") instanceof Value.Text(var text) ->
                    Optional.of(new Answer(text, sources(struct)));
            case Value.Struct _,
                    Value.Array _,
                    Value.Null _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _ ->
                    Optional.empty();
        };
    }

    /// Each source with the sentences that it was cited for; none where nothing is cited.
    private static List<Source> sources(Value.Struct output) {
        if (!(output.get("citations") instanceof Value.Array(var citations))
                || citations.isEmpty()) {
            return List.of();
        }
        var bySource = new LinkedHashMap<String, Set<String>>();
        if (output.get("sources") instanceof Value.Array(var sources)) {
            sources.forEach(source -> bySource.put(plain(source), new LinkedHashSet<>()));
        }
        for (var citation : citations) {
            var source =
                    citation instanceof Value.Struct struct && struct.get("source") != null
                            ? field(struct, "source")
                            : plain(citation);
            var quotes = bySource.computeIfAbsent(source, _ -> new LinkedHashSet<>());
            var quote = quote(citation);
            if (!quote.isEmpty()) {
                quotes.add(quote);
            }
        }
        var sources = new ArrayList<Source>();
        bySource.forEach((name, quotes) -> sources.add(new Source(name, List.copyOf(quotes))));
        return sources;
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
}
