package dev.tutti.runtime.projection;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What tells a run from others of the same workflow: the first texts among its inputs, in one
/// short line. What may be a secret is left out, by its name or by how it looks.
public final class Subject {
    private static final int MOST = 160;
    private static final int MOST_EACH = 100;
    private static final int MOST_PARTS = 3;
    private static final int MOST_LOOKED_AT = 50;
    private static final int MOST_DEPTH = 4;

    private static final Pattern SECRET_NAME =
            Pattern.compile(
                    "passw|passphrase|passcode|secret|token|credential|authorization|cookie"
                            + "|(api|access|private|signing|encryption)[_-]?key"
                            + "|(^|[_-])(auth|key|pin|otp|pwd)$");

    private static final Pattern SECRET_TEXT =
            Pattern.compile(
                    "^\\s*((?i:bearer|basic)\\s|-----BEGIN |(sk|pk|rk|gh[a-z]|xox[a-z]|tutti)[-_]\\S{10}"
                            + "|AKIA\\w{12}|eyJ[\\w-]{10})|^\\s*(?=\\S*\\d)[A-Za-z0-9+=_]{32,}\\s*$");

    /// Who logs in, before the host of an address.
    private static final Pattern LOGIN = Pattern.compile("://[^/@\\s]*@");

    private Subject() {}

    /// The line; empty where there is nothing to tell.
    public static String of(Value.Struct inputs) {
        var parts = new ArrayList<String>();
        for (var input : first(inputs.fields())) {
            if (parts.size() < MOST_PARTS && input.getValue() instanceof Value.Text(var text)) {
                add(parts, shown(input.getKey(), text));
            }
        }
        if (parts.isEmpty()) {
            add(parts, within(inputs, 0));
        }
        if (parts.isEmpty()) {
            figures(inputs, parts);
        }
        return OneLine.of(String.join(" · ", parts), MOST);
    }

    private static List<Map.Entry<String, Value>> first(Map<String, Value> fields) {
        return fields.entrySet().stream().limit(MOST_LOOKED_AT).toList();
    }

    private static void add(List<String> parts, @Nullable String part) {
        if (part != null && !part.isEmpty()) {
            parts.add(part);
        }
    }

    /// The first text in lists and objects, or null.
    private static @Nullable String within(Value value, int depth) {
        return switch (value) {
            case Value.Text(var text) -> shown("", text);
            case Value.Struct(var fields) when depth < MOST_DEPTH ->
                    first(fields).stream()
                            .filter(field -> !isSecret(field.getKey()))
                            .map(field -> within(field.getValue(), depth + 1))
                            .filter(text -> text != null && !text.isEmpty())
                            .findFirst()
                            .orElse(null);
            case Value.Array(var items) when depth < MOST_DEPTH ->
                    items.stream()
                            .limit(MOST_LOOKED_AT)
                            .map(item -> within(item, depth + 1))
                            .filter(text -> text != null && !text.isEmpty())
                            .findFirst()
                            .orElse(null);
            case Value.Struct _, Value.Array _ -> null;
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> null;
        };
    }

    /// Where there is no text at all.
    private static void figures(Value.Struct inputs, List<String> parts) {
        for (var input : first(inputs.fields())) {
            var figure =
                    switch (input.getValue()) {
                        case Value.Int(var number) -> String.valueOf(number);
                        case Value.Real(var number) -> String.valueOf(number);
                        case Value.Bool(var flag) -> String.valueOf(flag);
                        case Value.Text _, Value.Struct _, Value.Array _, Value.Null _ -> "";
                    };
            if (parts.size() < MOST_PARTS && !figure.isEmpty() && !isSecret(input.getKey())) {
                parts.add(OneLine.of(input.getKey() + " " + figure, MOST_EACH));
            }
        }
    }

    private static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    private static @Nullable String shown(String name, String text) {
        // What is long is cut before it is looked through.
        var begin = text.length() > 4 * MOST_EACH ? text.substring(0, 4 * MOST_EACH) : text;
        return isSecret(name) || SECRET_TEXT.matcher(begin).find()
                ? null
                : OneLine.of(LOGIN.matcher(begin).replaceAll("://"), MOST_EACH);
    }
}
