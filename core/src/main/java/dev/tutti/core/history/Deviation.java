package dev.tutti.core.history;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place at which two values are not the same.
///
/// @param path fields and indexes, outermost first; empty for the values as a whole
/// @param left what is there in the one, or null when it has no such place
/// @param right what is there in the other, or null when it has no such place
public record Deviation(List<String> path, @Nullable Value left, @Nullable Value right) {

    public Deviation {
        path = List.copyOf(path);
    }

    /// The smallest places at which the two differ, in order, `limit` at most.
    public static List<Deviation> between(Value left, Value right, int limit) {
        var found = new ArrayList<Deviation>();
        find(left, right, List.of(), limit, found);
        return found;
    }

    private static void find(
            @Nullable Value left,
            @Nullable Value right,
            List<String> path,
            int limit,
            List<Deviation> found) {
        if (found.size() >= limit || java.util.Objects.equals(left, right)) {
            return;
        }
        if (left instanceof Value.Struct one && right instanceof Value.Struct other) {
            var names = new LinkedHashSet<>(one.fields().keySet());
            names.addAll(other.fields().keySet());
            for (var name : names) {
                find(one.get(name), other.get(name), below(path, name), limit, found);
            }
        } else if (left instanceof Value.Array(var one)
                && right instanceof Value.Array(var other)) {
            for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
                find(
                        i < one.size() ? one.get(i) : null,
                        i < other.size() ? other.get(i) : null,
                        below(path, Integer.toString(i)),
                        limit,
                        found);
            }
        } else {
            found.add(new Deviation(path, left, right));
        }
    }

    /// A path with one step more.
    static List<String> below(List<String> path, String step) {
        var longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /// What is at a place of a value, or null when it has no such place.
    public static @Nullable Value at(Value value, List<String> path) {
        Value there = value;
        for (var step : path) {
            var next =
                    switch (there) {
                        case Value.Struct struct -> struct.get(step);
                        case Value.Array(var items) -> item(items, step);
                        case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ ->
                                null;
                    };
            if (next == null) {
                return null;
            }
            there = next;
        }
        return there;
    }

    /// Whether a step of a path may lead to an item of a list.
    public static boolean isIndex(String step) {
        return !step.isEmpty() && step.length() < 10 && step.chars().allMatch(Character::isDigit);
    }

    private static @Nullable Value item(List<Value> items, String step) {
        if (!isIndex(step)) {
            return null;
        }
        int index = Integer.parseInt(step);
        return index < items.size() ? items.get(index) : null;
    }
}
