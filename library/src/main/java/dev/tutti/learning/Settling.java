package dev.tutti.learning;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.forecast.Experience;
import dev.tutti.teamfile.Edit;
import dev.tutti.teamfile.TaskWriter;
import dev.tutti.teamfile.TeamFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether a goal's planner is needed: where it always came to the same plan and was never asked
/// again, the plan can be written down, and the run's mode is that of a workflow.
///
/// @param change that makes it so, or null where the records do not carry it
/// @param why not, or empty
/// @param usd what the planner cost each run, on the average
/// @param seconds how long it took
record Settling(@Nullable Change change, String why, double usd, double seconds) {

    /// So many runs with the same plan leave a chance of three in a hundred at most that the next
    /// one has another (the rule of three).
    static final int ALWAYS_THE_SAME = 100;

    private static final double RULE_OF_THREE = 3.0;
    private static final List<String> OF_GOALS = List.of("goal", "planner", "wants", "output");

    static Settling of(Value.Struct document, Workflow workflow, Experience experience) {
        var planner = workflow.planner();
        if (planner == null) {
            throw new IllegalArgumentException("nobody plans `" + workflow.name() + "`");
        }
        if (planner.approval() != null) {
            return not("`" + planner.approval() + "` is to agree to each plan");
        }
        if (!workflow.tasks().isEmpty()) {
            return not("it has tasks of its own beside the goal");
        }
        var runs =
                experience.plannings().stream()
                        .filter(one -> one.planner().equals(planner.agent()))
                        .toList();
        if (runs.isEmpty()) {
            return not("no plan of `" + planner.agent() + "` as it is now is on record");
        }
        long again = runs.stream().filter(one -> !one.alone() || one.first().partial()).count();
        if (again > 0) {
            return not(
                    "in "
                            + again
                            + " of "
                            + runs.size()
                            + " runs the first plan was not the whole of it");
        }
        var plans = runs.stream().map(one -> Plan.of(one.first())).distinct().toList();
        if (plans.size() > 1) {
            return not(
                    "`"
                            + planner.agent()
                            + "` came to "
                            + plans.size()
                            + " plans in "
                            + runs.size()
                            + " runs");
        }
        if (runs.size() < ALWAYS_THE_SAME) {
            return not(
                    "`"
                            + planner.agent()
                            + "` always came to the same plan, but "
                            + (runs.size() == 1 ? "1 run is" : runs.size() + " runs are")
                            + " too few; "
                            + ALWAYS_THE_SAME
                            + " would do");
        }
        return settled(document, workflow, runs, plans.getFirst());
    }

    private static Settling not(String why) {
        return new Settling(null, "its planner stays: " + why, 0, 0);
    }

    /// What a plan comes to, whatever the reason.
    private record Plan(List<Task> tasks, @Nullable Value output) {
        static Plan of(Amendment amendment) {
            return new Plan(amendment.tasks(), amendment.output());
        }
    }

    private static Settling settled(
            Value.Struct document, Workflow workflow, List<Experience.Planning> runs, Plan plan) {
        var output = plan.output() == null ? workflow.output() : plan.output();
        var edit = edit(document, workflow, plan.tasks(), output);
        if (edit == null) {
            return not("its plan cannot be written as a workflow here");
        }
        double usd = runs.stream().mapToDouble(Experience.Planning::usd).average().orElse(0);
        double seconds =
                runs.stream().mapToDouble(Experience.Planning::seconds).average().orElse(0);
        long inputs = runs.stream().map(Experience.Planning::inputs).distinct().count();
        var evidence =
                "`%s` came to the same plan in each of %d runs, with %d different inputs, and was never asked again: another would come of at most %.1f %% of runs like these, with a certainty of 95 %%; it took $%.4f and %.1f s each time"
                        .formatted(
                                runs.getFirst().planner(),
                                runs.size(),
                                inputs,
                                100 * RULE_OF_THREE / runs.size(),
                                usd,
                                seconds);
        var names = plan.tasks().stream().map(Task::name).collect(Collectors.joining(", "));
        return new Settling(
                new Change("the plan is written: " + names, evidence, edit), "", usd, seconds);
    }

    // ---- writing it

    /// The edit after which the workflow has just these tasks; null where that cannot be written.
    private static @Nullable Edit edit(
            Value.Struct document, Workflow workflow, List<Task> tasks, Value output) {
        var at = List.of("workflows", workflow.name());
        var written = new LinkedHashMap<String, Value>();
        tasks.forEach(task -> written.put(task.name(), TaskWriter.write(task, List.of())));
        var first = fill(document, at, written, output);
        var read = read(first, document, workflow);
        if (read == null) {
            return null;
        }
        for (var task : tasks) {
            var after = new ArrayList<>(task.dependencies());
            read.tasks().stream()
                    .filter(one -> one.name().equals(task.name()))
                    .forEach(one -> after.removeAll(one.dependencies()));
            written.put(task.name(), TaskWriter.write(task, after));
        }
        var whole = fill(document, at, written, output);
        read = read(whole, document, workflow);
        return read != null && isSame(read.tasks(), tasks) ? whole : null;
    }

    private static Edit.Fill fill(
            Value.Struct document, List<String> at, Map<String, Value> tasks, Value output) {
        var content = struct(struct(document, at.getFirst()), at.getLast());
        return new Edit.Fill(
                at,
                OF_GOALS.stream().filter(key -> content.get(key) != null).toList(),
                Value.struct(
                        "tasks", new Value.Struct(new LinkedHashMap<>(tasks)), "output", output));
    }

    private static Value.Struct struct(Value.Struct in, String key) {
        return in.get(key) instanceof Value.Struct there ? there : Value.Struct.EMPTY;
    }

    private static @Nullable Workflow read(
            Edit.Fill edit, Value.Struct document, Workflow workflow) {
        if (!edit.gone().contains("goal")) {
            return null;
        }
        var changed = edit.in(document);
        return TeamFile.faultsOf(changed).stream().allMatch(fault -> fault.isWarning())
                ? TeamFile.fromDocument(changed).workflow(workflow.name()).orElse(null)
                : null;
    }

    /// Whether nothing was lost; in which order dependencies are named does not matter.
    private static boolean isSame(List<Task> one, List<Task> other) {
        return one.size() == other.size()
                && one.stream().allMatch(task -> other.stream().anyMatch(two -> isSame(task, two)));
    }

    private static boolean isSame(Task one, Task other) {
        return new HashSet<>(one.dependencies()).equals(new HashSet<>(other.dependencies()))
                && withoutOrder(one).equals(withoutOrder(other));
    }

    private static Task withoutOrder(Task task) {
        return new Task(
                task.name(),
                task.performer(),
                task.input(),
                List.of(),
                task.flow(),
                task.policy(),
                task.label(),
                task.undoes(),
                task.plans(),
                task.passing(),
                task.sharing());
    }
}
