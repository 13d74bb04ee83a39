package dev.tutti.core.plan;

import dev.tutti.core.event.Type;
import java.util.List;

/// How messages speak of types and names.
final class Words {
    private static final int MOST_OF_A_CYCLE = 12;

    private Words() {}

    static String shape(Type type) {
        return switch (type) {
            case Type.Any _ -> "any value";
            case Type.Scalar(var name) -> name.equals("int") ? "whole number" : name;
            case Type.ListOf _ -> "list";
            case Type.Struct _ -> "object";
        };
    }

    static String a(Type type) {
        var shape = shape(type);
        return switch (type) {
            case Type.ListOf(Type.Scalar scalar) -> "a list of " + shape(scalar) + "s";
            case Type.ListOf(Type.Struct _) -> "a list of objects";
            case Type.Any _ -> shape;
            case Type.Scalar _, Type.ListOf _, Type.Struct _ ->
                    (shape.startsWith("o") ? "an " : "a ") + shape;
        };
    }

    static String cycle(List<String> names) {
        if (names.size() <= MOST_OF_A_CYCLE) {
            return String.join(" -> ", names);
        }
        return String.join(" -> ", names.subList(0, MOST_OF_A_CYCLE - 2))
                + " -> … "
                + (names.size() - MOST_OF_A_CYCLE + 1)
                + " more … -> "
                + names.getLast();
    }
}
