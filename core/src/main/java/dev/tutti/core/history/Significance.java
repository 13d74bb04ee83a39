package dev.tutti.core.history;

import dev.tutti.core.event.Value;
import java.util.List;

/// Whether finding a value in two places means anything: a 0 or a `true` is everywhere, a sentence
/// is not.
final class Significance {
    private static final int MOST = 100;
    private static final int LONG_ENOUGH = 4;
    private static final int LONG_ENOUGH_WITHIN = 12;
    private static final long LARGE_ENOUGH = 1_000;

    private Significance() {}

    static boolean of(Value value) {
        return switch (value) {
            case Value.Null _, Value.Bool _ -> false;
            case Value.Int(var number) -> number >= LARGE_ENOUGH || number <= -LARGE_ENOUGH;
            case Value.Real(var number) -> number != Math.rint(number);
            case Value.Text(var text) -> text.length() >= LONG_ENOUGH;
            case Value.Array(var items) -> items.stream().anyMatch(Significance::of);
            case Value.Struct(var fields) -> fields.values().stream().anyMatch(Significance::of);
        };
    }

    /// Adds the smallest parts of a value that one would know again.
    static void add(Value value, List<Value> found) {
        switch (value) {
            case Value.Array(var items) -> items.forEach(item -> add(item, found));
            case Value.Struct(var fields) -> fields.values().forEach(field -> add(field, found));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> {
                if (of(value) && found.size() < MOST) {
                    found.add(value);
                }
            }
        }
    }

    /// Whether `part` is somewhere in `whole`, as it is or as a part of a longer text.
    static boolean within(Value whole, Value part) {
        if (whole.equals(part)) {
            return true;
        }
        return switch (whole) {
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> false;
            case Value.Text(var text) ->
                    part instanceof Value.Text(var sought)
                            && sought.length() >= LONG_ENOUGH_WITHIN
                            && text.contains(sought);
            case Value.Array(var items) -> items.stream().anyMatch(item -> within(item, part));
            case Value.Struct(var fields) ->
                    fields.values().stream().anyMatch(field -> within(field, part));
        };
    }
}
