package dev.tutti.core.plan;

import dev.tutti.core.event.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Finds tasks that wait for each other, by a depth-first search with a stack of its own, since
/// legal plans are thousands of tasks deep.
final class Cycles {
    private static final int MOST = 10;

    private final Map<String, Task> tasks;
    private final Map<String, Integer> onPath = new LinkedHashMap<>();
    private final LinkedHashSet<String> finished = new LinkedHashSet<>();
    private final List<String> path = new ArrayList<>();
    private final List<List<String>> found = new ArrayList<>();

    private Cycles(Map<String, Task> tasks) {
        this.tasks = tasks;
    }

    /// Some cycles, each as `[a, b, a]`; none only if there is none.
    static List<List<String>> in(Map<String, Task> tasks) {
        var search = new Cycles(tasks);
        for (var name : tasks.keySet()) {
            search.from(name);
        }
        return search.found;
    }

    private record Visit(String name, ArrayDeque<String> left) {}

    private void from(String start) {
        var stack = new ArrayDeque<Visit>();
        open(start, stack);
        while (!stack.isEmpty()) {
            var visit = stack.peek();
            var next = visit.left().poll();
            if (next == null) {
                stack.pop();
                onPath.remove(visit.name());
                path.removeLast();
                finished.add(visit.name());
            } else if (onPath.containsKey(next)) {
                report(next);
            } else {
                open(next, stack);
            }
        }
    }

    private void open(String name, ArrayDeque<Visit> stack) {
        var task = tasks.get(name);
        if (task != null && !finished.contains(name)) {
            onPath.put(name, path.size());
            path.add(name);
            stack.push(new Visit(name, new ArrayDeque<>(task.dependencies())));
        }
    }

    private void report(String closing) {
        if (found.size() < MOST) {
            var cycle = new ArrayList<>(path.subList(onPath.getOrDefault(closing, 0), path.size()));
            cycle.add(closing);
            found.add(cycle);
        }
    }
}
