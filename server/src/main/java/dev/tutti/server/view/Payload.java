package dev.tutti.server.view;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inputs and outputs as far as a page wants them: whole when they are short, else their beginning.
final class Payload {
    private static final int MOST = 8 << 10;
    private static final int PREVIEW = 2 << 10;
    private static final int LABEL = 120;

    private Payload() {}

    static Value of(@Nullable Value value) {
        if (value == null) {
            return Value.NULL;
        }
        var json = Json.bytes(value);
        if (json.length <= MOST) {
            return Value.struct("value", value);
        }
        var preview = new String(json, 0, PREVIEW, StandardCharsets.UTF_8);
        return Value.struct(
                "cut",
                Value.of(true),
                "bytes",
                Value.of(json.length),
                "preview",
                Value.text(preview.replace("\uFFFD", "")));
    }

    /// What an item is known by: the first text in what it was given, or null.
    static @Nullable String label(Value input) {
        return switch (input) {
            case Value.Text(var text) ->
                    text.length() > LABEL ? text.substring(0, LABEL) + "…" : text;
            case Value.Struct(var fields) -> first(List.copyOf(fields.values()));
            case Value.Array(var items) -> first(items);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> null;
        };
    }

    private static @Nullable String first(List<Value> values) {
        for (var value : values) {
            var label = label(value);
            if (label != null) {
                return label;
            }
        }
        return null;
    }
}
