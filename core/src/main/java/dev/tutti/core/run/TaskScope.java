package dev.tutti.core.run;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Scope;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What the expressions of a task see: the run's `input`, the `item` of a fan-out, `run`, the
/// outputs of finished tasks by name, the run's `notes`, and where it makes sense `output` and
/// `message`. A task of the plan that is not finished is null.
final class TaskScope implements Scope {
    private final Draft draft;
    private final @Nullable TaskId task;
    private final PMap<String, Value> more;

    private TaskScope(Draft draft, @Nullable TaskId task, PMap<String, Value> more) {
        this.draft = draft;
        this.task = task;
        this.more = more;
    }

    TaskScope(Draft draft) {
        this(draft, null, HashTreePMap.empty());
    }

    /// As seen by one task; the item of a fan-out is looked up only if it is named.
    TaskScope of(TaskId one) {
        return new TaskScope(draft, one, more);
    }

    TaskScope with(String variable, Value value) {
        return new TaskScope(draft, task, more.plus(variable, value));
    }

    @Override
    public @Nullable Value get(String variable) {
        var value = more.get(variable);
        if (value != null) {
            return value;
        }
        var state = draft.state();
        return switch (variable) {
            case "input" -> state.asked().inputs();
            case "item" ->
                    task == null || task.item() == TaskId.WHOLE ? null : Planning.item(draft, task);
            case "message" -> task == null ? null : Choreographing.message(state, task.name());
            case "messages" ->
                    state.choreographed()
                            ? Choreographing.messages(draft)
                            : outputOf(state, variable);
            case "run" -> Value.struct("id", Value.text(state.asked().run().value()));
            case "notes" ->
                    state.graph().find(variable) == null
                            ? draft.notes()
                            : outputOf(state, variable);
            default -> outputOf(state, variable);
        };
    }

    private static @Nullable Value outputOf(RunState state, String variable) {
        var output = state.outputs().of(variable);
        return output != null || state.graph().find(variable) == null ? output : Value.NULL;
    }
}
