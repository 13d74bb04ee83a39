package dev.tutti.simulation;

import dev.tutti.runtime.journal.Entry;
import java.util.ArrayList;
import java.util.List;

/// Checks one invariant, or a few that share their books, over one run: it sees every step in order
/// and then the end.
abstract class Check {
    private final List<Violation> found = new ArrayList<>();

    abstract void see(Step step);

    /// Called after the last step.
    void end(Step last) {}

    final void report(String invariant, Step step, String sentence) {
        report(invariant, step.entry(), sentence);
    }

    final void report(String invariant, Entry entry, String sentence) {
        found.add(new Violation(invariant, entry.stream(), entry.sequence(), sentence));
    }

    final List<Violation> found() {
        return found;
    }
}
