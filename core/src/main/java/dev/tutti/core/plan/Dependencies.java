package dev.tutti.core.plan;

import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads off a task what it must wait for, and what it names.
public final class Dependencies {

    /// What expressions of a task may name besides other tasks.
    static final List<String> VARIABLES = List.of("input", "item", "run", "notes");

    /// What expressions may name in some places only.
    static final List<String> FOREIGN = List.of("env", "secret", "output", "message");

    /// What the rules of a policy may name in addition.
    static final List<String> OF_RULES = List.of("agent", "task");

    private Dependencies() {}

    /// The tasks that the expressions of a task name and those of `after`, each once, in order.
    /// Names of tasks that do not exist are among them; [PlanCheck] reports those.
    ///
    /// @param after the tasks that it names for no other reason
    public static List<String> of(
            Expressions expressions,
            Task.Performer performer,
            Value input,
            Task.Flow flow,
            Task.Policy policy,
            @Nullable String label,
            List<String> after) {
        return of(expressions, performer, input, flow, policy, label, after, null);
    }

    /// As above.
    ///
    /// @param passing how the task goes from agent to agent, or null
    public static List<String> of(
            Expressions expressions,
            Task.Performer performer,
            Value input,
            Task.Flow flow,
            Task.Policy policy,
            @Nullable String label,
            List<String> after,
            @Nullable Passing passing) {
        return of(
                expressions,
                performer,
                input,
                flow,
                policy,
                label,
                after,
                passing,
                Sharing.NOTHING);
    }

    /// The same, of a task that writes notes. How notes are kept has nothing to do with tasks.
    public static List<String> of(
            Expressions expressions,
            Task.Performer performer,
            Value input,
            Task.Flow flow,
            Task.Policy policy,
            @Nullable String label,
            List<String> after,
            @Nullable Passing passing,
            Sharing sharing) {
        var names = new LinkedHashSet<String>();
        for (var template : Templates.of(performer, flow, policy, label, passing, sharing)) {
            if (template.use() == Templates.Use.REDUCED) {
                continue;
            }
            var references = expressions.references(template.text()).stream();
            add(
                    names,
                    template.use() == Templates.Use.RULE
                            ? references.filter(one -> !OF_RULES.contains(one.variable()))
                            : references);
        }
        add(names, expressions.references(input).stream());
        names.addAll(after);
        return List.copyOf(names);
    }

    /// Whether what a task is given, or an expression that bears on what becomes of it, names a
    /// variable.
    public static boolean names(Expressions expressions, Task task, String variable) {
        return Stream.concat(
                        Stream.of(task.input()),
                        Templates.of(task).stream()
                                .filter(Templates.Template::steers)
                                .map(Templates.Template::text))
                .flatMap(template -> expressions.references(template).stream())
                .anyMatch(reference -> reference.variable().equals(variable));
    }

    private static void add(Set<String> names, Stream<Reference> references) {
        references
                .map(Reference::variable)
                .filter(name -> !VARIABLES.contains(name) && !FOREIGN.contains(name))
                .forEach(names::add);
    }
}
