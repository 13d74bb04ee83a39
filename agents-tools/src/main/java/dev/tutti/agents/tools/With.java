package dev.tutti.agents.tools;

import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what a team file says `with`, and says what to write where it does not fit.
///
/// @param at where this is, for messages, such as `tools.files.with`
public record With(String at, Value.Struct fields) {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);

    /// The same, once it is certain that every field is one of these.
    ///
    /// @throws IllegalArgumentException when there is a field that nobody reads
    public With only(String... known) {
        for (var name : fields.fields().keySet()) {
            if (!Set.of(known).contains(name)) {
                throw wrong("`" + name + "` is not known; there are " + List.of(known));
            }
        }
        return this;
    }

    public boolean has(String name) {
        return fields.get(name) != null && !(fields.get(name) instanceof Value.Null);
    }

    public Optional<String> text(String name) {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case Value.Null _ -> Optional.empty();
            case Value.Text(var text) when !text.isBlank() -> Optional.of(text);
            case Value other -> throw unfit(name, "a text", other);
        };
    }

    public String needed(String name, String example) {
        return text(name).orElseThrow(() -> wrong("`" + name + "` is needed: " + example));
    }

    public boolean flag(String name) {
        return switch (fields.get(name)) {
            case null -> false;
            case Value.Null _ -> false;
            case Value.Bool(var flag) -> flag;
            case Value other -> throw unfit(name, "true or false", other);
        };
    }

    public int count(String name, int otherwise, int most) {
        return switch (fields.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Int(var number) when number >= 1 && number <= most -> (int) number;
            case Value other -> throw unfit(name, "a whole number from 1 to " + most, other);
        };
    }

    public Duration time(String name, Duration otherwise) {
        var value = fields.get(name);
        if (value == null || value instanceof Value.Null) {
            return otherwise;
        }
        var match = TIME.matcher(value instanceof Value.Text(var text) ? text : "");
        if (!match.matches()) {
            throw unfit(name, "a time such as `30s`", value);
        }
        long number = Long.parseLong(match.group(1));
        var time =
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        if (time.isZero() || time.compareTo(LONGEST) > 0) {
            throw wrong("`" + name + "` is longer than nothing and at most 24h");
        }
        return time;
    }

    /// The texts of a list; empty where it is missing.
    public List<String> texts(String name) {
        var texts = new ArrayList<String>();
        switch (fields.get(name)) {
            case null -> {}
            case Value.Null _ -> {}
            case Value.Array(var items) -> {
                for (var item : items) {
                    texts.add(plain(item).orElseThrow(() -> unfit(name, "a list of texts", item)));
                }
            }
            case Value other -> throw unfit(name, "a list of texts", other);
        }
        return texts;
    }

    /// Texts by name; empty where they are missing.
    public Map<String, String> named(String name) {
        var named = new LinkedHashMap<String, String>();
        switch (fields.get(name)) {
            case null -> {}
            case Value.Null _ -> {}
            case Value.Struct struct ->
                    struct.fields()
                            .forEach((key, value) ->
                                    named.put(
                                            key,
                                            plain(value)
                                                    .orElseThrow(() ->
                                                            unfit(
                                                                    name + "." + key,
                                                                    "a text",
                                                                    value))));
            case Value other -> throw unfit(name, "texts by name", other);
        }
        return named;
    }

    /// The fields of an object within; none where it is missing.
    public With within(String name) {
        return switch (fields.get(name)) {
            case null -> new With(at + "." + name, Value.Struct.EMPTY);
            case Value.Null _ -> new With(at + "." + name, Value.Struct.EMPTY);
            case Value.Struct struct -> new With(at + "." + name, struct);
            case Value other -> throw unfit(name, "an object", other);
        };
    }

    /// The objects of a list; none where it is missing.
    public List<With> each(String name) {
        var all = new ArrayList<With>();
        switch (fields.get(name)) {
            case null -> {}
            case Value.Null _ -> {}
            case Value.Array(var items) -> {
                for (var item : items) {
                    if (!(item instanceof Value.Struct struct)) {
                        throw unfit(name, "a list of objects", item);
                    }
                    all.add(new With(at + "." + name + "[" + all.size() + "]", struct));
                }
            }
            case Value other -> throw unfit(name, "a list of objects", other);
        }
        return all;
    }

    /// What is wrong, with its place.
    public IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(at + ": " + what);
    }

    private IllegalArgumentException unfit(String name, String what, Value found) {
        return wrong("`" + name + "` is " + what + ", not " + shown(found));
    }

    private static String shown(Value value) {
        return plain(value).map(text -> "`" + text + "`").orElse("a " + Value.shape(value));
    }

    /// A text, number or truth as a text.
    public static Optional<String> plain(Value value) {
        return switch (value) {
            case Value.Text(var text) -> Optional.of(text);
            case Value.Int(var number) -> Optional.of(Long.toString(number));
            case Value.Real(var number) -> Optional.of(Double.toString(number));
            case Value.Bool(var flag) -> Optional.of(Boolean.toString(flag));
            case Value.Null _, Value.Array _, Value.Struct _ -> Optional.empty();
        };
    }
}
