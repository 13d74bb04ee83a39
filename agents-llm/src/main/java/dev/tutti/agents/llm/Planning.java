package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Catalogue;
import dev.tutti.runtime.agent.Nearness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a model is told that plans: of a team with many skills only those that are near the goal,
/// since a long catalogue costs tokens with every reply and hides what matters.
final class Planning {
    /// Skills up to which all are told.
    static final int LARGE = 60;

    /// Skills that are told of a larger catalogue, besides those of the plan so far.
    static final int KEPT = 30;

    private Planning() {}

    /// Found once, when the first large catalogue is met.
    private static final class Known {
        private static final Optional<Nearness> NEARNESS =
                ServiceLoader.load(Nearness.class).findFirst();
    }

    /// Whether the attempt is to plan.
    static boolean isWanted(Attempt attempt) {
        return attempt.promised().equals(Catalogue.proposal());
    }

    /// The input as the model is told it. Which skills are left is a step: another machine, or
    /// another version, might choose otherwise, and the model would be asked something else.
    static Value.Struct told(Attempt attempt) throws Exception {
        return Room.inWords(
                Known.NEARNESS.isPresent() ? told(attempt, Known.NEARNESS.get()) : attempt.input());
    }

    static Value.Struct told(Attempt attempt, Nearness nearness) throws Exception {
        var input = attempt.input();
        if (!(input.get("team") instanceof Value.Struct team)
                || !(team.get("skills") instanceof Value.Struct skills)
                || skills.fields().size() <= LARGE) {
            return input;
        }
        var step =
                new Attempt.Step(
                        "tool", "catalogue", Value.struct("of", Value.of(skills.fields().size())));
        var taken =
                attempt.step(
                        step, () -> Attempt.Taken.free(Value.from(near(input, skills, nearness))));
        var kept = words(taken.result());
        return kept.isEmpty() ? input : input.with("team", narrowed(team, skills, kept));
    }

    /// The input with plans that served for goals like this one, when the goal is planned at first.
    /// They are a step as well: more may be remembered by the time that another attempt goes on.
    static Value.Struct remembered(Attempt attempt, Value.Struct input, PastPlans past)
            throws Exception {
        var goal = text(input, "goal");
        if (!Value.of(1).equals(input.get("round")) || goal.isBlank() || !past.isKept()) {
            return input;
        }
        var step = new Attempt.Step("tool", "past_plans", Value.struct("goal", Value.text(goal)));
        var taken = attempt.stepWithin(step, () -> Attempt.Taken.free(Value.from(past.like(goal))));
        return taken.result().equals(Value.Array.EMPTY)
                ? input
                : input.with("past_plans", taken.result());
    }

    private static List<String> near(Value.Struct input, Value.Struct skills, Nearness nearness) {
        var names = List.copyOf(skills.fields().keySet());
        var asked =
                text(input, "goal")
                        + "\n"
                        + String.join(", ", fields(input.get("wants")))
                        + "\n"
                        + text(input, "reason");
        var kept = new LinkedHashSet<String>();
        if (input.get("plan") instanceof Value.Array(var tasks)) {
            for (var task : tasks) {
                if (task instanceof Value.Struct one
                        && one.get("skill") instanceof Value.Text(var skill)
                        && skills.get(skill) != null) {
                    kept.add(skill);
                }
            }
        }
        var texts = names.stream().map(name -> described(name, skills.get(name))).toList();
        try {
            nearness.nearest(asked, texts, KEPT).forEach(at -> kept.add(names.get(at)));
        } catch (IllegalStateException _) {
            return List.of();
        }
        return List.copyOf(kept);
    }

    private static String described(String name, @Nullable Value skill) {
        if (!(skill instanceof Value.Struct struct)) {
            return name;
        }
        return name.replace('_', ' ')
                + ": "
                + text(struct, "description")
                + " "
                + String.join(" ", properties(struct.get("input")))
                + " gives "
                + String.join(" ", properties(struct.get("output")));
    }

    private static Value.Struct narrowed(Value.Struct team, Value.Struct skills, Set<String> kept) {
        var left = new LinkedHashMap<String, Value>();
        kept.forEach(name -> {
            var skill = skills.get(name);
            if (skill != null) {
                left.put(name, skill);
            }
        });
        var agents = new LinkedHashMap<String, Value>();
        if (team.get("agents") instanceof Value.Struct(var all)) {
            all.forEach((name, agent) -> {
                if (agent instanceof Value.Struct profile) {
                    var can = new ArrayList<>(words(profile.get("skills")));
                    can.retainAll(kept);
                    if (!can.isEmpty()) {
                        agents.put(name, profile.with("skills", Value.from(can)));
                    }
                }
            });
        }
        return team.with("skills", new Value.Struct(left))
                .with("agents", new Value.Struct(agents))
                .with("skills_left_out", Value.of(skills.fields().size() - left.size()));
    }

    private static String text(Value.Struct from, String key) {
        return from.get(key) instanceof Value.Text(var text) ? text : "";
    }

    private static Set<String> words(@Nullable Value value) {
        var words = new LinkedHashSet<String>();
        if (value instanceof Value.Array(var items)) {
            for (var item : items) {
                if (item instanceof Value.Text(var word)) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    private static Set<String> properties(@Nullable Value schema) {
        return schema instanceof Value.Struct struct ? fields(struct.get("properties")) : Set.of();
    }

    private static Set<String> fields(@Nullable Value value) {
        return value instanceof Value.Struct(var fields) ? fields.keySet() : Set.of();
    }
}
