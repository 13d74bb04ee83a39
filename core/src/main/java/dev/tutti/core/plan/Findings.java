package dev.tutti.core.plan;

import dev.tutti.core.event.Fault;
import dev.tutti.core.expression.Similar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what is wrong, up to a limit.
final class Findings {
    private static final int MOST = 1_000;
    private static final int MOST_SUGGESTIONS = 50;

    private final List<Fault> faults = new ArrayList<>();
    private int suggestions;

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    void add(Fault fault) {
        if (faults.size() < MOST) {
            faults.add(fault);
        }
    }

    void add(
            String code,
            String message,
            List<String> at,
            Fault.@Nullable Span span,
            String label,
            @Nullable String help) {
        add(new Fault(code, message, at, span, label, help));
    }

    /// What to write instead of a name that is not among the known ones, or null.
    @Nullable String mend(String name, Collection<String> known) {
        if (suggestions++ >= MOST_SUGGESTIONS) {
            return null;
        }
        return Similar.to(name, known).map(near -> "write `" + near + "`").orElse(null);
    }

    static List<String> below(List<String> at, String... keys) {
        var path = new ArrayList<>(at);
        path.addAll(List.of(keys));
        return path;
    }
}
