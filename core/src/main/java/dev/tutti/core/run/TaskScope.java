package dev.tutti.core.run;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Scope;
import org.jspecify.annotations.Nullable;

/// What the expressions of a task see: the run's `input`, the `item` of a fan-out, `run`, and the
/// outputs of finished tasks by name. A task of the plan that is not finished is null.
record TaskScope(RunState state, @Nullable Value item) implements Scope {

    TaskScope(RunState state) {
        this(state, null);
    }

    TaskScope withItem(Value one) {
        return new TaskScope(state, one);
    }

    @Override
    public @Nullable Value get(String variable) {
        return switch (variable) {
            case "input" -> state.asked().inputs();
            case "item" -> item;
            case "run" -> Value.struct("id", Value.text(state.asked().run().value()));
            default -> {
                var output = state.outputs().of(variable);
                yield output != null || state.graph().find(variable) == null ? output : Value.NULL;
            }
        };
    }
}
