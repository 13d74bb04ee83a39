package dev.tutti.core.run;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// One agent of a choreographed run as it reads what is said: it holds each message against its own
/// contract, and says whether it takes it up. Pure; whoever plays the agent calls it, wherever.
public final class Participant {
    private Participant() {}

    /// What the agent says to a message.
    ///
    /// @param inputs of the run
    public static List<Command> hear(
            Agent agent, RunState.Letter letter, Value.Struct inputs, Expressions expressions) {
        var roles = new LinkedHashSet<String>();
        for (var reaction : agent.contract().reactions()) {
            if (takes(reaction, letter, inputs, expressions)) {
                roles.add(reaction.role());
            }
        }
        if (roles.isEmpty()) {
            return List.of(new Command.Decline(agent.id(), letter.id()));
        }
        return roles.stream()
                .<Command>map(role -> new Command.Claim(agent.id(), letter.id(), role))
                .toList();
    }

    /// Whether the message is of the kind that the reaction is to.
    static boolean takes(
            Contract.Reaction reaction,
            RunState.Letter letter,
            Value.Struct inputs,
            Expressions expressions) {
        if (!reaction.to().equals(letter.type())) {
            return false;
        }
        if (reaction.where() == null) {
            return true;
        }
        try {
            var holds =
                    expressions.render(
                            reaction.where(),
                            variable ->
                                    switch (variable) {
                                        case "message" -> letter.data();
                                        case "input" -> inputs;
                                        default -> null;
                                    });
            return holds.equals(Value.of(true));
        } catch (ExpressionException _) {
            return false;
        }
    }

    /// The agents that have not said yet whether they take up a message that they follow, in the
    /// order of the team; none where the run is over or has a plan.
    public static List<AgentId> toHear(RunState state, Team team, RunState.Letter letter) {
        if (!state.choreographed() || state.ending() != null || state.status().isFinal()) {
            return List.of();
        }
        var hearing = state.board().hearing(letter.id());
        var pending = new ArrayList<AgentId>();
        for (var agent : team.agents()) {
            boolean free =
                    agent.contract().reactions().stream()
                            .filter(reaction -> reaction.to().equals(letter.type()))
                            .anyMatch(reaction -> hearing.free(reaction.role()));
            if (free && !hearing.heard(agent.id()) && !hasClaimed(state, agent.id(), letter.id())) {
                pending.add(agent.id());
            }
        }
        return pending;
    }

    static boolean hasClaimed(RunState state, AgentId agent, String message) {
        return state.board().hearing(message).taken().values().stream()
                .map(task -> state.board().claim(task))
                .anyMatch(claim -> claim != null && claim.agent().equals(agent));
    }

    /// The messages that somebody is still to hear, in the order in which they were said.
    public static List<RunState.Letter> unheard(RunState state, Team team) {
        return state.mailbox().stream()
                .filter(letter -> !toHear(state, team, letter).isEmpty())
                .toList();
    }
}
