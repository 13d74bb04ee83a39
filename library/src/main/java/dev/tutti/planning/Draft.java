package dev.tutti.planning;

import dev.tutti.core.event.Names;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.planning.Proposals.Findings;
import dev.tutti.planning.Proposals.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A task of a proposal on its way to the form of the team file.
final class Draft {
    private static final List<String> VARIABLES =
            List.of("input", "item", "env", "secret", "output", "message", "run");
    private static final List<String> NAME = List.of("name", "id", "task_id", "key");
    private static final List<String> SKILL = List.of("tool", "task", "action", "capability");
    private static final List<String> WAYS = List.of("skill", "agent", "workflow", "await");
    private static final List<String> INPUT =
            List.of("input", "arguments", "args", "parameters", "params", "inputs");
    private static final List<String> AFTER =
            List.of(
                    "after",
                    "dependencies",
                    "depends_on",
                    "dependsOn",
                    "dependents_on",
                    "deps",
                    "dep",
                    "requires");
    private static final List<String> REMARKS =
            List.of("description", "reason", "why", "purpose", "thought", "rationale", "comment");

    private final int index;
    private final String given;
    private final String name;
    private final List<String> at;
    private final SequencedMap<String, Value> keys;

    private Draft(
            int index,
            String given,
            String name,
            List<String> at,
            SequencedMap<String, Value> keys) {
        this.index = index;
        this.given = given;
        this.name = name;
        this.at = at;
        this.keys = keys;
    }

    /// Where it stands among the tasks, from 0.
    int index() {
        return index;
    }

    /// What the proposal calls it.
    String given() {
        return given;
    }

    /// Its id.
    String name() {
        return name;
    }

    List<String> at() {
        return at;
    }

    @Nullable Value get(String key) {
        return keys.get(key);
    }

    void put(String key, Value value) {
        keys.put(key, value);
    }

    /// As the team file has it. What was no object stays what it was.
    Value task() {
        return keys.containsKey("") ? keys.getOrDefault("", Value.NULL) : new Value.Struct(keys);
    }

    /// The skill that it needs, or empty.
    String skill() {
        return keys.get("skill") instanceof Value.Text(var skill) ? skill : "";
    }

    // ---- reading

    static List<Draft> all(Parts parts, Findings findings, Known known) {
        var drafts = new ArrayList<Draft>();
        var taken = new HashSet<String>();
        switch (parts.tasks()) {
            case Value.Struct(var tasks) ->
                    tasks.forEach((name, task) -> {
                        var at = Parts.below(parts.at(), name);
                        var id = id(name, at, true, taken, findings);
                        drafts.add(draft(drafts.size(), name, id, at, task, findings, known));
                    });
            case Value.Array(var tasks) -> {
                for (var task : tasks) {
                    var at = Parts.below(parts.at(), Integer.toString(drafts.size()));
                    var label = label(task, NAME);
                    var name = label == null ? label(task, SKILL) : label;
                    name = name == null ? label(task, WAYS) : name;
                    name = name == null ? "task " + (drafts.size() + 1) : name;
                    var id = id(name, at, label != null, taken, findings);
                    drafts.add(draft(drafts.size(), name, id, at, task, findings, known));
                }
            }
            default -> throw new IllegalStateException("tasks are an object or a list");
        }
        return drafts;
    }

    private static @Nullable String label(Value task, List<String> keys) {
        if (!(task instanceof Value.Struct struct)) {
            return null;
        }
        return switch (Parts.first(struct, keys)) {
            case Value.Text(var text) when !text.isBlank() -> text;
            case Value.Int(var number) -> Long.toString(number);
            case null, default -> null;
        };
    }

    /// The id of a name. That one which only says what is done becomes one is no repair.
    private static String id(
            String given, List<String> at, boolean named, Set<String> taken, Findings findings) {
        var id = id(given);
        if (named && !id.equals(given)) {
            findings.repair(Repair.Kind.NAME, at, "calls `" + shown(given) + "` `" + id + "`");
        }
        var free = id;
        for (int i = 2; !taken.add(free); i++) {
            free = id + "_" + i;
        }
        if (!free.equals(id)) {
            findings.repair(
                    Repair.Kind.DUPLICATE_NAME,
                    at,
                    "calls the next `" + shown(given) + "` `" + free + "`");
        }
        return free;
    }

    /// A name as ids are written.
    static String id(String name) {
        var id =
                name.strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9_]+", "_")
                        .replaceAll("^_+|_+$", "");
        id = id.length() > 60 ? id.substring(0, 60) : id;
        if (!Names.WORD.matcher(id).matches()) {
            id = id.isEmpty() ? "task" : "t_" + id;
        }
        return VARIABLES.contains(id) || Expressions.reservedWords().contains(id) ? id + "_1" : id;
    }

    static String shown(String text) {
        var line = text.replaceAll("\\s+", " ");
        return line.length() > 60 ? line.substring(0, 57) + "…" : line;
    }

    private static Draft draft(
            int index,
            String given,
            String name,
            List<String> at,
            Value task,
            Findings findings,
            Known known) {
        var keys = new LinkedHashMap<String, Value>();
        if (!(task instanceof Value.Struct(var fields))) {
            keys.put("", task);
            return new Draft(index, given, name, at, keys);
        }
        boolean assigned = WAYS.stream().anyMatch(fields::containsKey);
        var rest = new LinkedHashMap<>(fields);
        NAME.forEach(rest::remove);
        for (var key : WAYS) {
            var way = rest.remove(key);
            if (way != null) {
                keys.put(key, way instanceof Value.Text(var text) ? word(text, key, known) : way);
            }
        }
        var tool = label(task, SKILL);
        if (!assigned) {
            var skill = tool == null && known.skills().containsKey(id(given)) ? given : tool;
            if (skill != null) {
                keys.put("skill", word(skill, "skill", known));
                SKILL.forEach(rest::remove);
            }
        }
        take(rest, INPUT)
                .forEach(value -> keys.put("input", Arguments.fields(value, at, findings)));
        take(rest, AFTER).forEach(value -> keys.put("after", value));
        var remarks = new ArrayList<>(REMARKS);
        if (assigned) {
            remarks.addAll(SKILL);
        }
        for (var remark : remarks) {
            if (rest.remove(remark) != null) {
                findings.repair(
                        Repair.Kind.REMARK, Parts.below(at, remark), "left out `" + remark + "`");
            }
        }
        keys.putAll(rest);
        return new Draft(index, given, name, at, keys);
    }

    /// The first of some keys that is there; others stay, and are refused as unknown.
    private static List<Value> take(SequencedMap<String, Value> fields, List<String> keys) {
        for (var key : keys) {
            var value = fields.remove(key);
            if (value != null) {
                return List.of(value);
            }
        }
        return List.of();
    }

    /// The name of a skill, an agent or a workflow: as the team has it where it has one that is
    /// written alike.
    private static Value word(String text, String key, Known known) {
        if (!key.equals("skill") || known.skills().containsKey(text)) {
            return Value.text(text);
        }
        var id = id(text);
        return Value.text(known.byMeaning() && !known.skills().containsKey(id) ? text : id);
    }
}
