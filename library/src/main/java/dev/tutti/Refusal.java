package dev.tutti;

import dev.tutti.core.event.Fault;
import java.util.List;
import java.util.stream.Collectors;

/// A request was wrong, and nothing was done.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    public Refusal(String message) {
        super(message);
        faults = List.of();
    }

    public Refusal(String message, List<Fault> faults) {
        super(message + faults.stream().map(fault -> "\n  " + fault).collect(Collectors.joining()));
        this.faults = List.copyOf(faults);
    }

    /// Everything wrong with what was given, each with its place.
    public List<Fault> faults() {
        return faults;
    }
}
