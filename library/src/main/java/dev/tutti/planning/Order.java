package dev.tutti.planning;

import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// Which tasks of a workflow are over before another begins.
final class Order {
    private Order() {}

    /// The tasks before one, near and far.
    static SequencedSet<String> before(Workflow workflow, String task) {
        var seen = new LinkedHashSet<String>();
        var open = new ArrayList<>(List.of(task));
        while (!open.isEmpty()) {
            var name = open.removeLast();
            for (var one : workflow.tasks()) {
                if (one.name().equals(name)) {
                    one.dependencies().stream().filter(seen::add).forEach(open::add);
                }
            }
        }
        return seen;
    }
}
