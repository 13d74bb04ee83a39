package dev.tutti.core.history;

import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Comparison.Aspect;
import dev.tutti.core.history.Comparison.Cause;
import dev.tutti.core.history.Comparison.Change;
import dev.tutti.core.plan.Dependencies;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What of the changes between two runs follows from which: a task may see the results of those it
/// depends on, in either run.
final class Consequences {
    /// Stands for what was asked of the run among the names of tasks.
    private static final String ASKED = "";

    private static final Set<String> NOBODY = new LinkedHashSet<>();

    /// Who may see the results of a task, by its name.
    private final Map<String, Set<String>> dependents = new LinkedHashMap<>();

    /// @param expressions reads which tasks name the inputs of the run
    Consequences(Chronicle left, Chronicle right, Expressions expressions) {
        for (var chronicle : List.of(left, right)) {
            for (var task : chronicle.plan()) {
                if (Dependencies.names(expressions, task, "input")) {
                    sees(task.name(), ASKED);
                }
                task.dependencies().forEach(dependency -> sees(task.name(), dependency));
            }
        }
    }

    private void sees(String task, String other) {
        dependents.computeIfAbsent(other, _ -> new LinkedHashSet<>()).add(task);
    }

    /// The changes with their causes: the first divergence, then the others in the order of the
    /// left run.
    List<Change> sort(List<Change> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        var below = below(found.stream().map(Consequences::nameOf).distinct().toList());
        var origins = new ArrayList<Change>();
        var led = new ArrayList<Change>();
        for (var change : found) {
            (follows(change, below) ? led : origins).add(change);
        }
        if (origins.isEmpty()) {
            led.sort(Comparator.comparingLong(Change::place));
            origins.add(led.removeFirst());
        }
        origins.sort(Comparator.comparingLong(Change::place));
        var first = origins.removeFirst().because(Cause.FIRST);
        var reached = below(List.of(nameOf(first)));
        var rest = new ArrayList<>(origins);
        for (var change : led) {
            rest.add(
                    change.isCutOff() || reached.contains(nameOf(change))
                            ? change.because(Cause.DOWNSTREAM)
                            : change);
        }
        rest.sort(Comparator.comparingLong(Change::place));
        rest.addFirst(first);
        return rest;
    }

    private static String nameOf(Change change) {
        var name = change.name();
        return name == null ? ASKED : name;
    }

    /// Whether what came before explains the change: it was given something else, or was not
    /// reached.
    private static boolean follows(Change change, Set<String> below) {
        if (change.isCutOff()) {
            return true;
        }
        return below.contains(nameOf(change))
                && !change.differsIn(Aspect.PLAN)
                && (change.differsIn(Aspect.INPUT)
                        || change.differsIn(Aspect.WIDTH)
                        || change.isSkippedInOne());
    }

    /// All that come after some of `names`, directly or through others.
    private Set<String> below(List<String> names) {
        var below = new LinkedHashSet<String>();
        var toLookAt = new ArrayDeque<>(names);
        while (!toLookAt.isEmpty()) {
            for (var name : dependents.getOrDefault(toLookAt.remove(), NOBODY)) {
                if (below.add(name)) {
                    toLookAt.add(name);
                }
            }
        }
        return below;
    }
}
