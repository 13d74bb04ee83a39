package dev.tutti.runtime.journal;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The fields of a payload, written and read by name. What is null is left out.
public final class Fields {
    private final SequencedMap<String, Value> fields;

    /// To be written.
    public Fields() {
        this(new LinkedHashMap<>());
    }

    private Fields(SequencedMap<String, Value> fields) {
        this.fields = fields;
    }

    /// The fields of an object, to be read.
    ///
    /// @throws IllegalArgumentException when `value` is not an object
    public static Fields of(Value value) {
        if (!(value instanceof Value.Struct struct)) {
            throw new IllegalArgumentException("an object is needed, not a " + Value.shape(value));
        }
        return new Fields(struct.fields());
    }

    public Fields put(String name, @Nullable Value value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    public Fields put(String name, String text) {
        return put(name, new Value.Text(text));
    }

    public Fields put(String name, long number) {
        return put(name, new Value.Int(number));
    }

    public Value.Struct struct() {
        return new Value.Struct(fields);
    }

    @Nullable Value find(String name) {
        return fields.get(name);
    }

    public @Nullable String findText(String name) {
        var value = fields.get(name);
        return value == null ? null : text(name);
    }

    String textOr(String name, String otherwise) {
        return fields.containsKey(name) ? text(name) : otherwise;
    }

    /// A list of strings, empty when it is not there.
    List<Integer> wholes(String name) {
        return list(name).stream()
                .map(item -> {
                    if (item instanceof Value.Int(var whole)) {
                        return Math.toIntExact(whole);
                    }
                    throw wrong(name, "a list of whole numbers");
                })
                .toList();
    }

    List<String> texts(String name) {
        return find(name) == null
                ? List.of()
                : list(name).stream()
                        .map(item -> {
                            if (item instanceof Value.Text(var text)) {
                                return text;
                            }
                            throw wrong(name, "a list of strings");
                        })
                        .toList();
    }

    @Nullable Duration duration(String name) {
        var text = findText(name);
        return text == null ? null : Duration.parse(text);
    }

    public Value value(String name) {
        var value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("`" + name + "` is missing");
        }
        return value;
    }

    public String text(String name) {
        if (value(name) instanceof Value.Text(var text)) {
            return text;
        }
        throw wrong(name, "a string");
    }

    public long number(String name) {
        if (value(name) instanceof Value.Int(var number)) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    double real(String name) {
        return switch (value(name)) {
            case Value.Real(var number) -> number;
            case Value.Int(var number) -> number;
            default -> throw wrong(name, "a number");
        };
    }

    public Money money(String name) {
        return new Money(new BigDecimal(text(name)));
    }

    Value.Struct struct(String name) {
        if (value(name) instanceof Value.Struct struct) {
            return struct;
        }
        throw wrong(name, "an object");
    }

    public Fields fields(String name) {
        return of(value(name));
    }

    List<Value> list(String name) {
        if (value(name) instanceof Value.Array(var items)) {
            return items;
        }
        throw wrong(name, "a list");
    }

    @Nullable Instant instant(String name) {
        var text = findText(name);
        return text == null ? null : Instant.parse(text);
    }

    Instant requiredInstant(String name) {
        return Instant.parse(text(name));
    }

    private static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("`" + name + "` is not " + wanted);
    }
}
