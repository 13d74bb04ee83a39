package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the rules of a task's policy say of the agents that could have it, for one input.
///
/// @param denied who may not have it, in the order of the team
/// @param approved hash of the input that a person agreed to since a rule asked for that, or null
public record Ruling(List<Denied> denied, @Nullable String approved) {
    /// Where there are no rules, or none that takes anyone out.
    public static final Ruling NONE = new Ruling(List.of(), null);

    public Ruling {
        denied = List.copyOf(denied);
    }

    /// An agent that may not have the task.
    ///
    /// @param rule which one says so, from 1
    public record Denied(AgentId agent, int rule) {
        public Denied {
            if (rule < 1) {
                throw new IllegalArgumentException("rule " + rule);
            }
        }
    }

    /// Whether an agent may not have the task.
    public boolean denies(AgentId agent) {
        return denied.stream().anyMatch(one -> one.agent().equals(agent));
    }

    /// Those that may not have the task.
    public List<AgentId> agents() {
        return denied.stream().map(Denied::agent).toList();
    }
}
