package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as the plain Java data that the library of the protocol takes and gives.
final class Plain {
    private Plain() {}

    /// The library says nothing of null, but takes it where JSON has it.
    @SuppressWarnings("NullAway")
    static Map<String, Object> map(Value.Struct struct) {
        var map = new LinkedHashMap<String, Object>();
        struct.fields().forEach((name, value) -> map.put(name, of(value)));
        return map;
    }

    private static @Nullable Object of(Value value) {
        return switch (value) {
            case Value.Null _ -> null;
            case Value.Bool(var b) -> b;
            case Value.Int(var n) -> n;
            case Value.Real(var n) -> n;
            case Value.Text(var text) -> text;
            case Value.Array(var items) -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (var item : items) {
                    list.add(of(item));
                }
                yield list;
            }
            case Value.Struct struct -> map(struct);
        };
    }

    /// An object of JSON; empty where it is none.
    static Value.Struct struct(@Nullable Object plain) {
        return Value.from(plain) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }
}
