package dev.tutti.core.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Task.Performer;
import java.util.List;

/// Which agents of a team can do what a task asks for.
public final class Match {
    private Match() {}

    /// The agents that can, in the order of the team.
    public static List<Agent> capable(List<Agent> agents, Performer performer) {
        return switch (performer) {
            case Performer.BySkill(var skill) ->
                    agents.stream().filter(agent -> agent.skills().contains(skill)).toList();
            case Performer.ByAgent(var id) ->
                    agents.stream().filter(agent -> agent.id().equals(id)).toList();
            case Performer.ByWorkflow _, Performer.ByMessage _ -> List.of();
        };
    }
}
