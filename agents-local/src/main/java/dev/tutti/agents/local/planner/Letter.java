package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.Shape.Link;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a run tells its planner, as far as this one listens.
final class Letter {
    private static final int NO_END = Integer.MAX_VALUE;

    private final Value.Struct input;
    private final Map<String, Value.Struct> skills = new LinkedHashMap<>();
    private final Map<String, List<String>> agents = new LinkedHashMap<>();
    private final List<Planned> plan = new ArrayList<>();

    /// A task of the plan so far.
    ///
    /// @param skill what it uses, or empty where that cannot be told
    record Planned(String task, String skill, String state, List<String> after) {
        boolean isDone() {
            return state.equals("done");
        }

        boolean isFailed() {
            return state.equals("failed") || state.equals("replaced");
        }

        /// Whether nothing more comes of it.
        boolean isOver() {
            return isDone() || isFailed() || state.equals("skipped");
        }
    }

    Letter(Value.Struct input) {
        this.input = input;
        var team = struct(input, "team");
        struct(team, "agents")
                .fields()
                .forEach((agent, profile) -> {
                    if (profile instanceof Value.Struct struct) {
                        for (var skill : texts(struct.get("skills"))) {
                            agents.computeIfAbsent(skill, _ -> new ArrayList<>()).add(agent);
                        }
                    }
                });
        var declared = struct(team, "skills");
        for (var skill : agents.keySet()) {
            skills.put(skill, struct(declared, skill));
        }
        if (input.get("plan") instanceof Value.Array(var tasks)) {
            tasks.forEach(this::planned);
        }
    }

    private void planned(Value task) {
        if (task instanceof Value.Struct struct
                && struct.get("task") instanceof Value.Text(var name)
                && struct.get("state") instanceof Value.Text(var state)) {
            var skill = struct.get("skill") instanceof Value.Text(var given) ? given : "";
            plan.add(new Planned(name, skill, state, texts(struct.get("after"))));
        }
    }

    String goal() {
        return input.get("goal") instanceof Value.Text(var goal) ? goal.strip() : "";
    }

    Set<String> wants() {
        return struct(input, "wants").fields().keySet();
    }

    Set<String> inputs() {
        var names = new LinkedHashSet<String>();
        struct(input, "inputs")
                .fields()
                .forEach((name, value) -> {
                    if (!(value instanceof Value.Null)) {
                        names.add(name);
                    }
                });
        return names;
    }

    /// Whether it will be asked again when all that it proposes is done.
    boolean isAskedAgain() {
        return number("round", 1) < number("rounds", NO_END);
    }

    private long number(String name, long otherwise) {
        return input.get(name) instanceof Value.Int(var number) ? number : otherwise;
    }

    List<Planned> plan() {
        return plan;
    }

    Set<String> failedSkills() {
        var failed = new LinkedHashSet<String>();
        plan.stream().filter(Planned::isFailed).map(Planned::skill).forEach(failed::add);
        failed.remove("");
        return failed;
    }

    /// The skills that some agent has.
    Set<String> skills() {
        return skills.keySet();
    }

    /// The fields that a skill takes, each with whether it must be there.
    SequencedMap<String, Boolean> inputs(String skill) {
        var schema = struct(skills.getOrDefault(skill, Value.Struct.EMPTY), "input");
        var required = texts(schema.get("required"));
        var fields = new LinkedHashMap<String, Boolean>();
        struct(schema, "properties")
                .fields()
                .keySet()
                .forEach(name -> fields.put(name, required.contains(name)));
        return fields;
    }

    /// Whether a field that a skill takes may be a text.
    boolean takesText(String skill, String field) {
        var schema = struct(skills.getOrDefault(skill, Value.Struct.EMPTY), "input");
        var type = struct(struct(schema, "properties"), field).get("type");
        return type == null || type.equals(Value.text("string"));
    }

    /// The fields that a skill gives.
    SequencedSet<String> outputs(String skill) {
        var schema = struct(skills.getOrDefault(skill, Value.Struct.EMPTY), "output");
        return new LinkedHashSet<>(struct(schema, "properties").fields().keySet());
    }

    /// What is known of a skill in words.
    String description(String skill) {
        var said = skills.getOrDefault(skill, Value.Struct.EMPTY).get("description");
        var words = new ArrayList<String>();
        if (said instanceof Value.Text(var text)) {
            words.add(text);
        }
        words.addAll(inputs(skill).keySet());
        words.addAll(outputs(skill));
        words.addAll(agents.getOrDefault(skill, List.of()));
        return String.join(" ", words).replace('_', ' ');
    }

    /// The plan so far, as far as its tasks use skills.
    Shape shape() {
        var skills = new LinkedHashMap<String, String>();
        plan.stream()
                .filter(task -> !task.skill().isEmpty() && !task.state().equals("skipped"))
                .forEach(task -> skills.put(task.task(), task.skill()));
        var links = new LinkedHashSet<Link>();
        for (var task : plan) {
            for (var before : task.after()) {
                var from = skills.get(before);
                var to = skills.get(task.task());
                if (from != null && to != null && !from.equals(to)) {
                    links.add(new Link(from, to));
                }
            }
        }
        return new Shape(List.copyOf(new LinkedHashSet<>(skills.values())), links);
    }

    private static Value.Struct struct(Value.Struct from, String name) {
        return from.get(name) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    private static List<String> texts(@Nullable Value value) {
        var texts = new ArrayList<String>();
        if (value instanceof Value.Array(var items)) {
            for (var item : items) {
                if (item instanceof Value.Text(var text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}
