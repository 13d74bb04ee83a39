package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What plain scalars mean: the core schema of YAML 1.2, where `no` is text and `012` is twelve.
///
/// Numbers that a value cannot hold exactly enough are refused by their spelling, before anything
/// is computed of them.
final class CoreSchema {
    private static final int LONGEST_NUMBER = 40;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern REAL =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern ENDLESS =
            Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private final Refused refused;

    private final ArrayList<String> path = new ArrayList<>();

    /// Told of scalars that no value can hold, and why.
    interface Refused {
        void refuse(YamlNode.Scalar scalar, List<String> at, String why);
    }

    /// @param refused told of scalars that no value can hold, and why
    CoreSchema(Refused refused) {
        this.refused = refused;
    }

    Value value(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar);
            case YamlNode.Sequence sequence -> {
                List<Value> items = new ArrayList<>(sequence.items().size());
                for (var item : sequence.items()) {
                    items.add(below(Integer.toString(items.size()), item));
                }
                yield new Value.Array(items);
            }
            case YamlNode.Mapping mapping -> {
                var fields = new LinkedHashMap<String, Value>();
                mapping.entries()
                        .forEach(entry ->
                                fields.put(
                                        entry.key().text(),
                                        below(entry.key().text(), entry.value())));
                yield new Value.Struct(fields);
            }
        };
    }

    private Value below(String step, YamlNode node) {
        path.addLast(step);
        var value = value(node);
        path.removeLast();
        return value;
    }

    private Value scalar(YamlNode.Scalar scalar) {
        if (scalar.style() != YamlNode.Style.PLAIN) {
            return Value.text(scalar.text());
        }
        return switch (scalar.text()) {
            case "", "~", "null", "Null", "NULL" -> Value.NULL;
            case "true", "True", "TRUE" -> Value.of(true);
            case "false", "False", "FALSE" -> Value.of(false);
            default -> number(scalar).orElseGet(() -> Value.text(scalar.text()));
        };
    }

    /// A number, or nothing where the scalar is text.
    private Optional<Value> number(YamlNode.Scalar scalar) {
        var text = scalar.text();
        char first = text.charAt(0);
        if ("+-.0123456789".indexOf(first) < 0) {
            return Optional.empty();
        }
        if (ENDLESS.matcher(text).matches()) {
            return refuse(scalar, "only finite numbers can be kept");
        }
        boolean real = REAL.matcher(text).matches();
        if (!real && !OCTAL.matcher(text).matches() && !HEXADECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        if (text.length() > LONGEST_NUMBER) {
            return refuse(scalar, "a number may have " + LONGEST_NUMBER + " characters at most");
        }
        try {
            return real && !WHOLE.matcher(text).matches() ? real(scalar) : whole(scalar);
        } catch (NumberFormatException e) {
            return refuse(
                    scalar, "a whole number has 64 bits at most; write it as text, in quotes");
        }
    }

    private Optional<Value> whole(YamlNode.Scalar scalar) {
        var text = scalar.text();
        long number =
                text.startsWith("0x")
                        ? Long.parseLong(text, 2, text.length(), 16)
                        : text.startsWith("0o")
                                ? Long.parseLong(text, 2, text.length(), 8)
                                : Long.parseLong(text);
        return number == 0 && text.startsWith("-")
                ? refuse(scalar, "there is no negative zero")
                : Optional.of(Value.of(number));
    }

    private Optional<Value> real(YamlNode.Scalar scalar) {
        double number = Double.parseDouble(scalar.text());
        if (!Double.isFinite(number)) {
            return refuse(scalar, "this number is too large");
        }
        if (number == 0 && scalar.text().matches(".*[1-9].*[eE].*|-.*")) {
            return refuse(
                    scalar,
                    scalar.text().startsWith("-")
                            ? "there is no negative zero"
                            : "this number is too small");
        }
        return Optional.of(new Value.Real(number));
    }

    private Optional<Value> refuse(YamlNode.Scalar scalar, String why) {
        refused.refuse(scalar, List.copyOf(path), why);
        return Optional.of(Value.NULL);
    }
}
