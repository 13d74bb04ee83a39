package dev.tutti.wiring;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.List;
import java.util.function.Predicate;

/// Agents of a team whose `uses` nothing here answers to. Their tasks would wait for ever, unless
/// another program with that name works on the same store.
public final class Unperformed {
    private static final String WORKER = "worker";

    /// What is known to be performed elsewhere: by workers of a server, by another program's own
    /// functions.
    private static final List<String> ELSEWHERE = List.of(WORKER, ProvidedExecutors.FUNCTION);

    private Unperformed() {}

    /// A warning for each such agent of the team, as far as this program knows.
    public static List<Fault> of(Team team) {
        var names = ProvidedExecutors.names();
        return team.agents().stream()
                .filter(agent -> lacks(agent, one -> names.contains(one.uses())))
                .map(agent -> fault("W-USES-01", agent))
                .toList();
    }

    /// A fault for each agent that could do a task of the workflow which nobody can do here.
    ///
    /// @param has whether an agent can be performed
    static List<Fault> of(Team team, Workflow workflow, Predicate<Agent> has) {
        return workflow.tasks().stream()
                .map(Task::performer)
                .map(performer -> Match.capable(team.agents(), performer))
                .filter(able -> able.stream().allMatch(agent -> lacks(agent, has)))
                .flatMap(List::stream)
                .distinct()
                .map(agent -> fault("E-USES-01", agent))
                .toList();
    }

    /// The tasks of a workflow that only workers can do, who pull them from a server.
    public static List<String> forWorkers(Team team, Workflow workflow) {
        return workflow.tasks().stream()
                .filter(task -> {
                    var able = Match.capable(team.agents(), task.performer());
                    return !able.isEmpty()
                            && able.stream().allMatch(agent -> agent.uses().equals(WORKER));
                })
                .map(Task::name)
                .toList();
    }

    private static boolean lacks(Agent agent, Predicate<Agent> has) {
        return agent.needsPlace() && !ELSEWHERE.contains(agent.uses()) && !has.test(agent);
    }

    private static Fault fault(String code, Agent agent) {
        var names = ProvidedExecutors.names();
        return new Fault(
                code,
                "nothing here performs `"
                        + agent.uses()
                        + "`, which agent `"
                        + agent.id()
                        + "` uses",
                List.of("agents", agent.id().value(), "uses"),
                null,
                "not known here",
                Similar.to(agent.uses(), names)
                        .map(near -> "did you mean `" + near + "`?")
                        .orElse(
                                "there are: "
                                        + String.join(", ", names)
                                        + ", human, worker, workflow"));
    }
}
