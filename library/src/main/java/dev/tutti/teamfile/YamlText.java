package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Values as YAML, as a person would write them: one key a line down to where an object has a line
/// of its own, and what is below between braces.
///
/// @param indent of the lines after the first; -1 for one line
record YamlText(int indent) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

    /// Words that YAML takes for something else, in one of its versions.
    private static final List<String> NO_WORDS =
            List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    /// The keys of an object, without braces. Objects of objects have a line for each.
    String keys(Value.Struct object) {
        return object.fields().entrySet().stream()
                .map(entry -> entry(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(indent < 0 ? ", " : "\n" + " ".repeat(indent)));
    }

    private String entry(String key, Value value) {
        boolean deep =
                indent >= 0
                        && value instanceof Value.Struct object
                        && !object.fields().isEmpty()
                        && object.fields().values().stream()
                                .allMatch(Value.Struct.class::isInstance);
        if (deep && value instanceof Value.Struct object) {
            var below = new YamlText(indent + 2);
            return word(key) + ":\n" + " ".repeat(indent + 2) + below.lines(object);
        }
        return word(key) + ": " + flow(value);
    }

    private String lines(Value.Struct object) {
        return object.fields().entrySet().stream()
                .map(entry -> word(entry.getKey()) + ": " + flow(entry.getValue()))
                .collect(Collectors.joining("\n" + " ".repeat(indent)));
    }

    private static String flow(Value value) {
        return switch (value) {
            case Value.Struct(var fields) ->
                    fields.isEmpty()
                            ? "{}"
                            : fields.entrySet().stream()
                                    .map(field ->
                                            word(field.getKey()) + ": " + flow(field.getValue()))
                                    .collect(Collectors.joining(", ", "{ ", " }"));
            case Value.Array(var items) ->
                    items.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
            case Value.Text(var text) -> word(text);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> Json.text(value);
        };
    }

    private static String word(String text) {
        return WORD.matcher(text).matches() && NO_WORDS.stream().noneMatch(text::equalsIgnoreCase)
                ? text
                : Json.text(Value.text(text));
    }
}
