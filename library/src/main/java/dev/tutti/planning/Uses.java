package dev.tutti.planning;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the tasks of a workflow need one another for.
public final class Uses {

    /// Stands for the output of the run, where a user is named.
    public static final String OUTPUT = "";

    private final List<Use> all = new ArrayList<>();
    private final SequencedMap<String, Task> tasks = new LinkedHashMap<>();

    /// How a task is used.
    public enum How {
        /// It is in what the user is given.
        GIVEN,
        /// The user runs over it.
        RUNS_OVER,
        /// It decides whether the user runs, or how it goes on.
        DECIDES,
        /// It is in a lock, a message, a label, or what takes the user back.
        OTHER,
        /// The user only waits for it.
        ORDER
    }

    /// One task that needs another.
    ///
    /// @param user a task, or [#OUTPUT]
    /// @param used a task
    /// @param what the expression, `search.passages`; the task alone where only its end is waited
    ///   for
    public record Use(String user, String used, How how, String what) {}

    private Uses(Expressions expressions, Workflow workflow) {
        workflow.tasks().forEach(task -> tasks.put(task.name(), task));
        for (var task : workflow.tasks()) {
            add(expressions, task);
        }
        references(expressions, OUTPUT, workflow.output(), How.GIVEN);
    }

    public static Uses of(Expressions expressions, Workflow workflow) {
        return new Uses(expressions, workflow);
    }

    private void add(Expressions expressions, Task task) {
        var flow = task.flow();
        var user = task.name();
        references(expressions, user, task.input(), How.GIVEN);
        if (flow.each() != null) {
            text(expressions, user, flow.each().of(), How.RUNS_OVER);
            Stream.of(flow.each().need(), flow.each().until())
                    .filter(one -> one != null)
                    .forEach(one -> text(expressions, user, one, How.DECIDES));
        }
        if (flow.when() != null) {
            text(expressions, user, flow.when(), How.DECIDES);
        }
        if (flow.loop() != null) {
            text(expressions, user, flow.loop().condition(), How.DECIDES);
        }
        task.policy().gate().accept().forEach(one -> text(expressions, user, one, How.DECIDES));
        var verify = task.policy().gate().verify();
        if (verify != null && verify.input() != null) {
            references(expressions, user, verify.input(), How.DECIDES);
        }
        flow.locks().forEach(one -> text(expressions, user, one, How.OTHER));
        if (flow.emit() != null) {
            references(expressions, user, flow.emit().data(), How.OTHER);
            if (flow.emit().key() != null) {
                text(expressions, user, flow.emit().key(), How.OTHER);
            }
        }
        if (task.label() != null) {
            text(expressions, user, task.label(), How.OTHER);
        }
        if (task.policy().undo() != null) {
            references(expressions, user, task.policy().undo().input(), How.OTHER);
        }
        if (task.performer() instanceof Task.Performer.ByMessage message) {
            if (message.where() != null) {
                text(expressions, user, message.where(), How.DECIDES);
            }
            if (message.key() != null) {
                text(expressions, user, message.key(), How.DECIDES);
            }
        }
        for (var dependency : task.dependencies()) {
            if (uses(user, dependency).isEmpty() && tasks.containsKey(dependency)) {
                all.add(new Use(user, dependency, How.ORDER, dependency));
            }
        }
    }

    private void text(Expressions expressions, String user, String text, How how) {
        references(expressions, user, Value.text(text), how);
    }

    private void references(Expressions expressions, String user, Value template, How how) {
        for (var reference : expressions.references(template)) {
            var used = reference.variable();
            if (tasks.containsKey(used) && !used.equals(user)) {
                var path = new ArrayList<>(List.of(used));
                path.addAll(reference.path());
                var use = new Use(user, used, how, String.join(".", path));
                if (!all.contains(use)) {
                    all.add(use);
                }
            }
        }
    }

    /// Everything that is used, user by user in the order of the plan, the output of the run last.
    public List<Use> all() {
        return List.copyOf(all);
    }

    /// What `user` needs of `used`.
    public List<Use> uses(String user, String used) {
        return all.stream()
                .filter(use -> use.user().equals(user) && use.used().equals(used))
                .toList();
    }

    /// Who needs a task, and what for.
    public List<Use> of(String used) {
        return all.stream().filter(use -> use.used().equals(used)).toList();
    }

    /// Whether a task waits for another without taking anything from it.
    public boolean isOrderOnly(String user, String used) {
        var uses = uses(user, used);
        return !uses.isEmpty() && uses.stream().allMatch(use -> use.how() == How.ORDER);
    }

    /// How many tasks must be finished, one after the other, before each can begin.
    public SequencedMap<String, Integer> levels() {
        var levels = new LinkedHashMap<String, Integer>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (var task : tasks.values()) {
                if (!levels.containsKey(task.name()) && levels.keySet().containsAll(known(task))) {
                    levels.put(
                            task.name(),
                            known(task).stream()
                                    .mapToInt(one -> levels.getOrDefault(one, 0) + 1)
                                    .max()
                                    .orElse(0));
                    moved = true;
                }
            }
        }
        return levels;
    }

    /// The tasks, those that can begin first first, else in the order of the plan.
    public List<Task> inOrder() {
        var levels = levels();
        var byLevel = new TreeMap<Integer, List<Task>>();
        tasks.values()
                .forEach(task ->
                        byLevel.computeIfAbsent(
                                        levels.getOrDefault(task.name(), 0), _ -> new ArrayList<>())
                                .add(task));
        return byLevel.values().stream().flatMap(List::stream).toList();
    }

    private Set<String> known(Task task) {
        return task.dependencies().stream()
                .filter(tasks::containsKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
