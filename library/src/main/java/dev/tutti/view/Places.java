package dev.tutti.view;

import dev.tutti.core.event.Value;
import dev.tutti.core.history.Deviation;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Places within values, and what is there, as people write and read them.
public final class Places {
    private static final int LONGEST = 60;

    private Places() {}

    /// `output.notes[3].text`, from a word and the way below it.
    public static String text(String root, List<String> path) {
        var text = new StringBuilder(root);
        for (var step : path) {
            if (Deviation.isIndex(step)) {
                text.append('[').append(step).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        return Printable.line(text.toString(), LONGEST);
    }

    /// Reads `output.notes[3].text`, with or without the first word, which is `output`.
    ///
    /// @throws IllegalArgumentException when it is no place
    public static List<String> parse(String place) {
        var path = new ArrayList<String>();
        for (var part : place.replace("[", ".[").split("\\.", -1)) {
            if (part.startsWith("[")) {
                if (!part.endsWith("]")
                        || !Deviation.isIndex(part.substring(1, part.length() - 1))) {
                    throw new IllegalArgumentException(place);
                }
                path.add(part.substring(1, part.length() - 1));
            } else if (part.isEmpty()) {
                throw new IllegalArgumentException(place);
            } else {
                path.add(part);
            }
        }
        if (path.getFirst().equals("output")) {
            path.removeFirst();
        }
        return path;
    }

    /// A value on a part of a line.
    public static String value(@Nullable Value value) {
        return value == null ? "nothing" : Printable.line(Json.text(value), LONGEST);
    }
}
