package dev.tutti.core.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/// Parts of a plan that hang together.
public final class Regions {
    private Regions() {}

    /// The tasks of `names` that are not finished, and the unfinished ones before them that nobody
    /// else needs, in the order of the plan.
    public static List<String> onlyFor(Graph graph, Collection<String> names) {
        var region = new LinkedHashSet<String>();
        var toLookAt = new ArrayDeque<String>();
        for (var name : names) {
            if (!graph.node(name).phase().isFinal() && region.add(name)) {
                toLookAt.add(name);
            }
        }
        while (!toLookAt.isEmpty()) {
            for (var dependency : graph.node(toLookAt.remove()).task().dependencies()) {
                if (!graph.node(dependency).phase().isFinal()
                        && region.containsAll(graph.dependentsOf(dependency))
                        && region.add(dependency)) {
                    toLookAt.add(dependency);
                }
            }
        }
        return inOrder(graph, region);
    }

    /// The tasks that have begun or ended and wait for one of `names`, directly or not, those of
    /// `names` included.
    public static List<String> begunAfter(Graph graph, Collection<String> names) {
        var region = new LinkedHashSet<String>(names);
        var toLookAt = new ArrayDeque<>(names);
        while (!toLookAt.isEmpty()) {
            for (var dependent : graph.dependentsOf(toLookAt.remove())) {
                if (graph.node(dependent).phase() != Graph.Phase.PLANNED && region.add(dependent)) {
                    toLookAt.add(dependent);
                }
            }
        }
        return inOrder(graph, region);
    }

    private static List<String> inOrder(Graph graph, Collection<String> names) {
        var ordered = new ArrayList<String>(names.size());
        for (var name : graph.order()) {
            if (names.contains(name)) {
                ordered.add(name);
            }
        }
        return ordered;
    }
}
