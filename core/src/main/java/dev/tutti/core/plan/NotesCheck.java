package dev.tutti.core.plan;

import static dev.tutti.core.plan.Findings.below;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Recall;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong with the notes that a plan writes and names: notes that nobody writes, and
/// such as a task may not read or write.
final class NotesCheck {
    private final Expressions expressions;
    private final Findings findings;
    private final Map<String, Task> tasks;
    private final Map<String, Sharing.Rule> rules = new LinkedHashMap<>();

    NotesCheck(
            Expressions expressions,
            Findings findings,
            Map<String, Task> tasks,
            List<Sharing.Rule> rules) {
        this.expressions = expressions;
        this.findings = findings;
        this.tasks = tasks;
        rules.forEach(rule -> this.rules.put(rule.key(), rule));
    }

    /// Expressions call a shared note and the notes of a task by the same first word.
    void names() {
        for (var key : rules.keySet()) {
            if (tasks.containsKey(key)) {
                findings.add(
                        "E-NAME-01",
                        "`" + key + "` is a task and a note that tasks share",
                        List.of("notes", key),
                        null,
                        "there twice",
                        "call the note something else");
            }
        }
    }

    void check(Task task) {
        references(task.name(), task.input(), TaskCheck.at(task.name(), "input"));
        for (var template : Templates.of(task)) {
            var at = below(TaskCheck.at(task.name()), template.path().toArray(String[]::new));
            references(task.name(), template.text(), at);
        }
        for (var write : task.sharing().writes()) {
            written(task, write);
        }
        for (var pattern : task.sharing().reads()) {
            read(task, pattern);
        }
        context(task);
    }

    private void context(Task task) {
        var why =
                switch (task.performer()) {
                    case Task.Performer.BySkill _, Task.Performer.ByAgent _ -> null;
                    case Task.Performer.ByWorkflow _ -> "a run of its own does the task";
                    case Task.Performer.ByMessage _ -> "the task waits for a message";
                };
        var giving = task.sharing().giving();
        if (!giving.equals(Sharing.Giving.ALL) && why != null) {
            findings.add(
                    "E-NOTE-04",
                    "`context` says how much an agent is given, and none does `"
                            + task.name()
                            + "`",
                    TaskCheck.at(task.name(), "context"),
                    null,
                    why,
                    "remove `context`");
        }
        if (giving.recall() != null) {
            recalls(task, giving.recall());
        }
    }

    /// What is looked for, and about whom, is said by fields of what the task gives its agent.
    private void recalls(Task task, Recall recall) {
        if (task.input().get(Recall.FIELD) != null) {
            findings.add(
                    "E-NOTE-06",
                    "the input of `" + task.name() + "` has a field `memories` already",
                    TaskCheck.at(task.name(), "context", "recall"),
                    null,
                    "what is recalled is given as `memories`",
                    "give the field of the input another name");
        }
        field(task, "query", recall.query());
        field(task, "about", recall.about());
    }

    private void field(Task task, String key, @Nullable String field) {
        if (field != null && task.input().get(field) == null) {
            findings.add(
                    "E-NOTE-05",
                    "the input of `" + task.name() + "` has no field `" + field + "`",
                    TaskCheck.at(task.name(), "context", "recall", key),
                    null,
                    "not in its input",
                    findings.mend(field, task.input().fields().keySet()));
        }
    }

    /// What the whole gives may name every note that is not kept for some.
    void output(Value output) {
        references("", output, List.of("output"));
    }

    private void written(Task task, Sharing.Write write) {
        var at = TaskCheck.at(task.name(), "notes", "write", write.key());
        var rule = rules.get(write.key());
        boolean own = write.key().startsWith(task.name() + ".");
        if (!own && rule == null) {
            findings.add(
                    "E-NOTE-01",
                    "`" + write.key() + "` is not a note that the workflow shares",
                    at,
                    null,
                    "not shared",
                    findings.mend(write.key(), rules.keySet()));
        } else if (!own && rule != null && !mayUse(rule.writers(), task.name())) {
            findings.add(
                    "E-NOTE-02",
                    "task `" + task.name() + "` may not write the note `" + write.key() + "`",
                    at,
                    null,
                    "not among its writers",
                    "add `" + task.name() + "` to `write` of the note");
        }
    }

    private void read(Task task, String pattern) {
        var at = TaskCheck.at(task.name(), "notes", "read", pattern);
        int dot = pattern.indexOf('.');
        if (dot < 0) {
            shared(task.name(), pattern, at, null);
        } else if (!pattern.equals("*.*") && !tasks.containsKey(pattern.substring(0, dot))) {
            findings.add(
                    "E-REF-02",
                    "`" + pattern.substring(0, dot) + "` is not a task of this plan",
                    at,
                    null,
                    "unknown task",
                    findings.mend(pattern.substring(0, dot), tasks.keySet()));
        }
    }

    private void references(String reader, Value template, List<String> at) {
        if (tasks.containsKey("notes")) {
            return;
        }
        for (var reference : expressions.references(template)) {
            if (reference.variable().equals("notes")) {
                reference(reader, reference, at);
            }
        }
    }

    private void reference(String reader, Reference reference, List<String> at) {
        var path = reference.path();
        var owner = path.isEmpty() ? null : tasks.get(path.getFirst());
        if (path.isEmpty() || (owner != null && path.size() < 2)) {
            findings.add(
                    "E-NOTE-01",
                    "this names no note: a note is `notes.KEY` or `notes.TASK.KEY`",
                    at,
                    reference.span(),
                    "which note?",
                    null);
        } else if (owner == null) {
            shared(reader, path.getFirst(), at, reference.span());
        } else {
            owned(owner, path.get(1), at, reference.span());
        }
    }

    private void shared(String reader, String key, List<String> at, Fault.@Nullable Span span) {
        var rule = rules.get(key);
        if (rule == null) {
            var names = new ArrayList<>(rules.keySet());
            tasks.values().stream()
                    .filter(task -> !task.sharing().writes().isEmpty())
                    .forEach(task -> names.add(task.name()));
            findings.add(
                    "E-NOTE-01",
                    "there is no note `" + key + "`",
                    at,
                    span,
                    "unknown note",
                    names.isEmpty()
                            ? "share it under `notes` of the workflow"
                            : findings.mend(key, names));
        } else if (!reader.isEmpty() && !mayUse(rule.readers(), reader)) {
            findings.add(
                    "E-NOTE-02",
                    "task `" + reader + "` may not read the note `" + key + "`",
                    at,
                    span,
                    "not among its readers",
                    "add `" + reader + "` to `read` of the note");
        }
    }

    private void owned(Task owner, String name, List<String> at, Fault.Span span) {
        var own =
                owner.sharing().writes().stream()
                        .map(Sharing.Write::key)
                        .filter(key -> key.startsWith(owner.name() + "."))
                        .map(key -> key.substring(owner.name().length() + 1))
                        .toList();
        if (!own.contains(name)) {
            findings.add(
                    "E-NOTE-01",
                    "task `" + owner.name() + "` writes no note `" + name + "`",
                    at,
                    span,
                    "unknown note",
                    findings.mend(name, own));
        }
    }

    private static boolean mayUse(List<String> allowed, String task) {
        return allowed.isEmpty() || allowed.contains(task);
    }
}
