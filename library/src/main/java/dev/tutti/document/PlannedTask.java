package dev.tutti.document;

import dev.tutti.Refusal;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.history.Chronicle;

/// A task of a run's plan as people name it, or the names that are near.
public final class PlannedTask {
    private PlannedTask() {}

    /// The task of that name.
    ///
    /// @throws Refusal when it is none, with the mend
    public static TaskId named(String name, Chronicle chronicle) {
        TaskId id;
        try {
            id = TaskId.parse(name);
        } catch (IllegalArgumentException _) {
            throw new Refusal("`" + name + "` is no task; write `name` or `name[3]`");
        }
        if (chronicle.declaration(id.name()) == null) {
            var names = chronicle.plan().stream().map(task -> task.name()).toList();
            throw new Refusal(
                    "the plan has no task `"
                            + id.name()
                            + "`"
                            + Similar.to(id.name(), names)
                                    .map(near -> "; did you mean `" + near + "`?")
                                    .orElse("; it has " + String.join(", ", names)));
        }
        return id;
    }
}
