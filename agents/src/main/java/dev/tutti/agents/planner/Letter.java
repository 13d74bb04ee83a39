package dev.tutti.agents.planner;

import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.planner.Problem;
import dev.tutti.core.planner.Problem.Estimate;
import dev.tutti.core.planner.Problem.Fact;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Problem.Worth;
import dev.tutti.runtime.agent.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a run tells its planner.
final class Letter {
    /// Of an agent that has only failed, no plan's chance is none at all.
    private static final double LEAST_SUCCESS = 0.01;

    /// What waiting counts for an agent of which nobody can say when it takes on something: it is
    /// switched off, or nobody performs it. Seconds.
    private static final double UNTOLD_WAIT = 3_600;

    private final SequencedMap<String, Type> wants = new LinkedHashMap<>();
    private final Value.Struct inputs;
    private final Value.Struct budget;
    private final List<Planned> plan = new ArrayList<>();
    private final Map<SkillId, Skill> skills = new LinkedHashMap<>();

    /// For each skill that an agent has, what its agents are expected to take.
    private final Map<SkillId, List<Estimate>> estimates = new LinkedHashMap<>();

    /// A task of the plan so far.
    ///
    /// @param skill what it uses, or null where that cannot be told
    /// @param after what it waits for
    private record Planned(
            String task, @Nullable SkillId skill, String state, boolean each, List<String> after) {

        boolean isFailed() {
            return state.equals("failed") || state.equals("replaced");
        }
    }

    /// Seconds until agents can take on something, where they cannot now.
    private final SequencedMap<String, Double> waits = new LinkedHashMap<>();

    /// How agents have done, by agent and skill.
    private final Map<String, Attempt.Shown> known = new HashMap<>();

    Letter(Value.Struct input, List<Attempt.Shown> all) {
        for (var one : all) {
            known.put(one.agent() + " " + one.skill(), one);
        }
        struct(input, "wants")
                .fields()
                .forEach((name, schema) -> wants.put(name, Types.ofSchema(schema)));
        inputs = struct(input, "inputs");
        budget = struct(input, Planner.BUDGET);
        struct(struct(input, Planner.CAPACITY), "agents").fields().forEach(this::capacity);
        var team = struct(input, "team");
        struct(team, "skills").fields().forEach((name, types) -> skill(name, types));
        var agents = struct(team, "agents");
        agents.fields().forEach(this::agent);
        if (input.get("plan") instanceof Value.Array(var tasks)) {
            tasks.forEach(task -> planned(task, agents));
        }
    }

    private static Value.Struct struct(Value.Struct from, String name) {
        return switch (from.get(name)) {
            case null -> Value.Struct.EMPTY;
            case Value.Null _ -> Value.Struct.EMPTY;
            case Value.Struct struct -> struct;
            case Value other ->
                    throw new IllegalArgumentException(
                            "`" + name + "` is to be an object, not a " + Value.shape(other));
        };
    }

    private void skill(String name, Value types) {
        if (types instanceof Value.Struct struct) {
            var id = new SkillId(name);
            skills.put(
                    id,
                    new Skill(
                            id,
                            Types.ofSchema(struct.get("input")),
                            Types.ofSchema(struct.get("output"))));
        }
    }

    private void capacity(String agent, Value told) {
        if (told instanceof Value.Struct struct && struct.get("why") != null) {
            waits.put(agent, Math.max(0, Settings.number(struct, "wait", UNTOLD_WAIT)));
        }
    }

    /// What is left of a limit of the run's budget; without bound where there is none.
    double left(String limit) {
        return Settings.number(budget, limit, Double.POSITIVE_INFINITY);
    }

    /// Agents that cannot take on anything now, with the seconds until they can.
    SequencedMap<String, Double> waits() {
        return waits;
    }

    private Estimate waited(String agent, Estimate estimate) {
        double wait = waits.getOrDefault(agent, 0.0);
        return wait == 0
                ? estimate
                : new Estimate(estimate.usd(), estimate.seconds() + wait, estimate.success());
    }

    private void agent(String agentName, Value agent) {
        if (!(agent instanceof Value.Struct profile)) {
            return;
        }
        var unknown = Estimate.UNKNOWN;
        var estimate =
                new Estimate(
                        Settings.number(profile, "usd", unknown.usd()),
                        Settings.number(profile, "seconds", unknown.seconds()),
                        Settings.number(profile, "success", unknown.success()));
        for (var name : texts(profile.get("skills"))) {
            var id = new SkillId(name);
            var of = known.get(agentName + " " + name);
            estimates
                    .computeIfAbsent(id, _ -> new ArrayList<>())
                    .add(waited(agentName, of == null ? estimate : shown(of)));
            skills.computeIfAbsent(id, Skill::undeclared);
        }
    }

    /// What an agent has shown counts, and no longer what it says of itself.
    private static Estimate shown(Attempt.Shown shown) {
        return new Estimate(
                Math.max(0, shown.usd()),
                Math.max(0, shown.seconds()),
                Math.clamp(shown.success(), LEAST_SUCCESS, 1));
    }

    private void planned(Value task, Value.Struct agents) {
        if (task instanceof Value.Struct struct
                && struct.get("task") instanceof Value.Text(var name)
                && struct.get("state") instanceof Value.Text(var state)) {
            plan.add(
                    new Planned(
                            name,
                            skill(struct, agents),
                            state,
                            struct.get("each") != null,
                            texts(struct.get("after"))));
        }
    }

    /// An agent with one skill is taken to use that.
    private static @Nullable SkillId skill(Value.Struct task, Value.Struct agents) {
        if (task.get("skill") instanceof Value.Text(var skill)) {
            return new SkillId(skill);
        }
        if (task.get("agent") instanceof Value.Text(var agent)
                && agents.get(agent) instanceof Value.Struct profile) {
            var skills = texts(profile.get("skills"));
            return skills.size() == 1 ? new SkillId(skills.getFirst()) : null;
        }
        return null;
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

    SequencedMap<String, Type> wants() {
        return wants;
    }

    /// The tasks that will have a result as things are: done, running, or planned and waiting for
    /// none but such.
    private Set<String> sound() {
        var sound = new LinkedHashSet<String>();
        for (boolean more = true; more; ) {
            more = false;
            for (var task : plan) {
                boolean is =
                        switch (task.state()) {
                            case "done", "running" -> true;
                            case "planned" -> sound.containsAll(task.after());
                            default -> false;
                        };
                more |= is && sound.add(task.task());
            }
        }
        return sound;
    }

    /// The planned tasks that can never run, since something before them failed.
    List<String> doomed() {
        var sound = sound();
        return plan.stream()
                .filter(task -> task.state().equals("planned") && !sound.contains(task.task()))
                .map(Planned::task)
                .toList();
    }

    /// How many tasks with each skill failed.
    Map<SkillId, Integer> failures() {
        var failures = new LinkedHashMap<SkillId, Integer>();
        for (var task : plan) {
            if (task.isFailed() && task.skill() != null) {
                failures.merge(task.skill(), 1, Integer::sum);
            }
        }
        return failures;
    }

    /// What is to be solved.
    ///
    /// @param without skills that are not to be used
    Problem problem(Worth worth, Set<SkillId> without) {
        var known = new ArrayList<Fact>();
        inputs.fields()
                .forEach((name, value) -> {
                    if (!(value instanceof Value.Null)) {
                        known.add(Fact.input(name, Types.of(value)));
                    }
                });
        var sound = sound();
        for (var task : plan) {
            if (sound.contains(task.task()) && task.skill() != null) {
                known.addAll(
                        Fact.yieldedBy(
                                task.task(),
                                skills.getOrDefault(task.skill(), Skill.undeclared(task.skill())),
                                task.each()));
            }
        }
        var offers = new ArrayList<Offer>();
        var unoffered = new ArrayList<Skill>();
        for (var skill : skills.values()) {
            if (!estimates.containsKey(skill.id())) {
                unoffered.add(skill);
            } else if (!without.contains(skill.id())) {
                var all = Objects.requireNonNull(estimates.get(skill.id()));
                offers.add(new Offer(skill, worth.best(all)));
            }
        }
        return new Problem(
                known, wants, offers, unoffered, worth, plan.stream().map(Planned::task).toList());
    }
}
