package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.Dependencies;
import java.util.List;
import java.util.function.Consumer;

/// Reads the tasks of a workflow. A task that is partly wrong is still read, so that those which
/// name it are not called wrong as well.
final class TaskReader {
    private final Expressions expressions;
    private final Report report;
    private final PerformerReader performers;
    private final FlowReader flows;
    private final PolicyReader policies;

    /// @param inputs the type of the workflow's inputs
    /// @param commands takes the agents that stand for commands
    TaskReader(
            Expressions expressions, Type.Struct inputs, Report report, Consumer<Agent> commands) {
        this.expressions = expressions;
        this.report = report;
        performers = new PerformerReader(report);
        flows = new FlowReader(expressions, inputs, report);
        policies = new PolicyReader(performers, report, commands);
    }

    Task read(String name, Value value, List<String> at) {
        var content =
                Section.struct(value, at, "an object such as `{ skill: …, input: … }`", report);
        var section = new Section(content.orElse(Value.Struct.EMPTY), Keys.TASK, at, report);
        var performer =
                content.isPresent()
                        ? performers.task(section)
                        : new Task.Performer.BySkill(PerformerReader.NOBODY);
        var input = section.struct("input", "an object").orElse(Value.Struct.EMPTY);
        var flow = flows.read(section);
        var policy = policies.read(section, performer);
        var label = section.text("label", "a text").orElse(null);
        var after = section.words("after", "a list of tasks");
        return new Task(
                name,
                performer,
                input,
                Dependencies.of(expressions, performer, input, flow, policy, label, after),
                flow,
                policy,
                label,
                null);
    }
}
