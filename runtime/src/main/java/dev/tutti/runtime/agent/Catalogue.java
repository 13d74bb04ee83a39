package dev.tutti.runtime.agent;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;

/// What a team offers, as a planner is told of it: skills with their types, agents with what they
/// are expected to cost, and workflows.
public final class Catalogue {
    private Catalogue() {}

    /// The catalogue of a team.
    ///
    /// @param planner the agent that plans, who is not to be given tasks
    public static Value.Struct of(Team team, String planner) {
        var skills = new LinkedHashMap<String, Value>();
        var agents = new LinkedHashMap<String, Value>();
        var offered = new LinkedHashSet<SkillId>();
        for (var agent : team.agents()) {
            if (!agent.id().value().equals(planner)) {
                offered.addAll(agent.skills());
                agents.put(agent.id().value(), agent(agent));
            }
        }
        for (var id : offered) {
            skills.put(id.value(), skill(team.skill(id)));
        }
        var workflows = new LinkedHashMap<String, Value>();
        team.written()
                .forEach(workflow ->
                        workflows.put(
                                workflow.name(), Value.struct("input", schema(workflow.input()))));
        return Value.struct(
                "skills",
                new Value.Struct(skills),
                "agents",
                new Value.Struct(agents),
                "workflows",
                new Value.Struct(workflows));
    }

    private static Value skill(Skill skill) {
        var types = Value.struct("input", schema(skill.input()), "output", schema(skill.output()));
        return skill.description().isBlank()
                ? types
                : Value.struct("description", Value.text(skill.description())).with(types);
    }

    private static Value agent(Agent agent) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("skills", Value.from(agent.skills().stream().map(SkillId::value).toList()));
        var price = agent.price();
        if (price.usd() != null) {
            fields.put("usd", new Value.Real(price.usd().usd().doubleValue()));
        }
        if (price.time() != null) {
            fields.put("seconds", new Value.Real(price.time().toNanos() / 1e9));
        }
        if (price.success() != null) {
            fields.put("success", new Value.Real(price.success()));
        }
        return new Value.Struct(fields);
    }

    /// A type as a JSON Schema.
    public static Value.Struct schema(Type type) {
        return switch (type) {
            case Type.Any _ -> Value.Struct.EMPTY;
            case Type.Scalar scalar -> Value.struct("type", Value.text(word(scalar)));
            case Type.ListOf(var item) ->
                    Value.struct("type", Value.text("array"), "items", schema(item));
            case Type.Struct(var fields, var open) -> {
                var properties = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> properties.put(name, schema(field.type())));
                yield Value.struct(
                        "type",
                        Value.text("object"),
                        "properties",
                        new Value.Struct(properties),
                        "required",
                        Value.from(
                                fields.entrySet().stream()
                                        .filter(field -> field.getValue().required())
                                        .map(Map.Entry::getKey)
                                        .toList()),
                        "additionalProperties",
                        Value.of(open));
            }
        };
    }

    private static String word(Type.Scalar scalar) {
        if (scalar.equals(Type.Scalar.BOOL)) {
            return "boolean";
        }
        return scalar.equals(Type.Scalar.INT) ? "integer" : scalar.name();
    }

    /// The type of what a planner gives: see docs/planning.md.
    public static Type proposal() {
        SequencedMap<String, Type.Field> fields = new LinkedHashMap<>();
        fields.put("reason", Type.Field.required(Type.Scalar.STRING));
        fields.put("tasks", Type.Field.required(new Type.ListOf(Type.Struct.OPEN)));
        fields.put("drop", optional(new Type.ListOf(Type.Scalar.STRING)));
        fields.put("output", optional(Type.Any.ANY));
        fields.put("complete", optional(Type.Scalar.BOOL));
        fields.put("ledger", optional(Type.Struct.OPEN));
        return new Type.Struct(fields, true);
    }

    private static Type.Field optional(Type type) {
        return new Type.Field(type, false, null);
    }
}
