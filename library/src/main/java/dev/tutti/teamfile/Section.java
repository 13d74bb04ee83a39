package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One part of a document with a fixed set of keys. Reports what it cannot use and goes on with
/// what it can.
final class Section {
    private final Value.Struct content;
    private final List<String> at;
    private final Report report;

    Section(Value.Struct content, Keys keys, List<String> at, Report report) {
        this.content = content;
        this.at = at;
        this.report = report;
        for (var key : content.fields().keySet()) {
            if (!keys.known().contains(key)) {
                report.add(
                        "E-KEY-01",
                        "`"
                                + DisplayWidth.shown(key)
                                + "` is not a key of "
                                + keys.part()
                                + " (it has: "
                                + String.join(", ", keys.known())
                                + ")",
                        at(key),
                        "unknown key",
                        Similar.to(key, keys.known())
                                .map(near -> "write `" + near + "`")
                                .orElse(null));
            }
        }
    }

    List<String> at() {
        return at;
    }

    List<String> at(String key) {
        return Report.below(at, key);
    }

    boolean has(String key) {
        return content.get(key) != null && !(content.get(key) instanceof Value.Null);
    }

    Optional<Value> value(String key) {
        return Optional.ofNullable(content.get(key))
                .filter(value -> !(value instanceof Value.Null));
    }

    void missing(String key, String example) {
        report.add(
                "E-KEY-02",
                "`" + at.getLast() + "` has no `" + key + "`",
                at,
                "needs `" + key + "`",
                "add `" + key + ": " + example + "`");
    }

    /// An object under a key.
    Optional<Value.Struct> struct(String key, String what) {
        return value(key).flatMap(value -> struct(value, at(key), what, report));
    }

    static Optional<Value.Struct> struct(Value value, List<String> at, String what, Report report) {
        if (value instanceof Value.Struct struct) {
            return Optional.of(struct);
        }
        report.add(shape(value, at, what));
        return Optional.empty();
    }

    /// A text under a key.
    Optional<String> text(String key, String what) {
        return value(key)
                .flatMap(value -> {
                    if (value instanceof Value.Text(var text)) {
                        return Optional.of(text);
                    }
                    report.add(shape(value, at(key), what));
                    return Optional.empty();
                });
    }

    /// Words under a key: a list of them, or a single one.
    List<String> words(String key, String what) {
        var words = new ArrayList<String>();
        value(key)
                .ifPresent(value -> {
                    switch (value) {
                        case Value.Text(var word) -> words.add(word);
                        case Value.Array(var items) -> {
                            for (int i = 0; i < items.size(); i++) {
                                if (items.get(i) instanceof Value.Text(var word)) {
                                    words.add(word);
                                } else {
                                    report.add(
                                            shape(
                                                    items.get(i),
                                                    Report.below(at(key), Integer.toString(i)),
                                                    "a name"));
                                }
                            }
                        }
                        case Value.Null _,
                                Value.Bool _,
                                Value.Int _,
                                Value.Real _,
                                Value.Struct _ ->
                                report.add(shape(value, at(key), what));
                    }
                });
        return words;
    }

    /// A whole number between two bounds under a key.
    Optional<Integer> whole(String key, int least, int most) {
        return value(key).flatMap(value -> whole(value, key, least, most));
    }

    private Optional<Integer> whole(Value value, String key, int least, int most) {
        if (value instanceof Value.Int(var number)) {
            if (number >= least && number <= most) {
                return Optional.of((int) number);
            }
            report.add(
                    "E-NUM-01",
                    "`" + key + "` is between " + least + " and " + most,
                    at(key),
                    "out of range",
                    null);
            return Optional.empty();
        }
        report.add(shape(value, at(key), "a whole number"));
        return Optional.empty();
    }

    /// An amount in US dollars under a key: a number, or a text where its digits matter.
    Optional<Money> money(String key) {
        return value(key)
                .flatMap(value -> {
                    var digits =
                            switch (value) {
                                case Value.Int(var number) -> Long.toString(number);
                                case Value.Real(var number) ->
                                        BigDecimal.valueOf(number).toPlainString();
                                case Value.Text(var text) -> text;
                                case Value.Null _, Value.Bool _, Value.Array _, Value.Struct _ ->
                                        "";
                            };
                    if (digits.matches("\\d{1,9}(\\.\\d{1,9})?")) {
                        return Optional.of(new Money(new BigDecimal(digits)));
                    }
                    report.add(shape(value, at(key), "an amount in dollars, such as 0.50"));
                    return Optional.empty();
                });
    }

    /// A share under a key: above 0, at most 1.
    Optional<Double> share(String key) {
        return value(key)
                .flatMap(value -> {
                    double share =
                            switch (value) {
                                case Value.Int(var number) -> number;
                                case Value.Real(var number) -> number;
                                case Value.Null _,
                                        Value.Bool _,
                                        Value.Text _,
                                        Value.Array _,
                                        Value.Struct _ ->
                                        0;
                            };
                    if (share > 0 && share <= 1) {
                        return Optional.of(share);
                    }
                    report.add(shape(value, at(key), "a number above 0 and at most 1"));
                    return Optional.empty();
                });
    }

    /// True or false under a key.
    boolean flag(String key, boolean otherwise) {
        return switch (value(key).orElse(Value.NULL)) {
            case Value.Bool(var flag) -> flag;
            case Value.Null _ -> otherwise;
            case Value.Int _, Value.Real _, Value.Text _, Value.Array _, Value.Struct _ -> {
                value(key).ifPresent(value -> report.add(shape(value, at(key), "true or false")));
                yield otherwise;
            }
        };
    }

    /// A duration under a key.
    Optional<Duration> duration(String key) {
        return value(key).flatMap(value -> Durations.read(value, at(key), report));
    }

    /// Everything under a key that is a map of names to something, each name checked.
    Map<String, Value> named(String key, String what, Names names) {
        return struct(key, "a map of names to " + what)
                .map(struct -> names.check(struct, at(key), what))
                .orElse(Map.of());
    }

    static Fault shape(Value value, List<String> at, String what) {
        return new Fault(
                "E-SHAPE-01",
                "`" + at.getLast() + "` is " + what + ", not " + aShape(value),
                at,
                null,
                Value.shape(value),
                value instanceof Value.Null ? "write " + what : null);
    }

    static String aShape(Value value) {
        return switch (value) {
            case Value.Null _ -> "empty";
            case Value.Bool _ -> "true or false";
            case Value.Int _ -> "a whole number";
            case Value.Real _ -> "a real number";
            case Value.Text _ -> "a text";
            case Value.Array _ -> "a list";
            case Value.Struct _ -> "an object";
        };
    }
}
