package dev.tutti.core.run;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.TaskHeld;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Task.Rule;
import dev.tutti.core.event.Task.Rule.Decision;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says which agents may have a task by the rules of its policy, each time that it becomes ready.
///
/// The first rule that holds of an agent decides; where none holds, it may. A condition that cannot
/// be evaluated does not hold under `allow` and does under `deny` and `ask`. Agents that a person
/// would have to be asked about count only where no other may have the task.
public final class Rules {
    /// Agents that a message names, at most.
    private static final int MOST_NAMED = 8;

    /// What is known of an agent and a task before the task has its input.
    private static final List<String> OF_AGENTS = List.of("agent", "task");

    private Rules() {}

    /// The ruling for a task with this input; null where the task does not become ready now: a
    /// person is asked first, or nobody may have it and it has failed.
    ///
    /// @param agreed hash of the input that a person agreed to, or null
    static @Nullable Ruling judge(
            Draft draft, TaskId id, Value.Struct input, @Nullable String agreed) {
        var rules = draft.state().declaration(id).policy().rules();
        if (rules.isEmpty()) {
            return Ruling.NONE;
        }
        var agents = applies(draft, id) ? candidates(draft, id) : List.<Agent>of();
        var denied = new ArrayList<Ruling.Denied>();
        var asked = new ArrayList<Ruling.Denied>();
        for (var agent : agents) {
            int rule = first(draft, id, rules, input, agent);
            switch (rule == 0 ? Decision.ALLOW : rules.get(rule - 1).decision()) {
                case ALLOW -> {}
                case DENY -> denied.add(new Ruling.Denied(agent.id(), rule));
                case ASK -> asked.add(new Ruling.Denied(agent.id(), rule));
            }
        }
        if (!agents.isEmpty() && denied.size() == agents.size()) {
            Planning.failAtOnce(draft, id, input, nobody(rules, denied));
            return null;
        }
        boolean others = denied.size() + asked.size() < agents.size();
        boolean agrees = Digest.hash(input).equals(agreed);
        if (!asked.isEmpty() && !others && !agrees) {
            draft.emit(new TaskHeld(id, input));
            Questions.leave(draft, id, words(rules, asked));
            return null;
        }
        if (others && !agrees) {
            denied.addAll(asked);
        }
        return new Ruling(inOrder(agents, denied), agreed);
    }

    /// Rules are about who does the task, not about who looks at its result or decides between
    /// several.
    private static boolean applies(Draft draft, TaskId id) {
        var known = draft.state().tasks().get(id);
        return !draft.state().decides(id) && (known == null || known.course().proposal() == null);
    }

    private static List<Agent> candidates(Draft draft, TaskId id) {
        return draft.state().eligible(id, draft.facts().team().agents());
    }

    /// The number of the first rule that holds, from 1; 0 where none does.
    private static int first(
            Draft draft, TaskId id, List<Rule> rules, Value.Struct input, Agent agent) {
        var scope = scope(draft, id, draft.state().declaration(id), input, agent);
        for (int i = 0; i < rules.size(); i++) {
            if (holds(draft, rules.get(i), scope)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static TaskScope scope(
            Draft draft, TaskId id, Task declared, Value.Struct input, Agent agent) {
        return draft.scope()
                .of(id)
                .with("input", draft.state().asked().inputs().with(input))
                .with("task", task(declared))
                .with("agent", agent(agent));
    }

    private static boolean holds(Draft draft, Rule rule, TaskScope scope) {
        try {
            return Planning.isTrue("policy", draft.render(Value.text(rule.condition()), scope));
        } catch (ExpressionException _) {
            return rule.decision() != Decision.ALLOW;
        }
    }

    private static Value task(Task task) {
        var skill = task.performer() instanceof Performer.BySkill(var one, _, _) ? one.value() : "";
        return Value.struct("name", Value.text(task.name()), "skill", Value.text(skill));
    }

    /// What rules see of an agent.
    public static Value.Struct agent(Agent agent) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("name", Value.text(agent.id().value()));
        fields.put("skills", Value.from(agent.skills().stream().map(one -> one.value()).toList()));
        fields.put("labels", Value.from(agent.traits().labels()));
        fields.put("trust", new Value.Real(agent.traits().trust()));
        fields.put("uses", Value.text(agent.uses()));
        return new Value.Struct(fields);
    }

    private static List<Ruling.Denied> inOrder(List<Agent> agents, List<Ruling.Denied> denied) {
        return agents.stream()
                .flatMap(agent -> denied.stream().filter(one -> one.agent().equals(agent.id())))
                .toList();
    }

    private static Failure nobody(List<Rule> rules, List<Ruling.Denied> denied) {
        return new Failure.Permanent("denied", "no agent may have it: " + words(rules, denied));
    }

    /// What would keep this agent from a task that is declared so, in words; null where nothing
    /// would, or a person would be asked first. What nobody can tell yet keeps nobody.
    ///
    /// @param input of the task, or null before it is known
    static @Nullable String refusal(
            Draft draft, TaskId id, Task declared, Value.@Nullable Struct input, Agent agent) {
        if (!applies(draft, id)) {
            return null;
        }
        var rules = declared.policy().rules();
        var seen = input == null ? Value.Struct.EMPTY : input;
        var scope = scope(draft, id, declared, seen, agent);
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (input == null && !draft.tells(rule.condition(), OF_AGENTS)) {
                return null;
            }
            if (holds(draft, rule, scope)) {
                return rule.decision() == Decision.DENY ? words(rules, i + 1) : null;
            }
        }
        return null;
    }

    /// Whom rules keep from a task that is ready, and by which, in words; null where they keep
    /// nobody.
    public static @Nullable String kept(List<Rule> rules, Ruling ruling) {
        return ruling.denied().isEmpty() ? null : words(rules, ruling.denied());
    }

    /// Whether a rule keeps the agent from the task for good, and not only while others may have it
    /// without a person being asked.
    static boolean isDenied(List<Rule> rules, Ruling ruling, AgentId agent) {
        return ruling.denied().stream()
                .filter(one -> one.agent().equals(agent))
                .anyMatch(one ->
                        one.rule() > rules.size()
                                || rules.get(one.rule() - 1).decision() == Decision.DENY);
    }

    /// Which rule takes out whom: "rule 2 of its policy, deny `${…}`: a, b".
    static String words(List<Rule> rules, List<Ruling.Denied> denied) {
        Map<Integer, List<Ruling.Denied>> byRule =
                denied.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Ruling.Denied::rule,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        return byRule.entrySet().stream()
                .map(one -> words(rules, one.getKey(), one.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String words(List<Rule> rules, int number, List<Ruling.Denied> of) {
        var names =
                of.stream()
                        .limit(MOST_NAMED)
                        .map(one -> one.agent().value())
                        .collect(Collectors.joining(", "));
        int more = of.size() - MOST_NAMED;
        return words(rules, number) + ": " + names + (more > 0 ? " and " + more + " more" : "");
    }

    /// A rule as a message names it.
    public static String words(List<Rule> rules, int number) {
        if (number > rules.size()) {
            return "rule " + number + " of its policy";
        }
        var rule = rules.get(number - 1);
        return "rule "
                + number
                + " of its policy, "
                + rule.decision().word()
                + " `"
                + rule.condition()
                + "`";
    }
}
