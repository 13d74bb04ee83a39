package dev.tutti.agents.local;

import dev.tutti.core.event.Value;
import java.util.List;

/// Reads fields of settings and inputs, and says what to write where one does not fit.
final class Settings {
    private Settings() {}

    /// The text of a field; `otherwise` where it is missing or null.
    static String text(Value.Struct from, String name, String otherwise) {
        return switch (from.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Text(var text) -> text;
            case Value other -> throw unfit(name, "a string", other);
        };
    }

    /// The whole number of a field, from 1 to `most`.
    static int count(Value.Struct from, String name, int otherwise, int most) {
        return switch (from.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Int(var number) when number >= 1 && number <= most -> (int) number;
            case Value other -> throw unfit(name, "a whole number from 1 to " + most, other);
        };
    }

    static boolean flag(Value.Struct from, String name, boolean otherwise) {
        return switch (from.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Bool(var flag) -> flag;
            case Value other -> throw unfit(name, "true or false", other);
        };
    }

    /// A number from 0 to 1; numbers beyond are moved to the nearer end.
    static double share(Value.Struct from, String name, double otherwise) {
        return switch (from.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Int(var number) -> number > 0 ? 1 : 0;
            case Value.Real(var number) -> Math.clamp(number, 0.0, 1.0);
            case Value other -> throw unfit(name, "a number from 0 to 1", other);
        };
    }

    /// A number with four places.
    static Value rounded(double number) {
        return new Value.Real(Math.round(number * 1e4) / 1e4);
    }

    /// @throws IllegalArgumentException when there is a setting that nobody reads
    static void require(Value.Struct settings, String uses, List<String> known) {
        for (var name : settings.fields().keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "`"
                                + name
                                + "` is not a setting of "
                                + uses
                                + "; it takes "
                                + String.join(", ", known));
            }
        }
    }

    private static IllegalArgumentException unfit(String name, String needed, Value given) {
        return new IllegalArgumentException(
                "`" + name + "` is to be " + needed + ", not " + described(given));
    }

    private static String described(Value given) {
        return switch (given) {
            case Value.Int(var number) -> Long.toString(number);
            case Value.Real(var number) -> Double.toString(number);
            default -> "a " + Value.shape(given);
        };
    }
}
