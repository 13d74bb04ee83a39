package dev.tutti.runtime.json;

import dev.tutti.core.event.Value;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Values as JSON (RFC 8259), one document at a time, in UTF-8.
///
/// Refused when read: duplicate names, anything after the document, comments, numbers that do not
/// fit 64 bits or a finite double, `-0`, nesting beyond [#DEEPEST], documents beyond [#LONGEST]. A
/// byte order mark is skipped.
public final class Json {
    public static final int DEEPEST = 200;
    public static final int LONGEST = 64 * 1024 * 1024;

    /// A value that [#fits] may be put into documents with so many levels around it.
    private static final int ROOM = 50;

    private static final int MOST_BYTES_PER_CHARACTER = 6;
    private static final int LONGEST_NUMBER = 400;

    /// Digits and a sign that fit 64 bits whatever they are.
    private static final int SHORT_NUMBER = 18;

    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxDocumentLength(LONGEST)
                                    .maxStringLength(LONGEST)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .build())
                    .build();

    private Json() {}

    /// Reads one document.
    ///
    /// @throws JsonException naming line, column and what is wrong
    public static Value parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads one document in UTF-8.
    ///
    /// @throws JsonException naming line, column and what is wrong
    public static Value parse(byte[] utf8) {
        return parse(utf8, Set.of());
    }

    /// Reads one document in UTF-8, but not what its fields named in `unread` hold: each stands as
    /// an empty list where it is a list, and otherwise as an empty object.
    ///
    /// @throws JsonException naming line, column and what is wrong
    public static Value outline(byte[] utf8, Set<String> unread) {
        return parse(utf8, unread);
    }

    private static Value parse(byte[] utf8, Set<String> unread) {
        if (utf8.length > LONGEST) {
            throw new JsonException("the document is longer than " + LONGEST + " bytes", 1, 1);
        }
        if (isWide(utf8)) {
            throw new JsonException("the document is not in UTF-8", 1, 1);
        }
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
            if (parser.nextToken() == null) {
                throw new JsonException("the document is empty", 1, 1);
            }
            var value = read(parser, unread);
            if (parser.nextToken() != null) {
                throw at(parser, "something follows the end of the document");
            }
            return value;
        } catch (JacksonException e) {
            var place = e.getLocation();
            int line = place == null ? 1 : place.getLineNr();
            int column = place == null ? 1 : place.getColumnNr();
            throw new JsonException(e.getOriginalMessage(), line, column);
        }
    }

    /// The same with the fields of every object in the order of their names, for what means the
    /// same in any order.
    public static Value sorted(Value value) {
        return switch (value) {
            case Value.Struct(var fields) -> {
                var byName = new TreeMap<String, Value>();
                fields.forEach((name, field) -> byName.put(name, sorted(field)));
                yield new Value.Struct(byName);
            }
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(Json::sorted).toList());
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> value;
        };
    }

    /// Whether the text begins as UTF-16 or UTF-32 does: the parser would take those too.
    private static boolean isWide(byte[] text) {
        for (int i = 0; i < Math.min(text.length, 2); i++) {
            if (text[i] == 0 || text[i] == (byte) 0xFE || text[i] == (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }

    /// @param unread fields of this object that are passed over
    private static Value read(JsonParser parser, Set<String> unread) {
        var token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                var fields = new LinkedHashMap<String, Value>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    if (unread.contains(name)) {
                        fields.put(
                                name,
                                parser.currentToken() == JsonToken.START_ARRAY
                                        ? Value.Array.EMPTY
                                        : Value.Struct.EMPTY);
                        parser.skipChildren();
                    } else {
                        fields.put(name, read(parser, Set.of()));
                    }
                }
                yield new Value.Struct(fields);
            }
            case START_ARRAY -> {
                var items = new ArrayList<Value>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser, Set.of()));
                }
                yield new Value.Array(items);
            }
            case VALUE_STRING -> new Value.Text(parser.getString());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> real(parser);
            case VALUE_TRUE -> new Value.Bool(true);
            case VALUE_FALSE -> new Value.Bool(false);
            case VALUE_NULL -> Value.NULL;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw at(parser, "unexpected " + token);
        };
    }

    private static Value whole(JsonParser parser) {
        var digits = parser.getString();
        if (digits.equals("-0")) {
            throw at(parser, "a zero with a sign; write 0 or -0.0");
        }
        if (digits.length() <= SHORT_NUMBER) {
            return new Value.Int(Long.parseLong(digits));
        }
        if (digits.length() > 20) {
            throw at(parser, "a whole number beyond 64 bits; write it as a string");
        }
        var number = new BigInteger(digits);
        if (number.compareTo(LEAST) < 0 || number.compareTo(GREATEST) > 0) {
            throw at(parser, "a whole number beyond 64 bits; write it as a string");
        }
        return new Value.Int(number.longValueExact());
    }

    private static Value real(JsonParser parser) {
        double number = Double.parseDouble(parser.getString());
        if (!Double.isFinite(number)) {
            throw at(parser, "a number beyond the range of a double");
        }
        return new Value.Real(number);
    }

    private static JsonException at(JsonParser parser, String message) {
        var place = parser.currentTokenLocation();
        return new JsonException(message, place.getLineNr(), place.getColumnNr());
    }

    /// Whether documents that hold `value` can be written and read again: it is not nested too
    /// deep, and not too long.
    public static boolean fits(Value value) {
        return room(value, DEEPEST - ROOM, LONGEST / MOST_BYTES_PER_CHARACTER) >= 0;
    }

    /// How many of `characters` are left beside `value`; negative when it does not fit.
    private static long room(Value value, int levels, long characters) {
        if (levels < 0 || characters < 0) {
            return -1;
        }
        return switch (value) {
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> characters - 4;
            case Value.Text(var text) -> characters - text.length();
            case Value.Array(var items) -> {
                long left = characters;
                for (Value item : items) {
                    left = room(item, levels - 1, left);
                }
                yield left;
            }
            case Value.Struct(var fields) -> {
                long left = characters;
                for (var field : fields.entrySet()) {
                    left = room(field.getValue(), levels - 1, left - field.getKey().length());
                }
                yield left;
            }
        };
    }

    /// Compact JSON in UTF-8.
    ///
    /// @throws IllegalArgumentException when it could not be read again: it is nested deeper than
    ///   [#DEEPEST] or longer than [#LONGEST]
    public static byte[] bytes(Value value) {
        return bytes(value, false);
    }

    /// Compact JSON.
    public static String text(Value value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /// JSON over several lines, for people.
    public static String pretty(Value value) {
        return new String(bytes(value, true), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Value value, boolean pretty) {
        var out = new ByteArrayOutputStream(256);
        try (var generator =
                FACTORY.createGenerator(pretty ? PRETTY : ObjectWriteContext.empty(), out)) {
            write(generator, value, DEEPEST);
        }
        if (out.size() > LONGEST) {
            throw new IllegalArgumentException("the document is longer than " + LONGEST + " bytes");
        }
        return out.toByteArray();
    }

    private static final ObjectWriteContext PRETTY =
            new ObjectWriteContext.Base() {
                @Override
                public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                    return new DefaultPrettyPrinter();
                }
            };

    private static void write(JsonGenerator out, Value value, int levels) {
        if (levels < 0) {
            throw new IllegalArgumentException("nested more than " + DEEPEST + " levels deep");
        }
        switch (value) {
            case Value.Null _ -> out.writeNull();
            case Value.Bool(var b) -> out.writeBoolean(b);
            case Value.Int(var n) -> out.writeNumber(n);
            case Value.Real(var n) -> out.writeNumber(n);
            case Value.Text(var text) -> out.writeString(text);
            case Value.Array(var items) -> {
                out.writeStartArray();
                List<Value> all = items;
                for (var item : all) {
                    write(out, item, levels - 1);
                }
                out.writeEndArray();
            }
            case Value.Struct(var fields) -> {
                out.writeStartObject();
                for (var field : fields.entrySet()) {
                    out.writeName(field.getKey());
                    write(out, field.getValue(), levels - 1);
                }
                out.writeEndObject();
            }
        }
    }
}
