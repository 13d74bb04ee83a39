package dev.tutti.teamfile;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes tasks as team files have them: the keys that plans mostly have. Whoever needs to know
/// that nothing was lost reads them again.
public final class TaskWriter {
    private TaskWriter() {}

    /// The declaration of a task.
    ///
    /// @param after what is written under that key
    public static Value.Struct write(Task task, List<String> after) {
        var keys = new LinkedHashMap<String, Value>();
        performer(keys, task.performer());
        var each = task.flow().each();
        if (each != null) {
            keys.put("each", Value.text(each.of()));
            if (each.most() != null) {
                keys.put("max", Value.text(each.most()));
            } else if (each.max() != Task.DEFAULT_MAX) {
                keys.put("max", Value.of(each.max()));
            }
        }
        if (task.flow().when() != null) {
            keys.put("when", Value.text(task.flow().when()));
        }
        if (!after.isEmpty()) {
            keys.put("after", Value.from(after));
        }
        if (!task.input().fields().isEmpty()) {
            keys.put("input", task.input());
        }
        policy(keys, task.policy());
        if (task.label() != null) {
            keys.put("label", Value.text(task.label()));
        }
        return new Value.Struct(keys);
    }

    private static void performer(Map<String, Value> keys, Performer performer) {
        switch (performer) {
            case Performer.BySkill(var skill, _, _) -> keys.put("skill", Value.text(skill.value()));
            case Performer.ByAgent(var agent) -> keys.put("agent", Value.text(agent.value()));
            case Performer.ByWorkflow(var name) -> keys.put("workflow", Value.text(name));
            case Performer.ByMessage _ -> {}
        }
    }

    private static Value rung(Task.Remedy rung, Task.Policy policy) {
        return rung == Task.Remedy.ESCALATE && policy.escalation() != null
                ? Value.struct(rung.word(), Value.text(policy.escalation().value()))
                : Value.text(rung.word());
    }

    private static void policy(Map<String, Value> keys, Task.Policy policy) {
        if (!policy.gate().accept().isEmpty()) {
            keys.put("accept", Value.from(policy.gate().accept()));
        }
        var verify = policy.gate().verify();
        if (verify != null) {
            var look = new LinkedHashMap<String, Value>();
            performer(look, verify.performer());
            if (verify.input() != null) {
                look.put("input", verify.input());
            }
            if (!verify.accept().equals(Task.Verify.OK)) {
                look.put("accept", Value.text(verify.accept()));
            }
            keys.put("verify", new Value.Struct(look));
        }
        var retry = policy.retry();
        if (!retry.equals(Task.Retry.DEFAULT)) {
            keys.put(
                    "retry",
                    Value.struct(
                            "attempts",
                            Value.of(retry.attempts()),
                            "backoff",
                            Value.text(
                                    retry.first().toMillis()
                                            + "ms.."
                                            + retry.ceiling().toMillis()
                                            + "ms")));
        }
        if (!policy.ladder().isEmpty()) {
            keys.put(
                    "on_failure",
                    new Value.Array(
                            policy.ladder().stream().map(rung -> rung(rung, policy)).toList()));
        }
        if (!policy.rules().isEmpty()) {
            keys.put(
                    "policy",
                    new Value.Array(
                            policy.rules().stream()
                                    .<Value>map(rule ->
                                            Value.struct(
                                                    rule.decision().word(),
                                                    Value.text(rule.condition())))
                                    .toList()));
        }
    }
}
