package dev.tutti.core.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Data as tasks exchange it: the shapes of JSON, with whole numbers kept apart from real ones.
///
/// Values are immutable and compare by content; the fields of a [Struct] keep their order. Money is
/// not a value: it is [Money], an exact decimal.
public sealed interface Value {

    Null NULL = new Null();

    record Null() implements Value {}

    record Bool(boolean value) implements Value {}

    /// A whole number of 64 bits; a JSON number beyond that range is refused at the edge.
    record Int(long value) implements Value {}

    /// A finite IEEE 754 double.
    record Real(double value) implements Value {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not a finite number: " + value);
            }
        }
    }

    /// Text without lone surrogates: each becomes U+FFFD, so that text survives every encoding.
    record Text(String value) implements Value {
        public Text {
            value = wellFormed(value);
        }
    }

    record Array(List<Value> items) implements Value {
        public static final Array EMPTY = new Array(List.of());

        public Array {
            items = List.copyOf(items);
        }
    }

    /// Fields by name. Names are without lone surrogates, as [Text] is.
    record Struct(SequencedMap<String, Value> fields) implements Value {
        public static final Struct EMPTY = new Struct(Collections.emptySortedMap());

        public Struct {
            var copy = LinkedHashMap.<String, Value>newLinkedHashMap(fields.size());
            fields.forEach((name, value) -> copy.put(wellFormed(name), value));
            fields = Collections.unmodifiableSequencedMap(copy);
        }

        public @Nullable Value get(String name) {
            return fields.get(name);
        }

        /// The text of a field.
        ///
        /// @throws IllegalArgumentException when there is no such field or it is no text
        public String text(String name) {
            if (fields.get(name) instanceof Text(var text)) {
                return text;
            }
            throw new IllegalArgumentException(
                    "`" + name + "` is needed, a string; there is " + fields.keySet());
        }

        /// This struct with one field set, at the end if it is new.
        public Struct with(String name, Value value) {
            var copy = new LinkedHashMap<>(fields);
            copy.put(name, value);
            return new Struct(copy);
        }

        /// This struct with `over` laid over it.
        public Struct with(Struct over) {
            var copy = new LinkedHashMap<>(fields);
            copy.putAll(over.fields);
            return new Struct(copy);
        }
    }

    static Text text(String value) {
        return new Text(value);
    }

    static Int of(long value) {
        return new Int(value);
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }

    static Array array(Value... items) {
        return new Array(List.of(items));
    }

    /// A struct from names and values in turn: `struct("k", of(3), "text", text("…"))`.
    static Struct struct(Object... namesAndValues) {
        var fields = new LinkedHashMap<String, Value>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return new Struct(fields);
    }

    /// What plain Java data is as a value: null, booleans, numbers, strings, lists, maps with
    /// string keys, and values themselves.
    ///
    /// @throws IllegalArgumentException for any other class, which it names
    static Value from(@Nullable Object plain) {
        return switch (plain) {
            case null -> NULL;
            case Value value -> value;
            case Boolean b -> new Bool(b);
            case Long n -> new Int(n);
            case Integer n -> new Int(n);
            case Short n -> new Int(n);
            case Number n -> new Real(n.doubleValue());
            case CharSequence text -> new Text(text.toString());
            case List<?> list -> {
                var items = new ArrayList<Value>(list.size());
                list.forEach(item -> items.add(from(item)));
                yield new Array(items);
            }
            case Map<?, ?> map -> {
                var fields = new LinkedHashMap<String, Value>();
                map.forEach((name, item) -> fields.put(String.valueOf(name), from(item)));
                yield new Struct(fields);
            }
            default ->
                    throw new IllegalArgumentException(
                            "no value for a " + plain.getClass().getName());
        };
    }

    /// The name that messages use for the shape of a value.
    static String shape(Value value) {
        return switch (value) {
            case Null _ -> "null";
            case Bool _ -> "bool";
            case Int _ -> "int";
            case Real _ -> "number";
            case Text _ -> "string";
            case Array _ -> "list";
            case Struct _ -> "object";
        };
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c ->
                                c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                                        ? 0xFFFD
                                        : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
