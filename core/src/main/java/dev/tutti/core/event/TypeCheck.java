package dev.tutti.core.event;

import java.util.ArrayList;
import java.util.List;

/// Holds a value against a type, reporting every difference.
final class TypeCheck {
    private static final int MOST_FAULTS = 20;

    private TypeCheck() {}

    static List<Fault> check(Type type, Value value, List<String> at) {
        var faults = new ArrayList<Fault>();
        check(type, value, at, faults);
        return faults;
    }

    private static void check(Type type, Value value, List<String> at, List<Fault> faults) {
        if (faults.size() >= MOST_FAULTS) {
            return;
        }
        switch (type) {
            case Type.Any _ -> {}
            case Type.Scalar(var name) -> {
                if (!isScalar(name, value)) {
                    faults.add(mismatch(type, value, at));
                }
            }
            case Type.ListOf(var item) -> {
                if (value instanceof Value.Array(var items)) {
                    for (int i = 0; i < items.size(); i++) {
                        check(item, items.get(i), below(at, Integer.toString(i)), faults);
                    }
                } else {
                    faults.add(mismatch(type, value, at));
                }
            }
            case Type.Struct struct -> {
                if (value instanceof Value.Struct given) {
                    checkFields(struct, given, at, faults);
                } else {
                    faults.add(mismatch(type, value, at));
                }
            }
        }
    }

    private static void checkFields(
            Type.Struct type, Value.Struct struct, List<String> at, List<Fault> faults) {
        type.fields()
                .forEach((name, field) -> {
                    var value = struct.get(name);
                    if (value != null) {
                        check(field.type(), value, below(at, name), faults);
                    } else if (field.required()) {
                        faults.add(
                                new Fault(
                                        "E-TYPE-02",
                                        "`" + name + "` is missing",
                                        at,
                                        null,
                                        "needs " + name,
                                        "add `" + name + "`"));
                    }
                });
        if (!type.open()) {
            for (var name : struct.fields().keySet()) {
                if (!type.fields().containsKey(name)) {
                    faults.add(
                            new Fault(
                                    Type.UNKNOWN_FIELD,
                                    "`" + name + "` is not expected here",
                                    below(at, name),
                                    null,
                                    "unknown",
                                    "known: " + String.join(", ", type.fields().keySet())));
                }
            }
        }
    }

    private static boolean isScalar(String name, Value value) {
        return switch (value) {
            case Value.Bool _ -> name.equals("bool");
            case Value.Int _ -> name.equals("int") || name.equals("number");
            case Value.Real _ -> name.equals("number");
            case Value.Text _ -> name.equals("string");
            case Value.Null _, Value.Array _, Value.Struct _ -> false;
        };
    }

    private static Fault mismatch(Type type, Value value, List<String> at) {
        return new Fault(
                "E-TYPE-01",
                "this is a " + Value.shape(value) + ", but a " + type + " is needed",
                at,
                null,
                Value.shape(value),
                null);
    }

    private static List<String> below(List<String> at, String key) {
        var path = new ArrayList<>(at);
        path.add(key);
        return path;
    }
}
