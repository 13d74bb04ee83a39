package dev.tutti.core.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What a value may be: the part of a schema that can be checked before anything runs.
///
/// A full JSON Schema says more; what it says beyond this is checked on real values only.
public sealed interface Type {

    /// The code of the fault for a field that the type does not know.
    String UNKNOWN_FIELD = "E-TYPE-03";

    /// Takes everything.
    record Any() implements Type {
        public static final Any ANY = new Any();

        @Override
        public String toString() {
            return "any";
        }
    }

    /// One of `bool`, `int`, `number`, `string`.
    record Scalar(String name) implements Type {
        public static final Scalar BOOL = new Scalar("bool");
        public static final Scalar INT = new Scalar("int");
        public static final Scalar NUMBER = new Scalar("number");
        public static final Scalar STRING = new Scalar("string");

        @Override
        public String toString() {
            return name;
        }
    }

    record ListOf(Type item) implements Type {
        @Override
        public String toString() {
            return "[" + item + "]";
        }
    }

    /// An object.
    ///
    /// @param fields what is known of its fields, in order
    /// @param open whether it may have others
    record Struct(SequencedMap<String, Field> fields, boolean open) implements Type {
        public static final Struct OPEN = new Struct(Collections.emptySortedMap(), true);

        public Struct {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String toString() {
            return fields.isEmpty() ? "object" : "{" + String.join(", ", fields.keySet()) + "}";
        }
    }

    /// A field of an object.
    ///
    /// @param required whether it must be there; false as well where it has a default
    /// @param byDefault what it is when it is left out, or null
    record Field(Type type, boolean required, @Nullable Value byDefault) {
        public static Field required(Type type) {
            return new Field(type, true, null);
        }
    }

    /// Whether a value of type `from` may stand where `to` is wanted, as far as one can tell
    /// beforehand: false only when it certainly may not.
    static boolean fits(Type from, Type to) {
        return switch (to) {
            case Any _ -> true;
            case Scalar(var wanted) ->
                    switch (from) {
                        case Any _ -> true;
                        case Scalar(var given) ->
                                given.equals(wanted)
                                        || (given.equals("int") && wanted.equals("number"));
                        case ListOf _, Struct _ -> false;
                    };
            case ListOf(var wanted) ->
                    switch (from) {
                        case Any _ -> true;
                        case ListOf(var given) -> fits(given, wanted);
                        case Scalar _, Struct _ -> false;
                    };
            case Struct wanted ->
                    switch (from) {
                        case Any _ -> true;
                        case Struct given ->
                                wanted.fields().entrySet().stream()
                                        .allMatch(field -> fits(given, field));
                        case Scalar _, ListOf _ -> false;
                    };
        };
    }

    private static boolean fits(Struct given, java.util.Map.Entry<String, Field> wanted) {
        var field = given.fields().get(wanted.getKey());
        return field == null
                ? given.open() || !wanted.getValue().required()
                : fits(field.type(), wanted.getValue().type());
    }

    /// What is wrong with `value` as this type, each with its path from `at`; empty when it fits.
    default List<Fault> check(Value value, List<String> at) {
        return TypeCheck.check(this, value, at);
    }
}
