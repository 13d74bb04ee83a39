package dev.tutti.core.plan;

import static dev.tutti.core.plan.Findings.below;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
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
import java.util.Set;
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

    private static final Type.Struct RUN = run();

    private final Expressions expressions;
    private final Plan plan;
    private final Findings findings = new Findings();
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, Skill> skills = new LinkedHashMap<>();
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Set<String> offered = new TreeSet<>();
    private final Map<String, Type> variables = new LinkedHashMap<>();

    /// What is checked, and what it may count on.
    ///
    /// @param name of the workflow, for messages
    /// @param input the type of the inputs
    /// @param output the template of the output
    /// @param skills as declared
    /// @param agents of the team
    public record Plan(
            String name,
            Type.Struct input,
            List<Task> tasks,
            Value output,
            List<Skill> skills,
            List<Agent> agents) {
        public Plan {
            tasks = List.copyOf(tasks);
            skills = List.copyOf(skills);
            agents = List.copyOf(agents);
        }
    }

    private PlanCheck(Expressions expressions, Plan plan) {
        this.expressions = expressions;
        this.plan = plan;
        plan.skills().forEach(skill -> skills.put(skill.id().value(), skill));
        for (var agent : plan.agents()) {
            agents.put(agent.id().value(), agent);
            agent.skills().forEach(skill -> offered.add(skill.value()));
        }
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
        check.variables();
        check.tasks.values().forEach(check::task);
        check.output();
        check.unreachable();
        return check.findings.faults();
    }

    private static Type.Struct run() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("id", Type.Field.required(Type.Scalar.STRING));
        return new Type.Struct(fields, false);
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
                        at(name),
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
                        at(name),
                        null,
                        "reserved",
                        null);
            }
            var like = looks.putIfAbsent(Similar.look(name), name);
            if (like != null) {
                findings.add(
                        "W-NAME-01",
                        "tasks `" + like + "` and `" + name + "` are easily confused",
                        at(name),
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
            for (var text : texts(declared).entrySet()) {
                for (var reference : expressions.references(text.getValue())) {
                    if (reference.variable().equals(dependency)) {
                        return new Place(at(task, text.getKey()), reference.span());
                    }
                }
            }
            if (expressions.references(declared.input()).stream()
                    .anyMatch(reference -> reference.variable().equals(dependency))) {
                return new Place(at(task, "input"), null);
            }
        }
        return new Place(at(task, "after", dependency), null);
    }

    private static Map<String, String> texts(Task task) {
        var texts = new LinkedHashMap<String, String>();
        if (task.when() != null) {
            texts.put("when", task.when());
        }
        if (task.each() != null) {
            texts.put("each", task.each());
        }
        if (task.label() != null) {
            texts.put("label", task.label());
        }
        return texts;
    }

    /// Warns of tasks that can never run: their condition is false whatever happens, or they wait
    /// only for such.
    private void unreachable() {
        var dead = new LinkedHashSet<String>();
        for (var task : tasks.values()) {
            if (task.when() != null && isFalse(task.when())) {
                dead.add(task.name());
                never(task, at(task.name(), "when"), "always false");
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
                    never(task, at(task.name()), "waits only for tasks that never run");
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

    // ---- tasks

    private void variables() {
        variables.put("input", plan.input());
        variables.put("run", RUN);
        for (var task : tasks.values()) {
            var output = skillOf(task).output();
            variables.put(task.name(), task.each() == null ? output : new Type.ListOf(output));
        }
    }

    /// What the task takes and gives. An agent with one skill is taken to use that.
    private Skill skillOf(Task task) {
        return switch (task.performer()) {
            case Task.Performer.BySkill(var skill) -> skill(skill);
            case Task.Performer.ByAgent(AgentId(var name)) -> {
                var agent = agents.get(name);
                yield agent != null && agent.skills().size() == 1
                        ? skill(agent.skills().getFirst())
                        : Skill.undeclared(new SkillId(name));
            }
        };
    }

    private Skill skill(SkillId id) {
        var skill = skills.get(id.value());
        return skill == null ? Skill.undeclared(id) : skill;
    }

    private void task(Task task) {
        var name = task.name();
        performer(task);
        dependencies(task);
        limits(task);
        var whole = new TemplateCheck(expressions, findings, variables, this::unknown);
        if (task.when() != null) {
            wanted(whole, task.when(), Type.Scalar.BOOL, at(name, "when"));
        }
        var single = whole;
        if (task.each() != null) {
            var each = wanted(whole, task.each(), new Type.ListOf(Type.Any.ANY), at(name, "each"));
            var inside = new LinkedHashMap<>(variables);
            inside.put("item", each instanceof Type.ListOf(var item) ? item : Type.Any.ANY);
            single = new TemplateCheck(expressions, findings, inside, this::unknown);
        }
        var user =
                switch (task.performer()) {
                    case Task.Performer.BySkill(SkillId(var skill)) -> "skill `" + skill + "`";
                    case Task.Performer.ByAgent(AgentId(var agent)) -> "agent `" + agent + "`";
                };
        single.check(task.input(), skillOf(task).input(), at(name, "input"), user);
        if (task.label() != null) {
            single.type(task.label(), at(name, "label"));
        }
    }

    private Type wanted(TemplateCheck check, String text, Type wanted, List<String> at) {
        var given = check.type(text, at);
        if (!Type.fits(given, wanted)) {
            boolean computed = expressions.isExpression(text);
            findings.add(
                    "E-CEL-04",
                    "this is "
                            + Words.a(given)
                            + ", but `"
                            + at.getLast()
                            + "` needs "
                            + (wanted instanceof Type.ListOf ? "a list" : "true or false"),
                    at,
                    null,
                    check.label(given, Value.text(text)),
                    computed || text.contains("${") ? null : "write `\"${" + text + "}\"`");
        }
        return given;
    }

    private void performer(Task task) {
        switch (task.performer()) {
            case Task.Performer.BySkill(SkillId(var skill)) -> {
                if (!offered.contains(skill)) {
                    findings.add(
                            "E-REF-06",
                            "no agent of the team has skill `" + skill + "`",
                            at(task.name(), "skill"),
                            null,
                            skills.containsKey(skill) ? "nobody's skill" : "unknown skill",
                            findings.mend(skill, offered));
                }
            }
            case Task.Performer.ByAgent(AgentId(var agent)) -> {
                if (!agents.containsKey(agent)) {
                    findings.add(
                            "E-REF-07",
                            "the team has no agent `" + agent + "`",
                            at(task.name(), "agent"),
                            null,
                            "unknown agent",
                            findings.mend(agent, agents.keySet()));
                }
            }
        }
    }

    /// Tasks that only `after` names; those that expressions name are found with them.
    private void dependencies(Task task) {
        if (task.dependencies().size() > MOST_DEPENDENCIES) {
            findings.add(
                    "E-PLAN-03",
                    "a task may wait for " + MOST_DEPENDENCIES + " others at most",
                    at(task.name()),
                    null,
                    "waits for " + task.dependencies().size(),
                    null);
        }
        var named = new LinkedHashSet<String>();
        var all = new ArrayList<>(texts(task).values());
        all.forEach(text -> expressions.references(text).forEach(r -> named.add(r.variable())));
        expressions.references(task.input()).forEach(r -> named.add(r.variable()));
        for (var dependency : task.dependencies()) {
            if (!tasks.containsKey(dependency) && !named.contains(dependency)) {
                findings.add(
                        "E-REF-02",
                        notATask(dependency),
                        at(task.name(), "after", dependency),
                        null,
                        "unknown task",
                        findings.mend(dependency, tasks.keySet()));
            }
        }
        if (task.join().need() > task.dependencies().size()) {
            findings.add(
                    "E-PLAN-04",
                    "`join` needs "
                            + task.join().need()
                            + " tasks, but `"
                            + task.name()
                            + "` waits for "
                            + task.dependencies().size(),
                    at(task.name(), "join"),
                    null,
                    "more than there are",
                    null);
        }
    }

    private void limits(Task task) {
        if (task.max() < 1 || task.max() > MOST_ITEMS) {
            findings.add(
                    "E-PLAN-03",
                    "`max` is between 1 and " + MOST_ITEMS,
                    at(task.name(), "max"),
                    null,
                    "out of range",
                    null);
        }
    }

    private void output() {
        new TemplateCheck(expressions, findings, variables, this::unknown)
                .check(plan.output(), Type.Any.ANY, List.of("output"), "the output");
    }

    private String notATask(String name) {
        return "`" + name + "` is not a task of workflow `" + plan.name() + "`";
    }

    private void unknown(String variable, List<String> at, Fault.Span span) {
        if (variable.equals("item")) {
            findings.add(
                    "E-REF-05",
                    "`item` is known only in the input and label of a task with `each`",
                    at,
                    span,
                    "no item here",
                    null);
        } else if (Dependencies.FOREIGN.contains(variable)) {
            findings.add(
                    "E-REF-08",
                    "`"
                            + variable
                            + "` is not known here; `env` and `secret` are for the `with` of agents",
                    at,
                    span,
                    "not here",
                    null);
        } else {
            var known = new ArrayList<>(tasks.keySet());
            known.addAll(List.of("input", "item", "run"));
            findings.add(
                    "E-REF-02",
                    notATask(variable),
                    at,
                    span,
                    "unknown task",
                    findings.mend(variable, known));
        }
    }

    private static List<String> at(String task, String... keys) {
        return below(below(List.of("tasks"), task), keys);
    }
}
