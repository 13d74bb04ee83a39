package dev.tutti.forecast;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A team whose plans have the same tasks, dependencies, policies and limits, but depend on no
/// data: how wide a fan-out is and whether a condition holds is an input of the run.
///
/// So agents need not give anything, and the core still decides everything else.
final class Skeleton {

    /// Marks the input of a second look.
    static final Value.Struct LOOK = Value.struct("look", Value.of(true));

    /// What people are told that changes nothing.
    private static final List<String> UNHEARD = List.of("question", "remind");

    static final String OK = "ok";
    static final String AGAIN = "again";
    private static final String VERDICT = "${output.ok}";
    private static final String WANTS_MORE = "${output.again}";

    private final Expressions expressions = new Expressions();
    private final Team team;
    private final Value.Struct inputs;

    private Skeleton(Team team, Value.Struct inputs) {
        this.team = team;
        this.inputs = inputs;
    }

    /// The workflow that does a task in a run of its own, or null.
    static @Nullable String within(Team team, Performer performer) {
        return performer instanceof Performer.ByWorkflow(var name)
                ? name
                : Match.capable(team.agents(), performer).stream()
                        .map(Agent::workflow)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /// @param inputs of the run
    static Team of(Team team, Value.Struct inputs) {
        var skeleton = new Skeleton(team, inputs);
        return new Team(
                List.of(),
                team.agents().stream().map(Skeleton::agent).toList(),
                team.workflows().stream().map(skeleton::workflow).toList());
    }

    /// The names of inputs that a task takes the place of its data from.
    static String width(String task) {
        return "each_" + task;
    }

    static String condition(String task) {
        return "when_" + task;
    }

    static String child(String task) {
        return "child_" + task;
    }

    private static Agent agent(Agent agent) {
        var settings = agent.workflow() == null ? Value.Struct.EMPTY : agent.settings();
        if (agent.isHuman()) {
            for (var setting : agent.settings().fields().entrySet()) {
                var name = setting.getKey();
                if (!UNHEARD.contains(name) && !hasHole(setting.getValue())) {
                    settings = settings.with(name, setting.getValue());
                }
            }
        }
        return new Agent(
                        agent.id(),
                        agent.skills(),
                        agent.uses(),
                        settings,
                        agent.limits(),
                        agent.effects(),
                        agent.price())
                .with(agent.traits());
    }

    private static boolean hasHole(Value value) {
        return value.toString().contains("${");
    }

    private Workflow workflow(Workflow workflow) {
        return new Workflow(
                workflow.name(),
                Type.Struct.OPEN,
                workflow.tasks().stream().map(this::task).toList(),
                Value.NULL,
                workflow.onStall(),
                null,
                workflow.budget());
    }

    private Task task(Task task) {
        return new Task(
                task.name(),
                performer(task.performer()),
                input(task),
                task.dependencies(),
                flow(task),
                policy(task.policy()),
                null,
                null,
                false,
                passing(task.passing()));
    }

    /// A conversation is one turn after the other, as long as turns were followed by others.
    private static @Nullable Passing passing(@Nullable Passing passing) {
        return passing instanceof Passing.Group group
                ? new Passing.Group(
                        group.members(),
                        Passing.Turns.ROUND_ROBIN,
                        null,
                        group.max(),
                        "${!output.last." + AGAIN + "}",
                        null)
                : null;
    }

    private static Performer performer(Performer performer) {
        return performer instanceof Performer.ByMessage message
                ? new Performer.ByMessage(message.type(), null, message.within(), message.keep())
                : performer;
    }

    private Value.Struct input(Task task) {
        if (within(team, task.performer()) == null) {
            return Value.Struct.EMPTY;
        }
        var given =
                task.each() == null
                        ? "${input." + Circumstances.HERE + "." + child(task.name()) + "}"
                        : "${item}";
        return Value.struct(Circumstances.HERE, Value.text(given));
    }

    private Task.Flow flow(Task task) {
        var flow = task.flow();
        var each = flow.each();
        var name = task.name();
        return new Task.Flow(
                flow.when() == null
                        ? null
                        : "${input." + Circumstances.HERE + "." + condition(name) + "}",
                each == null
                        ? null
                        : new Task.Each(
                                "${input." + Circumstances.HERE + "." + width(name) + "}",
                                each.max(),
                                each.need() == null
                                        ? null
                                        : "${input." + Circumstances.HERE + ".need_" + name + "}",
                                null,
                                each.cancelRest()),
                flow.loop() == null ? null : new Task.Loop(WANTS_MORE, flow.loop().max()),
                flow.join(),
                locks(task),
                flow.cancels(),
                flow.emit() == null || flow.emit().to() != null || flow.emit().topic() != null
                        ? null
                        : new Task.Emit(flow.emit().type(), Value.Struct.EMPTY, null));
    }

    /// Locks that follow from the inputs are what they are; others are taken not to clash.
    private List<String> locks(Task task) {
        var locks = new ArrayList<String>();
        for (var lock : task.flow().locks()) {
            boolean known =
                    expressions.references(lock).stream()
                            .allMatch(reference -> reference.variable().equals("input"));
            if (known) {
                try {
                    var name = expressions.render(lock, one -> one.equals("input") ? inputs : null);
                    if (name instanceof Value.Text(var text)) {
                        locks.add(text.replace("${", "$${"));
                    }
                } catch (ExpressionException _) {
                    // A lock that cannot be told from the inputs is taken not to clash.
                }
            }
        }
        return locks;
    }

    private static Task.Policy policy(Task.Policy policy) {
        var verify = policy.gate().verify();
        var undo = policy.undo();
        return new Task.Policy(
                policy.retry(),
                policy.ladder(),
                policy.timeouts(),
                verify == null
                        ? Task.Gate.OPEN
                        : new Task.Gate(
                                List.of(), new Task.Verify(verify.performer(), LOOK, VERDICT)),
                policy.effects(),
                policy.approval(),
                undo == null ? null : new Task.Undo(undo.performer(), Value.Struct.EMPTY),
                policy.escalation(),
                List.of());
    }

    /// What every attempt of the skeleton gives.
    static Value.Struct output(boolean ok, boolean again) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put(OK, Value.of(ok));
        fields.put(AGAIN, Value.of(again));
        return new Value.Struct(fields);
    }
}
