package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A variable and the way into it: `search.passages[0]["text"]`.
///
/// A path through null gives null, since the output of a skipped task is null; a field that an
/// object does not have is an error that says which it has.
///
/// @param root the variable
/// @param steps the way, outermost first
/// @param span where it stands
record Path(String root, List<Step> steps, Fault.Span span) {
    private static final int MOST_NAMES = 8;
    private static final int LONGEST_NAME = 40;

    Path {
        steps = List.copyOf(steps);
    }

    /// One step, with the place of its own text.
    sealed interface Step {
        Fault.Span span();
    }

    record Field(String name, Fault.Span span) implements Step {}

    record Index(long index, Fault.Span span) implements Step {}

    Value evaluate(Scope scope) {
        var value = scope.get(root);
        if (value == null) {
            throw new ExpressionException(Codes.VARIABLE, "`" + root + "` is not known here");
        }
        for (int i = 0; i < steps.size() && !(value instanceof Value.Null); i++) {
            value = step(value, i);
        }
        return value;
    }

    /// Whether the last step, a field, finds something; false as well where an earlier one does
    /// not.
    boolean isThere(Scope scope) {
        try {
            var owner = new Path(root, steps.subList(0, steps.size() - 1), span).evaluate(scope);
            return owner instanceof Value.Struct struct
                    && steps.getLast() instanceof Field(var name, _)
                    && struct.get(name) != null;
        } catch (ExpressionException e) {
            if (e.code().equals(Codes.FIELD)) {
                return false;
            }
            throw e;
        }
    }

    private Value step(Value from, int i) {
        return switch (steps.get(i)) {
            case Field(var name, _) -> {
                if (from instanceof Value.Struct struct) {
                    var value = struct.get(name);
                    if (value == null) {
                        throw new ExpressionException(
                                Codes.FIELD, noField(text(i), name, struct.fields().keySet()));
                    }
                    yield value;
                }
                throw new ExpressionException(
                        Codes.FIELD, notAn("object", text(i), Value.shape(from)));
            }
            case Index(var index, _) -> {
                if (from instanceof Value.Array(var items)) {
                    if (index < 0 || index >= items.size()) {
                        throw new ExpressionException(
                                Codes.FIELD,
                                "`"
                                        + text(i)
                                        + "` has "
                                        + items.size()
                                        + " items, none at "
                                        + index);
                    }
                    yield items.get((int) index);
                }
                throw new ExpressionException(
                        Codes.FIELD, notAn("list", text(i), Value.shape(from)));
            }
        };
    }

    /// The type at its end, `any` once a fault was found.
    Type check(Types types, List<Fault> faults) {
        var type = types.get(root);
        if (type == null) {
            faults.add(
                    fault(
                            Codes.VARIABLE,
                            "`" + root + "` is not known here",
                            new Fault.Span(span.from(), span.from() + root.length()),
                            "unknown",
                            null));
            return Type.Any.ANY;
        }
        for (int i = 0; i < steps.size(); i++) {
            type = step(type, i, faults);
        }
        return type;
    }

    private Type step(Type from, int i, List<Fault> faults) {
        var step = steps.get(i);
        return switch (from) {
            case Type.Any any -> any;
            case Type.Struct struct ->
                    switch (step) {
                        case Field(var name, var where) -> field(struct, name, where, i, faults);
                        case Index _ -> mismatch("list", from, i, null, faults);
                    };
            case Type.ListOf(var item) ->
                    switch (step) {
                        case Index _ -> item;
                        case Field _ ->
                                mismatch(
                                        "object",
                                        from,
                                        i,
                                        "take one item, `"
                                                + text(i)
                                                + "[0]`, or run over all of them with `each`",
                                        faults);
                    };
            case Type.Scalar _ ->
                    mismatch(step instanceof Field ? "object" : "list", from, i, null, faults);
        };
    }

    private Type field(
            Type.Struct struct, String name, Fault.Span where, int i, List<Fault> faults) {
        var field = struct.fields().get(name);
        if (field != null) {
            return field.type();
        }
        if (!struct.open()) {
            var names = struct.fields().keySet();
            faults.add(
                    fault(
                            Codes.FIELD,
                            noField(text(i), name, names),
                            where,
                            "unknown field",
                            Similar.to(name, names).map(n -> "write `" + n + "`").orElse(null)));
        }
        return Type.Any.ANY;
    }

    private Type mismatch(
            String wanted, Type from, int i, @Nullable String help, List<Fault> faults) {
        faults.add(
                fault(
                        Codes.FIELD,
                        notAn(wanted, text(i), shape(from)),
                        steps.get(i).span(),
                        "of " + article(shape(from)),
                        help));
        return Type.Any.ANY;
    }

    private static Fault fault(
            String code, String message, Fault.Span span, String label, @Nullable String help) {
        return new Fault(code, message, List.of(), span, label, help);
    }

    private static String noField(String owner, String name, Collection<String> names) {
        var some =
                names.stream().limit(MOST_NAMES).map(Path::shown).collect(Collectors.joining(", "));
        return "`"
                + owner
                + "` has no field `"
                + shown(name)
                + "` ("
                + (names.isEmpty()
                        ? "it is empty"
                        : "has: " + some + (names.size() > MOST_NAMES ? ", …" : ""))
                + ")";
    }

    private static String notAn(String wanted, String owner, String shape) {
        return "`" + owner + "` is " + article(shape) + ", not " + article(wanted);
    }

    private static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }

    static String shape(Type type) {
        return switch (type) {
            case Type.Any _ -> "any";
            case Type.Scalar(var name) -> name;
            case Type.ListOf _ -> "list";
            case Type.Struct _ -> "object";
        };
    }

    /// A name out of data: short, without control characters.
    private static String shown(String name) {
        var shortened = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
        return shortened
                .codePoints()
                .mapToObj(c ->
                        Character.isISOControl(c)
                                ? String.format("\\u%04x", c)
                                : Character.toString(c))
                .collect(Collectors.joining());
    }

    /// The variable and its first `count` steps, as one would write them.
    private String text(int count) {
        var text = new StringBuilder(root);
        for (var step : steps.subList(0, count)) {
            switch (step) {
                case Field(var name, _) -> {
                    if (PathReader.isName(name)) {
                        text.append('.').append(name);
                    } else {
                        text.append("[\"").append(shown(name)).append("\"]");
                    }
                }
                case Index(var index, _) -> text.append('[').append(index).append(']');
            }
        }
        return text.toString();
    }

    Reference reference() {
        return new Reference(
                root,
                steps.stream()
                        .map(step ->
                                switch (step) {
                                    case Field(var name, _) -> name;
                                    case Index(var index, _) -> Long.toString(index);
                                })
                        .toList(),
                span);
    }
}
