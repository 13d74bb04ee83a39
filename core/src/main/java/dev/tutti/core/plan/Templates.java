package dev.tutti.core.plan;

import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer.ByMessage;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every template of a task but its input: where it is written, and what it may name beyond the
/// run's inputs and the tasks of the plan.
final class Templates {

    /// What a template is for.
    enum Use {
        /// True or false, before there is an item.
        CONDITION,
        /// The list to run over.
        LIST,
        /// A number.
        NUMBER,
        /// True or false of the results so far.
        ENOUGH,
        /// True or false of the task's result.
        GATE,
        /// True or false of what the second look gave.
        VERDICT,
        /// True or false of a message.
        MESSAGE,
        /// Text about one item.
        TEXT,
        /// Data made of the task's result.
        RESULT,
        /// What several results become.
        JOINED,
        /// True or false of a conversation so far.
        SAID,
        /// What becomes of a conversation.
        TALKED,
        /// What a note and what is written become.
        REDUCED,
        /// True or false of an agent that could have the task.
        RULE
    }

    /// One template.
    ///
    /// @param path below the task
    record Template(List<String> path, Value text, Use use) {
        private static final List<String> BESIDE =
                List.of("label", "locks", "emit", "compensate", "notes");

        /// Whether it bears on what becomes of the task itself.
        boolean steers() {
            return !BESIDE.contains(path.getFirst());
        }
    }

    private final List<Template> found = new ArrayList<>();

    private Templates() {}

    static List<Template> of(Task task) {
        return of(
                task.performer(),
                task.flow(),
                task.policy(),
                task.label(),
                task.passing(),
                task.sharing());
    }

    static List<Template> of(
            Task.Performer performer,
            Task.Flow flow,
            Task.Policy policy,
            @Nullable String label,
            @Nullable Passing passing,
            Sharing sharing) {
        var templates = new Templates();
        templates.flow(flow);
        templates.policy(policy);
        if (performer instanceof ByMessage message) {
            templates.add(Use.MESSAGE, message.where(), "await", "where");
            templates.add(Use.TEXT, message.key(), "await", "key");
        }
        templates.add(Use.TEXT, label, "label");
        if (passing instanceof Passing.Group group) {
            templates.add(Use.SAID, group.until(), "group", "until");
            if (group.result() != null) {
                templates.found.add(
                        new Template(List.of("group", "result"), group.result(), Use.TALKED));
            }
        }
        templates.notes(sharing);
        return templates.found;
    }

    private void flow(Task.Flow flow) {
        add(Use.CONDITION, flow.when(), "when");
        var each = flow.each();
        if (each != null) {
            resolve(each.resolve());
            boolean plain = each.need() == null && each.until() == null && each.cancelRest();
            if (plain) {
                add(Use.LIST, each.of(), "each");
            } else {
                add(Use.LIST, each.of(), "each", "of");
            }
            add(Use.NUMBER, each.most(), "max");
            add(Use.NUMBER, each.need(), "each", "need");
            add(Use.ENOUGH, each.until(), "each", "until");
        }
        if (flow.loop() != null) {
            add(Use.GATE, flow.loop().condition(), "loop", "while");
        }
        for (int i = 0; i < flow.locks().size(); i++) {
            add(Use.TEXT, flow.locks().get(i), "locks", Integer.toString(i));
        }
        if (flow.emit() != null) {
            found.add(new Template(List.of("emit", "data"), flow.emit().data(), Use.RESULT));
            add(Use.RESULT, flow.emit().key(), "emit", "key");
            if (flow.emit().to() != null) {
                found.add(
                        new Template(
                                List.of("emit", "to"), Value.text(flow.emit().to()), Use.RESULT));
            }
        }
    }

    private void resolve(@Nullable Resolve resolve) {
        if (resolve == null) {
            return;
        }
        if (resolve.by() instanceof Resolve.By.Template(var text)) {
            add(Use.JOINED, text, "resolve", "as");
        } else if (resolve.by() instanceof Resolve.By.Reduce(var text)) {
            add(Use.JOINED, text, "resolve", "as");
        }
    }

    private void policy(Task.Policy policy) {
        for (int i = 0; i < policy.gate().accept().size(); i++) {
            add(Use.GATE, policy.gate().accept().get(i), "accept", Integer.toString(i));
        }
        var verify = policy.gate().verify();
        if (verify != null) {
            if (verify.input() != null) {
                found.add(new Template(List.of("verify", "input"), verify.input(), Use.RESULT));
            }
            add(Use.VERDICT, verify.accept(), "verify", "accept");
        }
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i);
            add(Use.RULE, rule.condition(), "policy", Integer.toString(i), rule.decision().word());
        }
        if (policy.undo() != null) {
            found.add(
                    new Template(
                            List.of("compensate", "input"), policy.undo().input(), Use.RESULT));
        }
    }

    private void notes(Sharing sharing) {
        for (var write : sharing.writes()) {
            var expect = write.expect();
            if (write.value() != null) {
                found.add(
                        new Template(
                                List.of("notes", "write", write.key()), write.value(), Use.RESULT));
            }
            if (expect != null && expect.contains("${")) {
                add(Use.RESULT, expect, "notes", "write", write.key(), "expect");
            }
            if (write.by() instanceof Sharing.Reducer.Computed(var expression)) {
                add(Use.REDUCED, expression, "notes", "write", write.key(), "by");
            }
        }
    }

    private void add(Use use, @Nullable String text, String... path) {
        if (text != null) {
            found.add(new Template(List.of(path), Value.text(text), use));
        }
    }
}
