package dev.tutti.wiring;

import dev.tutti.core.event.Value;

/// The text of a value, as far as a model that reads it looks: its texts and the names of its
/// fields, in order.
final class Wording {
    private static final int MOST = 900;

    private Wording() {}

    static String of(Value value) {
        var text = new StringBuilder();
        write(value, text);
        return text.substring(0, Math.min(MOST, text.length()));
    }

    private static void write(Value value, StringBuilder text) {
        switch (value) {
            case Value.Text(var words) -> text.append(words).append('\n');
            case Value.Int(var number) -> text.append(number).append('\n');
            case Value.Real(var number) -> text.append(number).append('\n');
            case Value.Bool(var bool) -> text.append(bool).append('\n');
            case Value.Null _ -> {}
            case Value.Array(var items) -> {
                for (var item : items) {
                    if (text.length() < MOST) {
                        write(item, text);
                    }
                }
            }
            case Value.Struct struct ->
                    struct.fields()
                            .forEach((name, field) -> {
                                if (text.length() < MOST) {
                                    text.append(name).append(": ");
                                    write(field, text);
                                }
                            });
        }
    }
}
