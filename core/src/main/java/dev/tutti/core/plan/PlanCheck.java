package dev.tutti.core.plan;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong with a plan before any of it runs, all at once.
///
/// Places are relative to the plan: `["tasks", "read", "each"]`; a task named by `after` is at
/// `["tasks", "read", "after", "serach"]`. Nothing is evaluated except conditions without
/// variables. Time and space grow with the size of the plan; no depth of it overflows a stack.
public final class PlanCheck {

    /// The most tasks that a plan may be written with.
    public static final int MOST_TASKS = 10_000;

    /// The most dependencies of one task.
    public static final int MOST_DEPENDENCIES = 10_000;

    /// The most items that `max` may allow.
    public static final int MOST_ITEMS = 100_000;

    private final Expressions expressions;
    private final Plan plan;
    private final Findings findings = new Findings();
    private final Map<String, Task> tasks = new LinkedHashMap<>();

    /// What is checked, and what it may count on.
    ///
    /// @param name of the workflow, for messages
    /// @param input the type of the inputs
    /// @param output the template of the output
    /// @param skills as declared
    /// @param agents of the team
    /// @param workflows of the team, by name, with the types of their inputs
    /// @param notes that the workflow shares
    public record Plan(
            String name,
            Type.Struct input,
            List<Task> tasks,
            Value output,
            List<Skill> skills,
            List<Agent> agents,
            Map<String, Type.Struct> workflows,
            List<Sharing.Rule> notes) {
        /// A plan that shares no notes.
        public Plan(
                String name,
                Type.Struct input,
                List<Task> tasks,
                Value output,
                List<Skill> skills,
                List<Agent> agents,
                Map<String, Type.Struct> workflows) {
            this(name, input, tasks, output, skills, agents, workflows, List.of());
        }

        public Plan {
            notes = List.copyOf(notes);
            tasks = List.copyOf(tasks);
            skills = List.copyOf(skills);
            agents = List.copyOf(agents);
        }
    }

    private PlanCheck(Expressions expressions, Plan plan) {
        this.expressions = expressions;
        this.plan = plan;
    }

    private Known known() {
        var skills = new LinkedHashMap<String, Skill>();
        var agents = new LinkedHashMap<String, Agent>();
        var offered = new TreeSet<String>();
        plan.skills().forEach(skill -> skills.put(skill.id().value(), skill));
        for (var agent : plan.agents()) {
            agents.put(agent.id().value(), agent);
            agent.skills().forEach(skill -> offered.add(skill.value()));
        }
        return new Known(
                plan.name(), plan.input(), tasks, skills, agents, offered, plan.workflows());
    }

    /// Everything wrong with `plan`, in its order; empty when it is sound.
    public static List<Fault> check(Expressions expressions, Plan plan) {
        var check = new PlanCheck(expressions, plan);
        if (plan.tasks().size() > MOST_TASKS) {
            check.findings.add(
                    "E-PLAN-03",
                    "a plan may have " + MOST_TASKS + " tasks at most",
                    List.of("tasks"),
                    null,
                    plan.tasks().size() + " tasks",
                    null);
            return check.findings.faults();
        }
        check.names();
        check.cycles();
        var each = new TaskCheck(expressions, check.findings, check.known());
        var notes = new NotesCheck(expressions, check.findings, check.tasks, plan.notes());
        notes.names();
        for (var task : check.tasks.values()) {
            each.check(task);
            notes.check(task);
        }
        each.output(plan.output());
        notes.output(plan.output());
        check.unreachable();
        return check.findings.faults();
    }

    // ---- names

    private void names() {
        var looks = new LinkedHashMap<String, String>();
        for (var task : plan.tasks()) {
            var name = task.name();
            if (tasks.put(name, task) != null) {
                findings.add(
                        "E-NAME-01",
                        "task `" + name + "` is there twice",
                        TaskCheck.at(name),
                        null,
                        "again",
                        null);
                continue;
            }
            if (reserved(name)) {
                findings.add(
                        "E-NAME-03",
                        "`"
                                + name
                                + "` means something else in expressions; no task may be called so",
                        TaskCheck.at(name),
                        null,
                        "reserved",
                        null);
            }
            var like = looks.putIfAbsent(Similar.look(name), name);
            if (like != null) {
                findings.add(
                        "W-NAME-01",
                        "tasks `" + like + "` and `" + name + "` are easily confused",
                        TaskCheck.at(name),
                        null,
                        "looks like `" + like + "`",
                        null);
            }
        }
    }

    private static boolean reserved(String name) {
        return Dependencies.VARIABLES.contains(name)
                || Dependencies.FOREIGN.contains(name)
                || Expressions.reservedWords().contains(name);
    }

    // ---- the graph

    private void cycles() {
        for (var cycle : Cycles.in(tasks)) {
            var first = cycle.getFirst();
            var place = placeOf(first, cycle.get(1));
            findings.add(
                    "E-PLAN-01",
                    cycle.size() == 2
                            ? "task `" + first + "` waits for itself"
                            : "these tasks wait for each other: " + Words.cycle(cycle),
                    place.at(),
                    place.span(),
                    "`" + first + "` waits for `" + cycle.get(1) + "`",
                    null);
        }
    }

    private record Place(List<String> at, Fault.@Nullable Span span) {}

    /// Where `task` says that it waits for `dependency`.
    private Place placeOf(String task, String dependency) {
        var declared = tasks.get(task);
        if (declared != null) {
            for (var template : Templates.of(declared)) {
                for (var reference : expressions.references(template.text())) {
                    if (reference.variable().equals(dependency)) {
                        return new Place(
                                TaskCheck.at(task, template.path().toArray(String[]::new)),
                                reference.span());
                    }
                }
            }
            if (expressions.references(declared.input()).stream()
                    .anyMatch(reference -> reference.variable().equals(dependency))) {
                return new Place(TaskCheck.at(task, "input"), null);
            }
        }
        return new Place(TaskCheck.at(task, "after", dependency), null);
    }

    /// Warns of tasks that can never run: their condition is false whatever happens, or they wait
    /// only for such.
    private void unreachable() {
        var dead = new LinkedHashSet<String>();
        for (var task : tasks.values()) {
            if (task.when() != null && isFalse(task.when())) {
                dead.add(task.name());
                never(task, TaskCheck.at(task.name(), "when"), "always false");
            }
        }
        var dependents = new LinkedHashMap<String, List<Task>>();
        var alive = new LinkedHashMap<String, Integer>();
        for (var task : tasks.values()) {
            alive.put(task.name(), task.dependencies().size());
            for (var dependency : task.dependencies()) {
                dependents.computeIfAbsent(dependency, _ -> new ArrayList<>()).add(task);
            }
        }
        var spreading = new ArrayDeque<>(dead);
        while (!spreading.isEmpty()) {
            for (var task : dependents.getOrDefault(spreading.remove(), List.of())) {
                int left = alive.merge(task.name(), -1, Integer::sum);
                if (left < Math.max(1, task.join().need()) && dead.add(task.name())) {
                    never(task, TaskCheck.at(task.name()), "waits only for tasks that never run");
                    spreading.add(task.name());
                }
            }
        }
    }

    private boolean isFalse(String when) {
        if (!expressions.references(when).isEmpty() || !expressions.faults(when).isEmpty()) {
            return false;
        }
        try {
            return expressions.render(when, _ -> null).equals(Value.of(false));
        } catch (ExpressionException e) {
            return false;
        }
    }

    private void never(Task task, List<String> at, String why) {
        findings.add("W-PLAN-02", "task `" + task.name() + "` never runs", at, null, why, null);
    }
}
