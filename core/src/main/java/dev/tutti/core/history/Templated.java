package dev.tutti.core.history;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the expressions of a task name.
final class Templated {
    private Templated() {}

    /// Whether any expression that bears on the task's course names a variable.
    static boolean names(Expressions expressions, Task task, String variable) {
        return all(expressions, task).stream().anyMatch(one -> one.variable().equals(variable));
    }

    private static List<Reference> all(Expressions expressions, Task task) {
        var references = new ArrayList<>(expressions.references(task.input()));
        var flow = task.flow();
        add(expressions, flow.when(), references);
        if (flow.each() != null) {
            add(expressions, flow.each().of(), references);
            add(expressions, flow.each().need(), references);
            add(expressions, flow.each().until(), references);
        }
        if (flow.loop() != null) {
            add(expressions, flow.loop().condition(), references);
        }
        task.policy().gate().accept().forEach(one -> add(expressions, one, references));
        var verify = task.policy().gate().verify();
        if (verify != null) {
            references.addAll(
                    expressions.references(verify.input() == null ? Value.NULL : verify.input()));
            add(expressions, verify.accept(), references);
        }
        if (task.performer() instanceof Task.Performer.ByMessage message) {
            add(expressions, message.where(), references);
        }
        return references;
    }

    private static void add(
            Expressions expressions, @Nullable String template, List<Reference> references) {
        if (template != null) {
            references.addAll(expressions.references(template));
        }
    }
}
