package dev.tutti.core.plan;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Delegation;
import dev.tutti.core.event.Passing.Errand;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer.BySkill;
import dev.tutti.core.event.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong with how a task goes from agent to agent.
final class PassingCheck {
    /// What is known of a conversation.
    static final Type.Struct CONVERSATION = conversation();

    private final Findings findings;
    private final Known known;

    PassingCheck(Findings findings, Known known) {
        this.findings = findings;
        this.known = known;
    }

    private static Type.Struct conversation() {
        var turn = new LinkedHashMap<String, Type.Field>();
        turn.put("by", Type.Field.required(Type.Scalar.STRING));
        turn.put("said", Type.Field.required(Type.Any.ANY));
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put(
                "transcript", Type.Field.required(new Type.ListOf(new Type.Struct(turn, false))));
        fields.put("last", Type.Field.required(Type.Any.ANY));
        fields.put("by", Type.Field.required(Type.Scalar.STRING));
        fields.put("turns", Type.Field.required(Type.Scalar.INT));
        fields.put("ended", Type.Field.required(Type.Scalar.STRING));
        fields.put("because", Type.Field.required(Type.Scalar.STRING));
        fields.put("verdict", Type.Field.required(Type.Any.ANY));
        return new Type.Struct(fields, false);
    }

    /// The result of a task, when a conversation is not what its members are each asked for.
    static Type result(Task task, Type ofOne) {
        return task.passing() instanceof Group group
                ? group.result() == null ? CONVERSATION : Type.Any.ANY
                : ofOne;
    }

    void check(Task task) {
        var passing = task.passing();
        if (passing == null) {
            return;
        }
        if (passing instanceof Delegation delegation) {
            delegated(task, delegation);
        }
        for (var agent : passing.agents()) {
            if (exists(agent, place(task, passing, agent))) {
                able(task, passing, agent);
            }
        }
        if (passing instanceof Group group && group.moderator() != null) {
            exists(group.moderator(), TaskCheck.at(task.name(), "group", "moderator"));
        }
    }

    private static List<String> place(Task task, Passing passing, AgentId agent) {
        return switch (passing) {
            case HandOff _ -> TaskCheck.at(task.name(), "hand_off", "to", agent.value());
            case Delegation _, Errand _ -> TaskCheck.at(task.name(), "delegate", agent.value());
            case Group _ -> TaskCheck.at(task.name(), "group", "members", agent.value());
            case Passing.Ensemble _ -> TaskCheck.at(task.name(), "dispatch");
        };
    }

    /// Each is a skill that somebody has, or an agent.
    private void delegated(Task task, Delegation delegation) {
        var all = new TreeSet<>(known.skills().keySet());
        for (var agent : known.agents().values()) {
            all.add(agent.id().value());
            agent.skills().forEach(skill -> all.add(skill.value()));
        }
        for (var name : delegation.to()) {
            if (all.contains(name)) {
                continue;
            }
            findings.add(
                    "E-REF-07",
                    "the team has no skill and no agent `" + name + "`",
                    TaskCheck.at(task.name(), "delegate", name),
                    null,
                    "unknown",
                    findings.mend(name, all));
        }
    }

    private boolean exists(AgentId agent, List<String> at) {
        if (known.agents().containsKey(agent.value())) {
            return true;
        }
        findings.add(
                "E-REF-07",
                "the team has no agent `" + agent + "`",
                at,
                null,
                "unknown agent",
                findings.mend(agent.value(), known.agents().keySet()));
        return false;
    }

    private void able(Task task, Passing passing, AgentId agent) {
        var one = known.agents().get(agent.value());
        if (one != null
                && task.performer() instanceof BySkill(var skill, _, _)
                && !one.skills().contains(skill)) {
            findings.add(
                    "E-PASS-01",
                    "agent `"
                            + agent
                            + "` cannot have task `"
                            + task.name()
                            + "`: it has no skill `"
                            + skill
                            + "`",
                    place(task, passing, agent),
                    null,
                    "has not the skill",
                    mend(passing, skill.value()));
        }
    }

    private static @Nullable String mend(Passing passing, String skill) {
        return switch (passing) {
            case Delegation _, Errand _, Passing.Ensemble _ -> null;
            case HandOff _ ->
                    "give it `skills: [" + skill + "]`, or give the task by `agent:` instead";
            case Group _ -> "give it `skills: [" + skill + "]`, or remove `skill` from the task";
        };
    }
}
