package dev.tutti.document;

import dev.tutti.Planned;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.forecast.Forecast;
import dev.tutti.planning.Reasons;
import dev.tutti.planning.Uses;
import dev.tutti.view.Choices;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.stream.Collectors;

/// A plan before it is begun, for programs: what `tutti plan --json` prints.
///
/// @param uses what tasks use of one another
public record PlanDocument(Team team, Workflow workflow, Uses uses) {
    private static final String PLANNED = "planned";

    private static final int MOST_WORDS = 60;

    /// Who does it.
    public String doing(Task task) {
        var agents =
                Match.capable(team.agents(), task.performer()).stream()
                        .map(Agent::id)
                        .map(Object::toString)
                        .collect(Collectors.joining(" or "));
        return switch (task.performer()) {
            case Performer.BySkill(var skill, var require, var meant) ->
                    skill
                            + (meant == null ? "" : standsFor(meant))
                            + (require.isNone() ? "" : " with " + require)
                            + (agents.isEmpty() ? "" : " by " + agents);
            case Performer.ByAgent(var agent) -> "by " + agent;
            case Performer.ByWorkflow(var name) -> "a run of " + name;
            case Performer.ByMessage message ->
                    message.type() == null ? "waits" : "waits for message " + message.type();
        };
    }

    private static String standsFor(Meant meant) {
        return " (for `%s`, near by %s)"
                .formatted(
                        Printable.line(meant.asked(), MOST_WORDS),
                        Figures.similarity(meant.similarity()));
    }

    /// The document.
    ///
    /// @param forecast what it will cost and take
    public Value.Struct value(Forecast forecast) {
        var reasons = new Reasons(uses);
        var levels = uses.levels();
        var tasks = new ArrayList<Value>();
        for (var task : uses.inOrder()) {
            var fields = new LinkedHashMap<String, Value>();
            fields.put("task", Value.text(task.name()));
            fields.put("level", Value.of(levels.getOrDefault(task.name(), 0)));
            fields.put("does", Value.text(doing(task)));
            fields.put(
                    "agents",
                    Value.from(
                            Match.capable(team.agents(), task.performer()).stream()
                                    .map(agent -> agent.id().value())
                                    .toList()));
            fields.put("meant", Choices.document(task.performer().standsFor()));
            fields.put("each", task.each() == null ? Value.NULL : Value.text(task.each()));
            fields.put("when", task.when() == null ? Value.NULL : Value.text(task.when()));
            fields.put("after", Value.from(task.dependencies()));
            fields.put(
                    "uses",
                    new Value.Array(
                            uses.all().stream()
                                    .filter(use -> use.user().equals(task.name()))
                                    .<Value>map(PlanDocument::use)
                                    .toList()));
            fields.put("because", Value.from(reasons.of(task)));
            tasks.add(new Value.Struct(fields));
        }
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "workflow",
                Value.text(workflow.name()),
                "tasks",
                new Value.Array(tasks),
                "forecast",
                ForecastDocument.figures(forecast));
    }

    /// The document of a plan that a planner has made.
    ///
    /// @param planned how it came to it
    public Value.Struct value(Forecast forecast, Planned planned) {
        var amendment = planned.amendment();
        return value(forecast)
                .with(
                        PLANNED,
                        Value.struct(
                                        "by",
                                        Value.text(amendment.author()),
                                        "reason",
                                        Value.text(amendment.reason()),
                                        "partial",
                                        Value.of(amendment.partial()))
                                .with("cost", RunDocument.cost(planned.usage())));
    }

    /// The same, with what a run is begun with that is to have this plan, where it can be.
    public Value.Struct toBegin(Forecast forecast, Planned planned) {
        var document = value(forecast, planned);
        var standIn = planned.standIn();
        if (standIn == null
                || standIn.from() == null
                || !(document.get(PLANNED) instanceof Value.Struct about)) {
            return document;
        }
        var from = Value.struct(standIn.from().value(), Value.array(Value.text(standIn.task())));
        return document.with(PLANNED, about.with("stand_in_from", from));
    }

    private static Value use(Uses.Use use) {
        return Value.struct(
                "task",
                Value.text(use.used()),
                "how",
                Value.text(use.how().name().toLowerCase(Locale.ROOT)),
                "what",
                Value.text(use.what()));
    }
}
