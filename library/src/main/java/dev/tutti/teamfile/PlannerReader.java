package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads who breaks a goal into tasks: `goal`, `planner` and `wants` of a workflow or a task.
final class PlannerReader {
    /// The planner that needs no model.
    private static final String SEARCH = "search";

    /// The planner that is a model.
    private static final String LLM = "llm";

    private static final String SEARCHES = "planner/search";

    private final Expressions expressions;
    private final Report report;
    private final Equipment equipment;

    /// The agents of the team by name; planners that a file names without declaring them are added.
    private final SequencedMap<String, Agent> agents = new LinkedHashMap<>();

    PlannerReader(
            Expressions expressions, Report report, Equipment equipment, List<Agent> declared) {
        this.expressions = expressions;
        this.report = report;
        this.equipment = equipment;
        declared.forEach(agent -> agents.put(agent.id().value(), agent));
    }

    /// The agents declared, and the planners added since.
    List<Agent> agents() {
        return List.copyOf(agents.values());
    }

    /// An agent that stands for a command is one of the team as well.
    void add(Agent agent) {
        agents.put(agent.id().value(), agent);
    }

    /// The planner of a section that has a goal, or null where it has none.
    ///
    /// @param otherwise the planner where the section names none, or null
    @Nullable Planner read(Section section, @Nullable Planner otherwise) {
        if (!section.has("goal")) {
            for (var key : List.of("planner", "wants")) {
                if (section.has(key)) {
                    report.add(
                            "E-KEY-02",
                            "`" + key + "` is for a `goal`",
                            section.at(key),
                            "without a goal",
                            "add `goal: \"what is asked, in words\"`");
                }
            }
            return null;
        }
        var goal = section.text("goal", "what is asked, in words").orElse("");
        onlyInputs(goal, section.at("goal"));
        var wants = wants(section);
        if (!section.has("planner")) {
            if (otherwise == null) {
                section.missing("planner", SEARCH);
                return null;
            }
            return new Planner(
                    otherwise.agent(),
                    goal,
                    wants,
                    otherwise.rounds(),
                    otherwise.stalls(),
                    otherwise.attempts(),
                    otherwise.approval(),
                    otherwise.surprise());
        }
        return planner(section, goal, wants);
    }

    private @Nullable Planner planner(Section section, String goal, Value.Struct wants) {
        var at = section.at("planner");
        var value = section.value("planner").orElse(Value.NULL);
        var content =
                value instanceof Value.Text name
                        ? Value.struct("agent", name)
                        : section.struct("planner", "an agent's name, or an object with `agent`")
                                .orElse(Value.Struct.EMPTY);
        var keys = new Section(content, Keys.PLANNER, at, report);
        var name = keys.text("agent", "`search`, `llm` or the name of an agent").orElse("");
        var place = value instanceof Value.Text ? at : keys.at("agent");
        if (!known(name, place)) {
            return null;
        }
        var approve = keys.text("approve", "the name of an agent that is a person").orElse(null);
        if (approve != null && !isHuman(approve)) {
            report.add(
                    "E-REF-06",
                    "`" + DisplayWidth.shown(approve) + "` is no agent that is a person",
                    keys.at("approve"),
                    "who?",
                    "add an agent with `uses: human`");
            approve = null;
        }
        var surprise = keys.text("surprise", "a condition on the `output` of a task").orElse(null);
        return new Planner(
                new AgentId(name),
                goal,
                wants,
                keys.whole("rounds", 1, Planner.MOST_ROUNDS).orElse(Planner.DEFAULT_ROUNDS),
                keys.whole("stalls", 1, Planner.MOST_ROUNDS).orElse(Planner.DEFAULT_STALLS),
                keys.whole("attempts", 1, Planner.MOST_ROUNDS).orElse(Planner.DEFAULT_ATTEMPTS),
                approve == null ? null : new AgentId(approve),
                surprise);
    }

    private boolean isHuman(String name) {
        var agent = agents.get(name);
        return agent != null && agent.isHuman();
    }

    /// Whether there is such a planner; those that need no declaration are added.
    private boolean known(String name, List<String> at) {
        if (agents.containsKey(name)) {
            return true;
        }
        switch (name) {
            case SEARCH -> add(agent(SEARCH, SEARCHES, Value.Struct.EMPTY));
            case LLM -> {
                var models = equipment.models();
                if (models.size() != 1) {
                    report.add(
                            "E-REF-11",
                            models.isEmpty()
                                    ? "the planner `llm` needs a model, and the team declares none"
                                    : "the planner `llm` is for teams with one model; this has "
                                            + models.size(),
                            at,
                            "which model?",
                            "declare an agent with `uses: llm` and a model, and name it here");
                    return false;
                }
                var with = Value.struct("model", Value.text(models.iterator().next()));
                add(agent(LLM, LLM, equipment.into(with, at)));
            }
            case "" -> {
                return false;
            }
            default -> {
                report.add(
                        "E-REF-06",
                        "the team has no planner `" + DisplayWidth.shown(name) + "`",
                        at,
                        "unknown",
                        Similar.to(name, agents.keySet())
                                .map(near -> "write `" + near + "`")
                                .orElse("write `search`, or the name of an agent"));
                return false;
            }
        }
        return true;
    }

    private static Agent agent(String name, String uses, Value.Struct with) {
        return new Agent(
                new AgentId(name),
                List.of(),
                uses,
                with,
                Agent.Limits.DEFAULT,
                Task.Effects.IDEMPOTENT,
                uses.equals(SEARCHES)
                        ? new Agent.Price(Money.ZERO, null, null)
                        : Agent.Price.UNKNOWN);
    }

    /// What the run must yield: a name, a list of names, or names with types.
    private Value.Struct wants(Section section) {
        var wants = new LinkedHashMap<String, Value>();
        var value = section.value("wants").orElse(Value.NULL);
        if (value instanceof Value.Struct) {
            var type = new TypeReader(report).struct(value, section.at("wants"));
            if (type instanceof Type.Struct(var fields, _)) {
                fields.forEach((name, field) ->
                        wants.put(name, dev.tutti.runtime.agent.Catalogue.schema(field.type())));
            }
        } else if (section.has("wants")) {
            section.words("wants", "a name or a list of names")
                    .forEach(name -> wants.put(name, Value.Struct.EMPTY));
        }
        return new Value.Struct(wants);
    }

    /// A goal is put in words before anything has run.
    private void onlyInputs(String goal, List<String> at) {
        for (var reference : expressions.references(goal)) {
            if (!reference.variable().equals("input")) {
                report.add(
                        "E-REF-01",
                        "a goal may name `input` only, not `" + reference.variable() + "`",
                        at,
                        "unknown here",
                        null);
            }
        }
        expressions
                .check(goal, Map.<String, Type>of("input", Type.Any.ANY)::get)
                .faults()
                .forEach(fault ->
                        report.add(fault.code(), fault.message(), at, fault.label(), fault.help()));
    }
}
