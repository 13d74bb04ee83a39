package dev.tutti.agents.planner;

import dev.tutti.core.event.Value;
import dev.tutti.core.planner.Problem.Worth;
import java.util.List;

/// What a team file may say `with` for the planner: what counts how much.
final class Settings {
    private static final List<String> KNOWN = List.of("second", "failure", "items");

    private Settings() {}

    /// @throws IllegalArgumentException when there is a setting that nobody reads
    static void require(Value.Struct settings) {
        for (var name : settings.fields().keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "`"
                                + name
                                + "` is not a setting of planner/search; it takes "
                                + String.join(", ", KNOWN));
            }
        }
    }

    static Worth worth(Value.Struct settings) {
        var byDefault = Worth.DEFAULT;
        return new Worth(
                number(settings, "second", byDefault.second()),
                number(settings, "failure", byDefault.failure()),
                (int) number(settings, "items", byDefault.items()));
    }

    /// The number of a field; `otherwise` where it is missing or null.
    static double number(Value.Struct from, String name, double otherwise) {
        return switch (from.get(name)) {
            case null -> otherwise;
            case Value.Null _ -> otherwise;
            case Value.Int(var number) -> number;
            case Value.Real(var number) -> number;
            case Value other ->
                    throw new IllegalArgumentException(
                            "`" + name + "` is to be a number, not a " + Value.shape(other));
        };
    }
}
