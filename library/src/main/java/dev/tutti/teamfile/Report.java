package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.core.expression.Similar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects faults with their paths.
final class Report {
    private static final int MOST = 1_000;

    private final List<Fault> faults = new ArrayList<>();

    List<Fault> faults() {
        return faults;
    }

    void add(Fault fault) {
        if (faults.size() < MOST) {
            faults.add(fault);
        }
    }

    void add(String code, String message, List<String> at, String label, @Nullable String help) {
        add(new Fault(code, message, at, null, label, help));
    }

    void unknownWord(String word, List<String> at, List<String> known) {
        add(
                "E-WORD-01",
                "`" + DisplayWidth.shown(word) + "` is not one of " + String.join(", ", known),
                at,
                "unknown word",
                Similar.to(word, known).map(near -> "write `" + near + "`").orElse(null));
    }

    boolean hasErrors() {
        return faults.stream().anyMatch(fault -> !fault.isWarning());
    }

    static List<String> below(List<String> at, String key) {
        var path = new ArrayList<>(at);
        path.add(key);
        return List.copyOf(path);
    }
}
