package dev.tutti.core.history;

import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import dev.tutti.core.history.Contribution.Means;
import dev.tutti.core.history.Lineage.How;
import dev.tutti.core.history.Making.Link;
import dev.tutti.core.run.RunState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the names in expressions stand for, as a run goes on.
final class Naming {
    private final Expressions expressions;
    private final Map<String, Task> plan = new LinkedHashMap<>();
    private final Map<String, Piece.Asked> inputs = new LinkedHashMap<>();
    private final Map<String, Piece> whole = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, Piece.Result>> items = new LinkedHashMap<>();

    /// The results in the lists that fan-outs handed on.
    private final Map<String, List<Piece.Result>> lists = new LinkedHashMap<>();

    private final Map<NoteRef, Piece.Noted> notes = new LinkedHashMap<>();
    private final Map<String, Piece.Noted> latest = new LinkedHashMap<>();
    private final Map<String, Piece.Message> messages = new LinkedHashMap<>();

    Naming(Expressions expressions) {
        this.expressions = expressions;
    }

    // ---- what is known

    @Nullable Task declaration(String name) {
        return plan.get(name);
    }

    Collection<Piece.Asked> inputs() {
        return inputs.values();
    }

    /// What a task or an item gave, or null.
    @Nullable Piece result(TaskId task) {
        return task.item() == TaskId.WHOLE
                ? whole.get(task.name())
                : items.getOrDefault(task.name(), new TreeMap<>()).get(task.item());
    }

    /// The inputs and every result so far.
    List<Piece> all() {
        var all = new ArrayList<Piece>(inputs.values());
        all.addAll(whole.values());
        return all;
    }

    Piece.@Nullable Noted note(NoteRef ref) {
        return notes.get(ref);
    }

    Piece.@Nullable Message message(String id) {
        return messages.get(id);
    }

    /// The results of the items of a fan-out so far, in order, without those that have none.
    List<Piece.Result> items(String name, RunState state) {
        return items.getOrDefault(name, new TreeMap<>()).values().stream()
                .filter(item -> !state.decides(item.task()))
                .filter(item -> item.means() != Means.SKIPPED && item.means() != Means.FAILED)
                .toList();
    }

    /// Those who decided between the results of a fan-out.
    List<Piece.Result> deciders(String name, RunState state) {
        return items.getOrDefault(name, new TreeMap<>()).values().stream()
                .filter(item -> state.decides(item.task()))
                .toList();
    }

    // ---- what is seen

    void plan(Task task) {
        plan.put(task.name(), task);
    }

    void asked(Piece.Asked input) {
        inputs.put(input.input(), input);
    }

    void result(TaskId task, Piece.Result result) {
        if (task.item() == TaskId.WHOLE) {
            whole.put(task.name(), result);
        } else {
            items.computeIfAbsent(task.name(), _ -> new TreeMap<>()).put(task.item(), result);
        }
    }

    void joined(String name, Piece.Joined joined, List<Piece.Result> of) {
        whole.put(name, joined);
        lists.put(name, List.copyOf(of));
    }

    void note(Piece.Noted note) {
        notes.put(note.note(), note);
        latest.put(note.note().key(), note);
    }

    void message(Piece.Message message) {
        messages.put(message.message(), message);
    }

    /// The tasks are as if they had never begun.
    void forget(List<String> names) {
        whole.keySet().removeAll(names);
        items.keySet().removeAll(names);
        lists.keySet().removeAll(names);
    }

    // ---- what expressions name

    /// Adds what a template names.
    ///
    /// @param place where the template stands, or empty
    /// @param id the task whose it is, or null for the run
    void follow(Value template, How how, String place, @Nullable TaskId id, Set<Link> found) {
        Flow.leaves(
                template,
                List.of(),
                (text, path) -> {
                    for (var reference : expressions.references(text)) {
                        var where = place.isEmpty() ? text(path) : place;
                        variable(reference, how, where, id, found);
                    }
                });
    }

    /// Adds what how many items a task has hangs on.
    void width(Task task, Set<Link> found) {
        var each = task.flow().each();
        if (each == null) {
            return;
        }
        follow(Value.text(each.of()), How.CONDITION, "each", null, found);
        for (var text : new @Nullable String[] {each.need(), each.until()}) {
            if (text != null) {
                follow(Value.text(text), How.CONDITION, "each", null, found);
            }
        }
    }

    private void variable(
            Reference reference, How how, String place, @Nullable TaskId id, Set<Link> found) {
        var name = reference.variable();
        var path = reference.path();
        switch (name) {
            case "input" -> {
                for (var asked : inputs.values()) {
                    if (path.isEmpty() || path.getFirst().equals(asked.input())) {
                        found.add(new Link(asked, how, place));
                    }
                }
            }
            case "item" -> item(how, place, id, found);
            case "output" -> undone(how, place, id, found);
            default -> {
                if (plan.containsKey(name)) {
                    task(name, path, how, place, found);
                } else if (name.equals("notes")) {
                    noted(path, place, found);
                } else if (name.equals("messages")) {
                    messages.values().forEach(one -> found.add(new Link(one, How.MESSAGE, place)));
                }
            }
        }
    }

    private void task(String name, List<String> path, How how, String place, Set<Link> found) {
        var piece = whole.get(name);
        if (piece == null) {
            return;
        }
        var list =
                piece instanceof Piece.Joined joined && joined.by() == null
                        ? lists.get(name)
                        : null;
        if (list != null && !path.isEmpty() && Deviation.isIndex(path.getFirst())) {
            int index = Integer.parseInt(path.getFirst());
            if (index < list.size()) {
                found.add(new Link(list.get(index), how, place));
                return;
            }
        }
        found.add(new Link(piece, how, place));
    }

    /// An item comes out of the list that the fan-out runs over.
    private void item(How how, String place, @Nullable TaskId id, Set<Link> found) {
        var task = id == null ? null : plan.get(id.name());
        var undone = task == null ? null : task.undoes();
        if (undone != null) {
            item(how, place, undone, found);
            return;
        }
        if (task == null || id == null || task.each() == null || id.item() == TaskId.WHOLE) {
            return;
        }
        boolean exact = expressions.isExpression(task.each());
        for (var reference : expressions.references(task.each())) {
            var way = new ArrayList<>(reference.path());
            if (exact) {
                way.add(Integer.toString(id.item()));
            }
            variable(
                    new Reference(reference.variable(), way, reference.span()),
                    how == How.INPUT ? How.ITEM : how,
                    how == How.INPUT ? reference.variable() + below(way) : place,
                    null,
                    found);
        }
    }

    /// What is taken back is the `output` of what takes it back.
    private void undone(How how, String place, @Nullable TaskId id, Set<Link> found) {
        var task = id == null ? null : plan.get(id.name());
        var undone = task == null || task.undoes() == null ? null : result(task.undoes());
        if (undone != null) {
            found.add(new Link(undone, how, place));
        }
    }

    private void noted(List<String> path, String place, Set<Link> found) {
        if (path.isEmpty()) {
            return;
        }
        var first = path.getFirst();
        var key = plan.containsKey(first) && path.size() > 1 ? first + "." + path.get(1) : first;
        var note = latest.get(key);
        if (note != null) {
            found.add(new Link(note, How.NOTE, place));
        }
    }

    /// A place as one would write it.
    private static String text(List<String> path) {
        var text = below(path);
        return text.startsWith(".") ? text.substring(1) : text;
    }

    private static String below(List<String> path) {
        var text = new StringBuilder();
        for (var step : path) {
            text.append(Deviation.isIndex(step) ? "[" + step + "]" : "." + step);
        }
        return text.toString();
    }
}
