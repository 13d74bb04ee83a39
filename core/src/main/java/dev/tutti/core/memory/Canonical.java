package dev.tutti.core.memory;

import dev.tutti.core.event.Value;
import java.util.HexFormat;

/// Values as the JSON that agents are given.
final class Canonical {
    private Canonical() {}

    static String text(Value value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Value value) {
        switch (value) {
            case Value.Null _ -> out.append("null");
            case Value.Bool(var b) -> out.append(b);
            case Value.Int(var n) -> out.append(n);
            case Value.Real(var n) -> out.append(n);
            case Value.Text(var text) -> quote(out, text);
            case Value.Array(var items) -> {
                out.append('[');
                for (int i = 0; i < items.size(); i++) {
                    out.append(i == 0 ? "" : ",");
                    write(out, items.get(i));
                }
                out.append(']');
            }
            case Value.Struct(var fields) -> {
                var separator = "";
                out.append('{');
                for (var field : fields.entrySet()) {
                    out.append(separator);
                    quote(out, field.getKey());
                    out.append(':');
                    write(out, field.getValue());
                    separator = ",";
                }
                out.append('}');
            }
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ') {
                out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
