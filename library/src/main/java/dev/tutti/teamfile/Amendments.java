package dev.tutti.teamfile;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.planning.Delegations;
import dev.tutti.planning.Proposals;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what planners propose: tasks as in a team file, under the same rules.
///
/// Whether they fit the plan that they amend is for the run to say, which alone knows how far that
/// plan is by then.
public final class Amendments {
    private Amendments() {}

    /// The amendment that a proposal stands for. What can be mended without guessing is.
    ///
    /// @param plan the names of the tasks that are there
    /// @param base the version of the plan that the planner saw
    /// @throws IllegalArgumentException with everything that is wrong with it, each with its place
    public static Amendment read(
            Value written, Team team, String workflow, List<String> plan, int base, String author) {
        var known = Proposals.Known.of(team, plan);
        var reading =
                written instanceof Value.Text(var text)
                        ? Proposals.read(text, known)
                        : Proposals.read(written, known);
        refuse(reading.faults());
        var proposal =
                reading.sound()
                        .orElseThrow(() -> new IllegalArgumentException("there is no plan here"));
        var report = new Report();
        var section = new Section(proposal.document(), Keys.PROPOSAL, List.of(), report);
        var input = team.workflow(workflow).map(Workflow::input).orElse(Type.Struct.OPEN);
        var notes = team.workflow(workflow).map(Workflow::notes).orElse(List.of());
        var reader =
                TaskReader.ofProposal(
                        new Expressions(), input, notes, NearestSkills.of(team), report);
        var tasks = new ArrayList<Task>();
        section.named("tasks", "tasks", new Names(report, true, Set.of(), false))
                .forEach((task, value) -> {
                    var at = Report.below(section.at("tasks"), task);
                    var read = reader.read(task, value, at);
                    tasks.add(new Ensembles(report).of(read, value, team.agents(), at));
                });
        refuse(report.faults());
        if (isModel(author, team)) {
            refuse(Delegations.faults(tasks, team));
        }
        var progress = proposal.ledger().get("progress");
        return new Amendment(
                base,
                author,
                proposal.reason().isBlank() ? "no reason was given" : proposal.reason(),
                tasks,
                proposal.drop(),
                proposal.output(),
                !proposal.complete(),
                !Value.of(false).equals(progress),
                proposal.ledger());
    }

    /// People and programs that propose know what they leave out; models often do not.
    private static boolean isModel(String author, Team team) {
        return team.agents().stream()
                .anyMatch(agent -> agent.id().value().equals(author) && agent.uses().equals("llm"));
    }

    private static void refuse(List<Fault> found) {
        var faults = found.stream().filter(fault -> !fault.isWarning()).toList();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", faults.stream().map(Fault::told).toList()));
        }
    }
}
