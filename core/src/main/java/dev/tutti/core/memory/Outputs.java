package dev.tutti.core.memory;

import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// The outputs handed on so far, by the name of the task; a skipped task's is null.
public record Outputs(PMap<String, Value> byTask) {
    public static final Outputs NONE = new Outputs(HashTreePMap.empty());

    public Outputs with(String task, Value output) {
        return new Outputs(byTask.plus(task, output));
    }

    public Outputs without(String task) {
        return new Outputs(byTask.minus(task));
    }

    public @Nullable Value of(String task) {
        return byTask.get(task);
    }
}
