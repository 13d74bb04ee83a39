package dev.tutti.core.goal;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plan written beforehand, or a goal that a planner makes a plan for.
///
/// @param name its name in the team
/// @param input the type of the inputs, with defaults
/// @param tasks in the order of the file; each lists its dependencies, none is in a cycle
/// @param output the template of the run's output
/// @param onStall what happens when nothing moves a run any more: ASK or FAIL
/// @param planner who amends the plan of a run, its goal with expressions; null where nobody does
/// @param budget the most that a run may take
/// @param choreography what is said first and when it is over, where agents take up what they hear
///   of; null where there is a plan
/// @param triggers what begins runs of it by itself, where the team is deployed
/// @param notes that tasks of a run share
public record Workflow(
        String name,
        Type.Struct input,
        List<Task> tasks,
        Value output,
        Task.Remedy onStall,
        @Nullable Planner planner,
        Budget budget,
        @Nullable Choreography choreography,
        List<Trigger> triggers,
        List<Sharing.Rule> notes) {
    private static final String WITHIN = ":";

    public Workflow {
        tasks = List.copyOf(tasks);
        triggers = List.copyOf(triggers);
        notes = List.copyOf(notes);
    }

    /// A workflow whose runs ask when they are stuck, and keep the plan as written.
    public Workflow(String name, Type.Struct input, List<Task> tasks, Value output) {
        this(name, input, tasks, output, Task.Remedy.ASK, null, Budget.NONE);
    }

    /// A workflow with a plan, which runs only when it is asked for and whose tasks share no notes.
    public Workflow(
            String name,
            Type.Struct input,
            List<Task> tasks,
            Value output,
            Task.Remedy onStall,
            @Nullable Planner planner,
            Budget budget) {
        this(name, input, tasks, output, onStall, planner, budget, null, List.of(), List.of());
    }

    /// This workflow with other tasks.
    public Workflow withTasks(List<Task> other) {
        return new Workflow(
                name,
                input,
                other,
                output,
                onStall,
                planner,
                budget,
                choreography,
                triggers,
                notes);
    }

    /// This workflow with another template of its output.
    public Workflow withOutput(Value other) {
        return new Workflow(
                name, input, tasks, other, onStall, planner, budget, choreography, triggers, notes);
    }

    /// This workflow planned by someone else, who may take so much.
    public Workflow with(@Nullable Planner other, Budget most) {
        return new Workflow(
                name, input, tasks, output, onStall, other, most, choreography, triggers, notes);
    }

    /// This workflow without a plan.
    public Workflow with(Choreography other) {
        return new Workflow(
                name, input, tasks, output, onStall, planner, budget, other, triggers, notes);
    }

    /// This workflow begun by something.
    public Workflow withTriggers(List<Trigger> other) {
        return new Workflow(
                name, input, tasks, output, onStall, planner, budget, choreography, other, notes);
    }

    /// This workflow with notes that its tasks share.
    public Workflow withNotes(List<Sharing.Rule> other) {
        return new Workflow(
                name,
                input,
                tasks,
                output,
                onStall,
                planner,
                budget,
                choreography,
                triggers,
                other);
    }

    /// Who says what its runs do next.
    public Mode mode() {
        return choreography == null ? Mode.PLANNED : Mode.CHOREOGRAPHY;
    }

    /// Whether it stands for a goal within another workflow, and not for itself.
    public boolean isWithin() {
        return name.contains(WITHIN);
    }

    /// The name of the workflow that a task with a goal of its own stands for.
    public static String within(String workflow, String task) {
        return workflow + WITHIN + task;
    }
}
