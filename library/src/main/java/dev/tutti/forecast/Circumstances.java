package dev.tutti.forecast;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What a run meets that its plan does not say: how wide its fan-outs are, and which conditions
/// hold. Drawn for each run anew.
final class Circumstances {

    /// The input under which a run of the [Skeleton] finds them.
    static final String HERE = "forecast";

    private static final int DEEPEST = 8;
    private static final int MOST_ITEMS = 100_000;

    private final Expressions expressions = new Expressions();
    private final Team team;
    private final Value.Struct inputs;
    private final Experience experience;
    private final Guesses guesses;
    private final SequencedSet<String> assumed = new LinkedHashSet<>();
    private final LinkedHashMap<String, String> sources = new LinkedHashMap<>();
    private int items;

    Circumstances(Team team, Value.Struct inputs, Experience experience, Guesses guesses) {
        this.team = team;
        this.inputs = inputs;
        this.experience = experience;
        this.guesses = guesses;
    }

    /// What had to be taken for granted so far, as sentences.
    SequencedSet<String> assumed() {
        return assumed;
    }

    /// Where the width of each fan-out is known from.
    SequencedMap<String, String> sources() {
        return sources;
    }

    /// The inputs of one run.
    Value.Struct draw(Workflow workflow, SplittableRandom dice) {
        items = 0;
        return Value.struct(HERE, of(workflow, inputs, 0, dice));
    }

    private Value.Struct of(
            Workflow workflow, Value.@Nullable Struct known, int depth, SplittableRandom dice) {
        var run = depth == 0 ? experience.one(dice, _ -> true) : null;
        var fields = new LinkedHashMap<String, Value>();
        var widths = new LinkedHashMap<String, Integer>();
        for (var task : workflow.tasks()) {
            boolean ran = task.when() == null || holds(task, known, run, depth, dice);
            fields.put(Skeleton.condition(task.name()), Value.of(ran && depth < DEEPEST));
            if (task.each() != null) {
                int width = width(task, known, run, widths, dice);
                widths.put(task.name(), width);
                fields.put(Skeleton.width(task.name()), list(task, width, depth, dice));
                fields.put("need_" + task.name(), Value.of(need(task, width, run)));
            } else if (Skeleton.within(team, task.performer()) != null) {
                fields.put(Skeleton.child(task.name()), child(task, depth, dice));
            }
        }
        return new Value.Struct(fields);
    }

    private Value child(Task task, int depth, SplittableRandom dice) {
        var name = Skeleton.within(team, task.performer());
        if (depth >= DEEPEST || name == null) {
            return Value.Struct.EMPTY;
        }
        return team.workflow(name)
                .<Value>map(workflow -> of(workflow, null, depth + 1, dice))
                .orElse(Value.Struct.EMPTY);
    }

    private Value list(Task task, int width, int depth, SplittableRandom dice) {
        var list = new ArrayList<Value>();
        for (int i = 0; i < width && items < MOST_ITEMS; i++, items++) {
            list.add(
                    Skeleton.within(team, task.performer()) != null
                            ? child(task, depth, dice)
                            : Value.of(i));
        }
        return new Value.Array(list);
    }

    // ---- how wide

    private int width(
            Task task,
            Value.@Nullable Struct known,
            @Nullable RunRecord run,
            SequencedMap<String, Integer> widths,
            SplittableRandom dice) {
        var list = task.each();
        var given = list == null || known == null ? null : given(list, known);
        if (given instanceof Value.Array(var values)) {
            sources.put(task.name(), "given");
            return Math.min(values.size(), task.max());
        }
        var before = list == null ? null : sameAs(list, widths);
        if (before != null) {
            sources.put(task.name(), "as many as `" + before + "`");
            return widths.getOrDefault(before, 0);
        }
        var recorded = recorded(task.name(), run, dice);
        if (recorded != null) {
            sources.put(task.name(), experience.widths(task.name()).size() + " runs");
            return Math.min(recorded, task.max());
        }
        var guess = guesses.of().get(task.name());
        sources.put(task.name(), guess == null ? "nothing is known" : "as you say");
        if (guess == null) {
            assumed.add(
                    "`"
                            + task.name()
                            + "` is taken to run over "
                            + (int) Guesses.WIDTH.least()
                            + " items; say better with --guess "
                            + task.name()
                            + "=…");
        }
        return Math.min((guess == null ? Guesses.WIDTH : guess).whole(dice), task.max());
    }

    private @Nullable Integer recorded(
            String task, @Nullable RunRecord run, SplittableRandom dice) {
        var width = run == null ? null : run.widths().get(task);
        if (width == null) {
            var other = experience.one(dice, one -> one.widths().containsKey(task));
            width = other == null ? null : other.widths().get(task);
        }
        return width;
    }

    /// The fan-out whose results the list is, or null.
    private @Nullable String sameAs(String list, SequencedMap<String, Integer> widths) {
        if (!expressions.isExpression(list)) {
            return null;
        }
        var references = expressions.references(list);
        return references.size() == 1
                        && references.getFirst().path().isEmpty()
                        && widths.containsKey(references.getFirst().variable())
                ? references.getFirst().variable()
                : null;
    }

    private int need(Task task, int width, @Nullable RunRecord run) {
        var each = task.flow().each();
        if (each == null || each.need() == null) {
            return width;
        }
        var given = given(each.need(), inputs);
        if (given instanceof Value.Int(var number)) {
            return Math.clamp(number, 0, width);
        }
        var recorded = run == null ? null : run.needs().get(task.name());
        return recorded == null ? width : Math.min(recorded, width);
    }

    // ---- whether

    private boolean holds(
            Task task,
            Value.@Nullable Struct known,
            @Nullable RunRecord run,
            int depth,
            SplittableRandom dice) {
        var when = String.valueOf(task.when());
        if (known != null && given(when, known) instanceof Value.Bool(var holds)) {
            return holds;
        }
        var name = task.name();
        var guess = guesses.of().get(name);
        if (run != null && run.ran().containsKey(name)) {
            return run.ran().getOrDefault(name, true);
        }
        var other = experience.one(dice, one -> one.ran().containsKey(name));
        if (other != null && depth == 0) {
            return other.ran().getOrDefault(name, true);
        }
        if (guess != null && task.each() == null) {
            return guess.happens(dice);
        }
        assumed.add(
                "the condition of `"
                        + name
                        + "` is taken to hold"
                        + (task.each() == null
                                ? "; say how often with --guess " + name + "=0.5"
                                : ""));
        return true;
    }

    /// What a template gives that names nothing but the inputs, or null.
    private @Nullable Value given(String template, Value.Struct known) {
        if (!expressions.references(template).stream()
                .allMatch(reference -> reference.variable().equals("input"))) {
            return null;
        }
        try {
            return expressions.render(template, name -> name.equals("input") ? known : null);
        } catch (ExpressionException _) {
            return null;
        }
    }
}
