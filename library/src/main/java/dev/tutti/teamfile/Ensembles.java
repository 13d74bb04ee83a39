package dev.tutti.teamfile;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import java.util.List;

/// Tasks with `dispatch: all`: every agent of the team that can do one does it, and their results
/// become one as `resolve` says.
final class Ensembles {
    static final String ALL = "all";

    private final Report report;

    Ensembles(Report report) {
        this.report = report;
    }

    /// Whether a task is written so.
    static boolean is(Value written) {
        return written instanceof Value.Struct task
                && task.get("dispatch") instanceof Value.Text(var word)
                && word.equals(ALL);
    }

    /// The task with a replica for each agent that can do it, where it is written so.
    Task of(Task task, Value written, List<Agent> agents, List<String> at) {
        if (!is(written) || !(task.performer() instanceof Performer.BySkill)) {
            return task;
        }
        if (task.passing() != null) {
            report.add(
                    "E-KEY-03",
                    "with `dispatch: all` a task does not go from agent to agent",
                    Report.below(at, "dispatch"),
                    "everyone does it",
                    "remove `dispatch: all`, or what passes it on");
            return task;
        }
        var able = Match.capable(agents, task.performer()).stream().map(Agent::id).toList();
        if (able.size() > ResolveReader.MOST_REPLICAS) {
            report.add(
                    "E-KEY-03",
                    able.size()
                            + " agents can do it, and at most "
                            + ResolveReader.MOST_REPLICAS
                            + " may all do one task",
                    Report.below(at, "dispatch"),
                    "too many",
                    "require labels, or say how many: `replicas: 5`");
            return task;
        }
        var each = task.flow().each();
        var resolve = each == null ? null : each.resolve();
        var all =
                Task.Each.replicas(
                        able.size(),
                        resolve == null ? new Resolve(new Resolve.By.Collect()) : resolve);
        return able.isEmpty()
                ? task
                : task.with(task.flow().with(all)).with(new Passing.Ensemble(able));
    }
}
