package dev.tutti.core.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Task.Performer;
import java.util.List;

/// Which agents of a team can do what a task asks for.
public final class Match {
    private Match() {}

    /// The agents that can, in the order of the team.
    public static List<Agent> capable(List<Agent> agents, Performer performer) {
        return agents.stream().filter(agent -> can(agent, performer)).toList();
    }

    /// Whether what is asked for is a run within, whoever of the team does it.
    public static boolean isRun(List<Agent> agents, Performer performer) {
        var capable = capable(agents, performer);
        return performer instanceof Performer.ByWorkflow
                || (!capable.isEmpty()
                        && capable.stream().allMatch(agent -> agent.workflow() != null));
    }

    /// Whether an agent can do what is asked for.
    public static boolean can(Agent agent, Performer performer) {
        return switch (performer) {
            case Performer.BySkill(var skill, var require, _) ->
                    agent.skills().contains(skill)
                            && require.current(agent, skill)
                            && require.labelled(agent);
            case Performer.ByAgent(var id) -> agent.id().equals(id);
            case Performer.ByWorkflow _, Performer.ByMessage _ -> false;
        };
    }
}
