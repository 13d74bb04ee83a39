package dev.tutti.teamfile;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// Reads what planners propose: tasks as in a team file, under the same rules.
///
/// Whether they fit the plan that they amend is for the run to say, which alone knows how far that
/// plan is by then.
public final class Amendments {
    private static final String NAME = "name";

    private Amendments() {}

    /// The amendment that a proposal stands for.
    ///
    /// @param base the version of the plan that the planner saw
    /// @throws IllegalArgumentException with everything that is wrong with it, each with its place
    public static Amendment read(
            Value proposal, Team team, String workflow, int base, String author) {
        var report = new Report();
        var content =
                Section.struct(
                        proposal,
                        List.of(),
                        "an object such as `{ reason: …, tasks: { … }, output: … }`",
                        report);
        var section =
                new Section(
                        content.map(Amendments::named).orElse(Value.Struct.EMPTY),
                        Keys.PROPOSAL,
                        List.of(),
                        report);
        var input = team.workflow(workflow).map(Workflow::input).orElse(Type.Struct.OPEN);
        var reader = TaskReader.ofProposal(new Expressions(), input, report);
        var tasks = new ArrayList<Task>();
        section.named("tasks", "tasks", new Names(report, true, Set.of(), false))
                .forEach((task, value) ->
                        tasks.add(
                                reader.read(task, value, Report.below(section.at("tasks"), task))));
        var ledger = section.struct("ledger", "an object").orElse(Value.Struct.EMPTY);
        var amendment =
                new Amendment(
                        base,
                        author,
                        section.text("reason", "a text").orElse("no reason was given"),
                        tasks,
                        section.words("drop", "a list of tasks"),
                        section.value("output").orElse(null),
                        !section.flag("complete", true),
                        !(ledger.get("progress") instanceof Value.Bool(var progress)) || progress,
                        ledger);
        var faults = report.faults().stream().filter(fault -> !fault.isWarning()).toList();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", faults.stream().map(Amendments::said).toList()));
        }
        return amendment;
    }

    /// The content of a file, which is YAML or JSON.
    ///
    /// @throws TeamFileException when it cannot be read
    /// @throws IllegalArgumentException with everything that is wrong with it
    public static Value document(Path file) throws TeamFileException {
        var read = TeamFile.read(file);
        var broken =
                read.faults().stream().filter(fault -> fault.code().startsWith("E-YAML")).toList();
        if (!broken.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": " + String.join("; ", broken.stream().map(Fault::message).toList()));
        }
        return read.document();
    }

    private static String said(Fault fault) {
        var place = fault.at().isEmpty() ? "" : String.join(".", fault.at()) + ": ";
        var help = fault.help() == null ? "" : " (" + fault.help() + ")";
        return place + fault.message() + help;
    }

    /// Tasks may be a list of objects with names, which models find easier to write than a map.
    private static Value.Struct named(Value.Struct proposal) {
        if (!(proposal.get("tasks") instanceof Value.Array(var items))) {
            return proposal;
        }
        var tasks = new LinkedHashMap<String, Value>();
        for (int i = 0; i < items.size(); i++) {
            var name = "task_" + (i + 1);
            var task = items.get(i);
            if (task instanceof Value.Struct(var fields)
                    && fields.get(NAME) instanceof Value.Text(var given)) {
                name = given;
                var rest = new LinkedHashMap<>(fields);
                rest.remove(NAME);
                task = new Value.Struct(rest);
            }
            if (tasks.putIfAbsent(name, task) != null) {
                tasks.put(name + "_" + (i + 1), task);
            }
        }
        return proposal.with("tasks", new Value.Struct(tasks));
    }
}
