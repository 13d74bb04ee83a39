package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.Letter.Planned;
import dev.tutti.agents.local.planner.Shape.Link;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Writes a plan out as tasks: what each is given comes from earlier tasks and from the inputs of
/// the run, by name, and is the request itself where a text is taken that nothing else gives.
final class Draft {
    private static final Set<String> RESERVED =
            Set.of("input", "item", "env", "secret", "output", "run", "message");

    private final Letter letter;
    private final Shape shape;

    /// By skill, the task that uses it, whether it is new or done already.
    private final SequencedMap<String, String> names = new LinkedHashMap<>();

    private final Map<String, Value> tasks = new LinkedHashMap<>();
    private final List<String> unbound = new ArrayList<>();

    Draft(Letter letter, Shape shape) {
        this.letter = letter;
        this.shape = shape;
        var done = new LinkedHashMap<String, String>();
        letter.plan().stream()
                .filter(task -> task.isDone() || task.state().equals("running"))
                .forEach(task -> done.put(task.skill(), task.task()));
        var taken = new LinkedHashSet<String>();
        letter.plan().forEach(task -> taken.add(task.task()));
        for (var skill : shape.skills()) {
            var before = done.get(skill);
            if (before == null) {
                var name = name(skill, taken);
                tasks.put(name, task(skill));
                names.put(skill, name);
            } else {
                names.put(skill, before);
            }
        }
    }

    private static String name(String skill, Set<String> taken) {
        var word = skill.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        var start = !word.matches("[a-z].*") || RESERVED.contains(word) ? "do_" + word : word;
        var name = start;
        for (int i = 2; !taken.add(name); i++) {
            name = start + "_" + i;
        }
        return name;
    }

    /// What must be given to skills and is nowhere.
    List<String> unbound() {
        return unbound;
    }

    private Value task(String skill) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("skill", Value.text(skill));
        var input = input(skill);
        if (!input.isEmpty()) {
            fields.put("input", Value.from(input));
        }
        var after = new LinkedHashSet<String>();
        for (var link : shape.links()) {
            var before = names.get(link.from());
            if (link.to().equals(skill) && before != null) {
                after.add(before);
            }
        }
        if (!after.isEmpty()) {
            fields.put("after", Value.from(List.copyOf(after)));
        }
        return new Value.Struct(fields);
    }

    private Map<String, String> input(String skill) {
        var input = new LinkedHashMap<String, String>();
        var takes = letter.inputs(skill);
        takes.forEach((field, needed) -> {
            var source = source(field);
            if (source.isPresent()) {
                input.put(field, source.get());
            } else if (needed && letter.takesText(skill, field)) {
                input.put(field, request());
            } else if (needed) {
                unbound.add("`" + skill + "` needs `" + field + "`, which nothing gives");
            }
        });
        if (takes.isEmpty()) {
            // It takes any object: the request, and what the tasks before it gave.
            input.put("request", request());
            for (var link : shape.links()) {
                var before = names.get(link.from());
                if (link.to().equals(skill) && before != null) {
                    input.put(link.from(), "${" + before + "}");
                }
            }
        }
        return input;
    }

    /// The last earlier task that gives a field of this name, else the input of the run.
    private Optional<String> source(String field) {
        var source =
                names.entrySet().stream()
                        .filter(task -> letter.outputs(task.getKey()).contains(field))
                        .map(task -> "${" + task.getValue() + "." + field + "}")
                        .reduce((_, last) -> last);
        return source.isEmpty() && letter.inputs().contains(field)
                ? Optional.of("${input." + field + "}")
                : source;
    }

    /// The request as a text that is no template.
    private String request() {
        return letter.goal().replace("${", "$${");
    }

    Value.Struct proposal(List<String> like) {
        return Value.struct(
                "reason", Value.text(reason(like)),
                "tasks", new Value.Struct(new LinkedHashMap<>(tasks)),
                "drop", Value.from(dropped()),
                "output", output(),
                "complete", Value.of(!letter.isAskedAgain()),
                "ledger", ledger(like));
    }

    private static String reason(List<String> like) {
        return like.isEmpty()
                ? "nothing like this was asked before; these skills are described most like it"
                : "as for a request like this: " + like.getFirst();
    }

    private Value ledger(List<String> like) {
        return Value.struct(
                "facts",
                Value.from(
                        letter.plan().stream()
                                .filter(Planned::isDone)
                                .map(task -> task.task() + " is done")
                                .toList()),
                "guesses",
                Value.from(like.stream().map(request -> "it is like: " + request).toList()),
                "progress",
                Value.of(true));
    }

    /// What is planned and not begun is planned anew.
    private List<String> dropped() {
        return letter.plan().stream()
                .filter(task -> task.state().equals("planned"))
                .map(Planned::task)
                .toList();
    }

    private Value output() {
        var wanted = new LinkedHashMap<String, String>();
        for (var want : letter.wants()) {
            source(want).ifPresent(source -> wanted.put(want, source));
        }
        if (!wanted.isEmpty()) {
            return wanted.size() == 1
                    ? Value.text(wanted.values().iterator().next())
                    : Value.from(wanted);
        }
        var last = new LinkedHashMap<>(names);
        shape.links().stream().map(Link::from).forEach(last::remove);
        return outputs(last.isEmpty() ? names : last);
    }

    private static Value outputs(SequencedMap<String, String> names) {
        var all = new LinkedHashMap<String, String>();
        names.values().forEach(task -> all.put(task, "${" + task + "}"));
        return all.size() == 1 ? Value.text(all.values().iterator().next()) : Value.from(all);
    }

    /// The proposal when all is done: nothing more.
    static Value finished(Letter letter) {
        return new Draft(letter, letter.shape())
                .proposal(List.of())
                .with("reason", Value.text("all is done; the plan is kept"))
                .with("complete", Value.of(true));
    }
}
