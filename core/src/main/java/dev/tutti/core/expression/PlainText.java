package dev.tutti.core.expression;

import dev.tutti.core.event.Value;

/// Values as text: as JSON, or as they read in the middle of a text, strings as they are.
public final class PlainText {
    private static final int LONGEST = 16 << 20;

    private PlainText() {}

    static void append(Value value, StringBuilder text) {
        if (value instanceof Value.Text(var plain)) {
            text.append(plain);
        } else {
            json(value, text, LONGEST);
        }
    }

    /// A value as JSON, its fields in their order.
    public static String json(Value value) {
        var text = new StringBuilder();
        json(value, text, Integer.MAX_VALUE);
        return text.toString();
    }

    /// @throws ExpressionException when `text` has grown beyond what a template may give
    static void limit(StringBuilder text) {
        limit(text, LONGEST);
    }

    private static void limit(StringBuilder text, int most) {
        if (text.length() > most) {
            throw new ExpressionException(
                    Codes.LIMIT, "a template may give " + most + " characters at most");
        }
    }

    private static void json(Value value, StringBuilder text, int most) {
        limit(text, most);
        switch (value) {
            case Value.Null _ -> text.append("null");
            case Value.Bool(var bool) -> text.append(bool);
            case Value.Int(var number) -> text.append(number);
            case Value.Real(var number) -> text.append(number);
            case Value.Text(var plain) -> quoted(plain, text);
            case Value.Array(var items) -> {
                var separator = "[";
                for (var item : items) {
                    text.append(separator);
                    json(item, text, most);
                    separator = ",";
                }
                text.append(items.isEmpty() ? "[]" : "]");
            }
            case Value.Struct(var fields) -> {
                var separator = "{";
                for (var field : fields.entrySet()) {
                    text.append(separator);
                    quoted(field.getKey(), text);
                    text.append(':');
                    json(field.getValue(), text, most);
                    separator = ",";
                }
                text.append(fields.isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void quoted(String plain, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
