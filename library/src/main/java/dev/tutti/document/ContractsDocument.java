package dev.tutti.document;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// A workflow without a plan, for programs: who hears what and says what. What `tutti plan --json`
/// prints of it.
///
/// @param types those that can come to be said, in the order in which they follow from one another
/// @param dancers the agents that take any of them up
public record ContractsDocument(
        Workflow workflow,
        Choreography choreography,
        SequencedSet<String> types,
        List<Agent> dancers) {

    public static ContractsDocument of(Team team, Workflow workflow, Choreography choreography) {
        var types = new LinkedHashSet<String>();
        choreography.openings().forEach(opening -> types.add(opening.type()));
        for (int known = 0; known < types.size(); ) {
            known = types.size();
            for (var type : List.copyOf(types)) {
                for (var agent : team.agents()) {
                    if (agent.contract().follows(type)) {
                        agent.contract().emissions().forEach(one -> types.add(one.type()));
                    }
                }
            }
        }
        types.add(Choreography.UNANSWERED);
        var dancers =
                team.agents().stream()
                        .filter(agent -> types.stream().anyMatch(agent.contract()::follows))
                        .toList();
        return new ContractsDocument(workflow, choreography, types, dancers);
    }

    public Value.Struct document() {
        var agents = new LinkedHashMap<String, Value>();
        for (var agent : dancers) {
            var contract = agent.contract();
            agents.put(
                    agent.id().value(),
                    Value.struct(
                            "reacts_to",
                            Value.from(
                                    contract.reactions().stream()
                                            .map(Contract.Reaction::to)
                                            .distinct()
                                            .toList()),
                            "emits",
                            Value.from(
                                    contract.emissions().stream()
                                            .map(Contract.Emission::type)
                                            .distinct()
                                            .toList())));
        }
        return Value.struct(
                "format",
                Value.of(1),
                "workflow",
                Value.text(workflow.name()),
                "mode",
                Value.text(workflow.mode().word()),
                "messages",
                Value.from(List.copyOf(types)),
                "agents",
                new Value.Struct(agents));
    }
}
