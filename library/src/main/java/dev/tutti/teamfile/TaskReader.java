package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.Dependencies;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads the tasks of a workflow. A task that is partly wrong is still read, so that those which
/// name it are not called wrong as well.
final class TaskReader {
    private final Expressions expressions;
    private final Report report;
    private final PerformerReader performers;
    private final FlowReader flows;
    private final PolicyReader policies;
    private final NotesReader notes;

    /// @param inputs the type of the workflow's inputs
    /// @param notes that the workflow shares
    /// @param skills those that agents have
    /// @param commands takes the agents that stand for commands
    /// @param goals makes a workflow of a task that has a goal, given its name too
    TaskReader(
            Expressions expressions,
            Type.Struct inputs,
            List<Sharing.Rule> notes,
            NearestSkills skills,
            Report report,
            Consumer<Agent> commands,
            Function<Section, Performer> goals) {
        this.notes = new NotesReader(report, notes);
        this.expressions = expressions;
        this.report = report;
        performers = new PerformerReader(report, skills, goals);
        flows = new FlowReader(expressions, report);
        policies = new PolicyReader(performers, report, commands);
    }

    /// Reads the tasks that a planner proposes: they bring no agents and no planners of their own.
    static TaskReader ofProposal(
            Expressions expressions,
            Type.Struct inputs,
            List<Sharing.Rule> notes,
            NearestSkills skills,
            Report report) {
        return new TaskReader(
                expressions,
                inputs,
                notes,
                skills,
                report,
                agent ->
                        report.add(
                                "E-KEY-01",
                                "a proposal brings no commands",
                                List.of("tasks"),
                                "a command",
                                "verify by a skill or an agent of the team"),
                section -> {
                    report.add(
                            "E-KEY-01",
                            "a proposal names a workflow, or an agent that plans; not a goal",
                            section.at("goal"),
                            "a goal",
                            null);
                    return new Performer.BySkill(PerformerReader.NOBODY);
                });
    }

    Task read(String name, Value value, List<String> at) {
        var content =
                Section.struct(value, at, "an object such as `{ skill: …, input: … }`", report);
        var section = new Section(content.orElse(Value.Struct.EMPTY), Keys.TASK, at, report);
        var performer =
                content.isPresent()
                        ? performers.task(section)
                        : new Performer.BySkill(PerformerReader.NOBODY);
        var input = section.struct("input", "an object").orElse(Value.Struct.EMPTY);
        var flow = flows.read(section);
        var policy = policies.read(section, performer);
        var passing = new PassingReader(report).read(section);
        var label = section.text("label", "a text").orElse(null);
        var after = section.words("after", "a list of tasks");
        var sharing = notes.read(name, section);
        return new Task(
                name,
                performer,
                input,
                Dependencies.of(
                        expressions,
                        performer,
                        input,
                        flow,
                        policy,
                        label,
                        after,
                        passing,
                        sharing),
                flow,
                policy,
                label,
                null,
                false,
                passing,
                sharing);
    }
}
