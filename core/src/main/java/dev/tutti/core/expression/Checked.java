package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import java.util.List;

/// What can be said of a template before it is rendered.
///
/// @param type what it will give, `any` where that is open
/// @param faults what is wrong with it, spans within its text, no paths
public record Checked(Type type, List<Fault> faults) {
    public Checked {
        faults = List.copyOf(faults);
    }
}
