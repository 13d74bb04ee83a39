package dev.tutti.core.plan;

import static dev.tutti.core.plan.Findings.below;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import dev.tutti.core.plan.Templates.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong with one task: who performs it, what it waits for, what it is given, and
/// what its expressions give.
final class TaskCheck {
    private final Expressions expressions;
    private final Findings findings;
    private final Known known;
    private final Map<String, Type> variables = new LinkedHashMap<>();

    TaskCheck(Expressions expressions, Findings findings, Known known) {
        this.expressions = expressions;
        this.findings = findings;
        this.known = known;
        variables.put("input", known.input());
        variables.put("run", Known.RUN);
        variables.put("notes", Type.Any.ANY);
        for (var task : known.tasks().values()) {
            variables.put(task.name(), handedOn(task, output(task)));
        }
    }

    /// What one result of a task is.
    private Type output(Task task) {
        return PassingCheck.result(task, known.output(task.performer()));
    }

    /// What others get of a task.
    private static Type handedOn(Task task, Type output) {
        var each = task.flow().each();
        if (each == null) {
            return output;
        }
        var resolve = each.resolve();
        if (resolve == null) {
            return new Type.ListOf(output);
        }
        return switch (resolve.by()) {
            case By.Collect _ -> new Type.ListOf(output);
            case By.FirstGood _,
                    By.KOfN _,
                    By.BestOf _,
                    By.Debate _,
                    By.Vote _,
                    By.WeightedVote _ ->
                    output;
            case By.Numeric _ -> Type.Scalar.NUMBER;
            case By.Merge _, By.Template _, By.Reduce _, By.Cite _, By.Compose _, By.Custom _ ->
                    Type.Any.ANY;
        };
    }

    void check(Task task) {
        performer(task, task.performer(), List.of());
        dependencies(task);
        limits(task);
        people(task);
        new PassingCheck(findings, known).check(task);
        var plain = new Variables(variables);
        var inside = plain;
        var output = output(task);
        for (var template : Templates.of(task)) {
            switch (template.use()) {
                case LIST -> inside = plain.with("item", item(template(task, template, plain)));
                case CONDITION, NUMBER -> template(task, template, plain);
                case ENOUGH ->
                        template(task, template, plain.with("output", new Type.ListOf(output)));
                case GATE, RESULT -> template(task, template, inside.with("output", output));
                case VERDICT -> template(task, template, inside.with("output", verdict(task)));
                case MESSAGE -> {
                    beyondTheMessage(task, template);
                    template(task, template, plain.with("message", Type.Any.ANY));
                }
                case TEXT -> template(task, template, inside);
                case SAID, TALKED ->
                        template(task, template, inside.with("output", PassingCheck.CONVERSATION));
                case JOINED ->
                        template(
                                task,
                                template,
                                plain.with("output", Type.Any.ANY).with("item", Type.Any.ANY));
                case RULE ->
                        template(
                                task,
                                template,
                                inside.with("agent", Known.AGENT).with("task", Known.TASK));
                case REDUCED ->
                        template(
                                task,
                                template,
                                plain.with("current", Type.Any.ANY).with("new", Type.Any.ANY));
            }
        }
        input(task, inside);
        others(task, inside);
        judges(task);
    }

    /// Who waits for a message of a topic is found by what it waits for, before the run is looked
    /// at: the condition sees the message and nothing else.
    private void beyondTheMessage(Task task, Template template) {
        if (!(task.performer() instanceof Performer.ByMessage message) || message.topic() == null) {
            return;
        }
        expressions.references(template.text()).stream()
                .map(Reference::variable)
                .filter(variable -> !variable.equals("message"))
                .distinct()
                .forEach(variable ->
                        findings.add(
                                "E-REF-08",
                                "`"
                                        + variable
                                        + "` is not known here; `where` of an `await` on a topic"
                                        + " sees the `message` only",
                                at(task.name(), "await", "where"),
                                null,
                                "not here",
                                "publish the messages with a key, and wait for it: `key: \"${"
                                        + variable
                                        + "…}\"`"));
    }

    private static Type item(Type list) {
        return list instanceof Type.ListOf(var item) ? item : Type.Any.ANY;
    }

    private Type verdict(Task task) {
        var verify = task.policy().gate().verify();
        return verify == null ? Type.Any.ANY : known.output(verify.performer());
    }

    /// The whole input against what the performer takes.
    private void input(Task task, Variables inside) {
        var seen =
                task.flow().loop() == null
                        ? inside
                        : inside.with("output", known.output(task.performer()));
        new TemplateCheck(expressions, findings, seen, this::unknown)
                .check(
                        task.input(),
                        known.input(task.performer()),
                        at(task.name(), "input"),
                        user(task.performer()));
    }

    /// Those who look again or take back.
    private void others(Task task, Variables inside) {
        var result = inside.with("output", output(task));
        var check = new TemplateCheck(expressions, findings, result, this::unknown);
        var verify = task.policy().gate().verify();
        if (verify != null) {
            performer(task, verify.performer(), List.of("verify"));
            if (verify.input() != null) {
                check.check(
                        verify.input(),
                        known.input(verify.performer()),
                        at(task.name(), "verify", "input"),
                        user(verify.performer()));
            }
        }
        var undo = task.policy().undo();
        if (undo != null) {
            performer(task, undo.performer(), List.of("compensate"));
            check.check(
                    undo.input(),
                    known.input(undo.performer()),
                    at(task.name(), "compensate", "input"),
                    user(undo.performer()));
        }
    }

    private void judges(Task task) {
        var each = task.flow().each();
        if (each == null || each.resolve() == null) {
            return;
        }
        for (var step : each.resolve().then()) {
            if (step instanceof Resolve.Step.Judge(Performer.ByAgent(AgentId(var agent)))) {
                agent(agent, at(task.name(), "resolve"));
            }
        }
    }

    private static String user(Performer performer) {
        return switch (performer) {
            case Performer.BySkill(SkillId(var skill), _, _) -> "skill `" + skill + "`";
            case Performer.ByAgent(AgentId(var agent)) -> "agent `" + agent + "`";
            case Performer.ByWorkflow(var workflow) -> "workflow `" + workflow + "`";
            case Performer.ByMessage _ -> "`await`";
        };
    }

    private Type template(Task task, Template template, Variables seen) {
        var at = below(at(task.name()), template.path().toArray(String[]::new));
        var check = new TemplateCheck(expressions, findings, seen, this::unknown);
        if (!(template.text() instanceof Value.Text(var text))) {
            return switch (template.path().getFirst()) {
                case "emit" -> check.check(template.text(), Type.Any.ANY, at, "a message");
                case "group" -> check.check(template.text(), Type.Any.ANY, at, "the result");
                case "notes" -> check.check(template.text(), Type.Any.ANY, at, "a note");
                default -> Type.Any.ANY;
            };
        }
        return switch (template.use()) {
            case CONDITION, ENOUGH, GATE, VERDICT, MESSAGE, SAID, RULE ->
                    wanted(check, text, Type.Scalar.BOOL, "true or false", at);
            case LIST -> wanted(check, text, new Type.ListOf(Type.Any.ANY), "a list", at);
            case NUMBER -> wanted(check, text, Type.Scalar.INT, "a whole number", at);
            case TEXT, RESULT, JOINED, TALKED, REDUCED -> check.type(text, at);
        };
    }

    private Type wanted(
            TemplateCheck check, String text, Type wanted, String words, List<String> at) {
        var given = check.type(text, at);
        if (!Type.fits(given, wanted)) {
            boolean computed = expressions.isExpression(text);
            findings.add(
                    "E-CEL-04",
                    "this is " + Words.a(given) + ", but `" + at.getLast() + "` needs " + words,
                    at,
                    null,
                    check.label(given, Value.text(text)),
                    computed || text.contains("${") ? null : "write `\"${" + text + "}\"`");
        }
        return given;
    }

    // ---- who

    /// @param below the part of the task that names the performer
    private void performer(Task task, Performer performer, List<String> below) {
        var place = below(at(task.name()), below.toArray(String[]::new));
        switch (performer) {
            case Performer.BySkill(SkillId(var skill), var require, _) -> {
                required(skill, require, place);
                if (!known.offered().contains(skill)) {
                    findings.add(
                            "E-REF-06",
                            "no agent of the team has skill `" + skill + "`",
                            below(place, "skill"),
                            null,
                            known.skills().containsKey(skill) ? "nobody's skill" : "unknown skill",
                            findings.mend(skill, known.offered()));
                }
            }
            case Performer.ByAgent(AgentId(var agent)) -> agent(agent, below(place, "agent"));
            case Performer.ByWorkflow(var workflow) -> {
                if (!known.workflows().containsKey(workflow)) {
                    findings.add(
                            "E-REF-10",
                            "the team has no workflow `" + workflow + "`",
                            below(place, "workflow"),
                            null,
                            "unknown workflow",
                            findings.mend(workflow, known.workflows().keySet()));
                }
            }
            case Performer.ByMessage _ -> {}
        }
    }

    /// That an agent with the skill is what is required; that nobody has the skill is said
    /// elsewhere.
    private void required(String skill, Require require, List<String> place) {
        var able =
                known.agents().values().stream()
                        .filter(agent -> agent.skills().contains(new SkillId(skill)))
                        .toList();
        boolean met =
                able.stream()
                        .anyMatch(agent ->
                                require.labelled(agent)
                                        && require.current(agent, new SkillId(skill)));
        if (!able.isEmpty() && !met) {
            findings.add(
                    "E-REF-06",
                    "no agent with skill `" + skill + "` has " + require,
                    below(place, require.labels().isEmpty() ? "skill" : "require"),
                    null,
                    "nobody is what is required",
                    "give one of "
                            + able.stream().map(agent -> agent.id().value()).toList()
                            + " that version or label, or require less");
        }
    }

    private boolean agent(String agent, List<String> at) {
        if (known.agents().containsKey(agent)) {
            return true;
        }
        findings.add(
                "E-REF-07",
                "the team has no agent `" + agent + "`",
                at,
                null,
                "unknown agent",
                findings.mend(agent, known.agents().keySet()));
        return false;
    }

    private void people(Task task) {
        person(task.policy().approval(), at(task.name(), "approve"), "only a person approves");
        person(
                task.policy().escalation(),
                at(task.name(), "on_failure"),
                "failures are escalated to a person");
    }

    private void person(@Nullable AgentId id, List<String> at, String why) {
        if (id == null || !agent(id.value(), at)) {
            return;
        }
        var agent = known.agents().get(id.value());
        if (agent != null && !agent.isHuman()) {
            findings.add(
                    "E-PEOPLE-01",
                    why + "; agent `" + id + "` uses `" + agent.uses() + "`",
                    at,
                    null,
                    "not a human agent",
                    "name an agent with `uses: human`");
        }
    }

    // ---- what it waits for

    /// Tasks that only `after` names; those that expressions name are found with them.
    private void dependencies(Task task) {
        if (task.dependencies().size() > PlanCheck.MOST_DEPENDENCIES) {
            findings.add(
                    "E-PLAN-03",
                    "a task may wait for " + PlanCheck.MOST_DEPENDENCIES + " others at most",
                    at(task.name()),
                    null,
                    "waits for " + task.dependencies().size(),
                    null);
        }
        var named = new LinkedHashSet<String>();
        Templates.of(task)
                .forEach(one ->
                        expressions.references(one.text()).forEach(r -> named.add(r.variable())));
        expressions.references(task.input()).forEach(r -> named.add(r.variable()));
        for (var dependency : task.dependencies()) {
            if (!known.tasks().containsKey(dependency) && !named.contains(dependency)) {
                notATask(dependency, at(task.name(), "after", dependency), null);
            }
        }
        for (var cancelled : task.flow().cancels()) {
            if (!known.tasks().containsKey(cancelled)) {
                notATask(cancelled, at(task.name(), "cancels", cancelled), null);
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

    private void notATask(String name, List<String> at, Fault.@Nullable Span span) {
        var names = new ArrayList<>(known.tasks().keySet());
        if (span != null) {
            names.addAll(Dependencies.VARIABLES);
        }
        findings.add(
                "E-REF-02",
                "`" + name + "` is not a task of workflow `" + known.name() + "`",
                at,
                span,
                "unknown task",
                findings.mend(name, names));
    }

    private void limits(Task task) {
        if (task.max() < 1 || task.max() > PlanCheck.MOST_ITEMS) {
            findings.add(
                    "E-PLAN-03",
                    "`max` is between 1 and " + PlanCheck.MOST_ITEMS,
                    at(task.name(), "max"),
                    null,
                    "out of range",
                    null);
        }
    }

    // ---- the output of the whole

    void output(Value output) {
        new TemplateCheck(expressions, findings, new Variables(variables), this::unknown)
                .check(output, Type.Any.ANY, List.of("output"), "the output");
    }

    private void unknown(String variable, List<String> at, Fault.Span span) {
        if (variable.equals("item")) {
            findings.add(
                    "E-REF-05",
                    "`item` is known only within a task with `each`, for one item at a time",
                    at,
                    span,
                    "no item here",
                    null);
        } else if (Dependencies.FOREIGN.contains(variable)) {
            findings.add(
                    "E-REF-08",
                    "`" + variable + "` is not known here; " + where(variable),
                    at,
                    span,
                    "not here",
                    null);
        } else {
            notATask(variable, at, span);
        }
    }

    private static String where(String variable) {
        return switch (variable) {
            case "output" ->
                    "it is the result of the task, in `accept`, `loop`, `emit` and `compensate`";
            case "message" -> "it is what `where` of an `await` is about";
            default -> "`env` and `secret` are for the `with` of agents";
        };
    }

    static List<String> at(String task, String... keys) {
        return below(below(List.of("tasks"), task), keys);
    }
}
