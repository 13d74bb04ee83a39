package dev.tutti.core.goal;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.List;

/// A plan written beforehand.
///
/// @param name its name in the team
/// @param input the type of the inputs, with defaults
/// @param tasks in the order of the file; each lists its dependencies, none is in a cycle
/// @param output the template of the run's output
/// @param onStall what happens when nothing moves a run any more: ASK or FAIL
public record Workflow(
        String name, Type.Struct input, List<Task> tasks, Value output, Task.Remedy onStall) {
    public Workflow {
        tasks = List.copyOf(tasks);
    }

    /// A workflow whose runs ask when they are stuck.
    public Workflow(String name, Type.Struct input, List<Task> tasks, Value output) {
        this(name, input, tasks, output, Task.Remedy.ASK);
    }
}
