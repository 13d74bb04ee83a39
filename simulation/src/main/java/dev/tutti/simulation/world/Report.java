package dev.tutti.simulation.world;

import dev.tutti.simulation.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a world came to.
///
/// @param steps how far it went, up to and with the first violation
/// @param events in its journal
/// @param runs in its journal
/// @param time that passed in it
/// @param faults how often each happened
/// @param kinds the types of events in its journal
/// @param keys the task keys of the plans that ran in it
/// @param hash over the whole journal, in hexadecimal
/// @param violations what did not hold; it ends with the step that shows the first
public record Report(
        Scenario scenario,
        long steps,
        long events,
        int runs,
        Duration time,
        Map<Fault, Long> faults,
        Set<String> kinds,
        Set<String> keys,
        String hash,
        List<Violation> violations) {
    public Report {
        violations = List.copyOf(violations);
    }
}
