package dev.tutti.simulation.world;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Sharing.Write;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Lets tasks of a workflow write and read notes, by chance.
final class Shared {
    private static final Reducer SUM =
            new Reducer.Computed("${current == null ? new : current + new}");

    private static final List<Sharing.Rule> RULES =
            List.of(
                    new Sharing.Rule("log", Reducer.APPEND, List.of(), List.of()),
                    new Sharing.Rule("most", Reducer.MAX, List.of(), List.of()),
                    new Sharing.Rule("all", Reducer.MERGE, List.of(), List.of()),
                    new Sharing.Rule("sum", SUM, List.of(), List.of()),
                    new Sharing.Rule("latest", Reducer.LAST, List.of(), List.of()));

    private final SplittableRandom random;

    private Shared(SplittableRandom random) {
        this.random = random;
    }

    static Workflow in(Workflow workflow, SplittableRandom random) {
        var shared = new Shared(random);
        return workflow.withTasks(workflow.tasks().stream().map(shared::task).toList())
                .withNotes(RULES);
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private Task task(Task task) {
        boolean works =
                task.performer().equals(new Performer.BySkill(Plans.WORK))
                        || task.performer().equals(new Performer.ByAgent(new AgentId("one")));
        if (!works || once(3)) {
            return task;
        }
        var reads = once(2) ? List.of("log", "latest", "*.*") : List.<String>of();
        var sharing = new Sharing(writes(task), reads, once(6), giving(task, reads));
        var input = once(3) ? task.input().with("seen", Value.text("${notes.log}")) : task.input();
        return new Task(
                task.name(),
                task.performer(),
                input,
                task.dependencies(),
                task.flow(),
                task.policy(),
                task.label(),
                task.undoes(),
                task.plans(),
                task.passing(),
                sharing);
    }

    /// A third of the tasks bound what their agents are given. Drawn from the task itself, so that
    /// the plans of a seed stay as they were.
    private static Sharing.Giving giving(Task task, List<String> reads) {
        int dice = Math.floorMod((task + reads.toString()).hashCode(), 300);
        return new Sharing.Giving(dice < 100 ? 12 + dice : 0, null, dice % 4 == 0);
    }

    private List<Write> writes(Task task) {
        var writes = new ArrayList<Write>();
        var n = Value.text("${output.n}");
        for (var rule : RULES) {
            if (once(3)) {
                writes.add(new Write(rule.key(), value(rule, task, n), rule.by()));
            }
        }
        var own = task.name() + ".own";
        switch (random.nextInt(6)) {
            case 0 -> writes.add(new Write(own, n, Reducer.LAST, Write.ABSENT));
            case 1 -> writes.add(new Write(own, n, Reducer.LAST, Write.READ));
            case 2 -> writes.add(new Write(own, Value.text("${notes.sum}")));
            case 3 -> writes.add(new Write(own, null, Reducer.APPEND));
            case 4 -> writes.add(new Write(own, null, Reducer.LAST));
            default -> {}
        }
        return writes;
    }

    private static Value value(Sharing.Rule rule, Task task, Value n) {
        return switch (rule.by()) {
            case Reducer.Merge _ -> Value.struct(task.name(), n);
            case Reducer.Append _ -> Value.struct("by", Value.text(task.name()), "n", n);
            case Reducer.Last _, Reducer.Max _, Reducer.Computed _ -> n;
        };
    }
}
