package dev.tutti.core.memory;

import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// How a new value and the one that a note has become one, where no expression says so.
public final class Reducing {
    private Reducing() {}

    /// The greater of two: numbers by size, texts by their code points.
    ///
    /// @param current null at first
    /// @return empty when the two do not compare
    public static Optional<Value> max(@Nullable Value current, Value given) {
        if (current == null || current instanceof Value.Null) {
            return isOrdered(given) ? Optional.of(given) : Optional.empty();
        }
        if (current instanceof Value.Text(var one) && given instanceof Value.Text(var other)) {
            return Optional.of(one.compareTo(other) >= 0 ? current : given);
        }
        if (current instanceof Value.Int(var one) && given instanceof Value.Int(var other)) {
            return Optional.of(one >= other ? current : given);
        }
        var one = number(current);
        var other = number(given);
        if (one == null || other == null) {
            return Optional.empty();
        }
        int order = Double.compare(one, other);
        // 1 and 1.0 are as great as one another: whichever comes first, the whole number stays.
        return Optional.of(
                order > 0 || (order == 0 && current instanceof Value.Int) ? current : given);
    }

    private static boolean isOrdered(Value value) {
        return value instanceof Value.Text || number(value) != null;
    }

    private static @Nullable Double number(Value value) {
        return switch (value) {
            case Value.Int(var n) -> (double) n;
            case Value.Real(var n) -> n;
            case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ -> null;
        };
    }

    /// The fields of `given` laid over those of `current`, objects within as well.
    ///
    /// @param current null at first
    /// @return empty when one of them is no object
    public static Optional<Value> merge(@Nullable Value current, Value given) {
        if (!(given instanceof Value.Struct over)) {
            return Optional.empty();
        }
        if (current == null || current instanceof Value.Null) {
            return Optional.of(given);
        }
        return current instanceof Value.Struct under
                ? Optional.of(merged(under, over))
                : Optional.empty();
    }

    private static Value.Struct merged(Value.Struct under, Value.Struct over) {
        var fields = new LinkedHashMap<>(under.fields());
        over.fields()
                .forEach((name, value) -> {
                    var there = fields.get(name);
                    fields.put(
                            name,
                            there instanceof Value.Struct one && value instanceof Value.Struct other
                                    ? merged(one, other)
                                    : value);
                });
        return new Value.Struct(fields);
    }

    /// Where what a writer appends goes: before what comes from a later place of the plan, and
    /// after what it wrote itself.
    ///
    /// @param places where in the plan a task stands
    public static int place(@Nullable Note note, Provenance from, ToIntFunction<String> places) {
        if (note == null) {
            return 0;
        }
        int place = 0;
        for (var entry : note.entries()) {
            if (!Note.isBy(entry, from)) {
                if (isBefore(from, entry, places)) {
                    return place;
                }
                place++;
            }
        }
        return place;
    }

    private static boolean isBefore(
            Provenance from, Note.Entry entry, ToIntFunction<String> places) {
        if (from.task().name().equals(entry.task().name())) {
            return from.task().item() < entry.task().item();
        }
        return places.applyAsInt(from.task().name()) < places.applyAsInt(entry.task().name());
    }
}
