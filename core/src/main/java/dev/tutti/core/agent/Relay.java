package dev.tutti.core.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// How a task went from agent to agent so far.
///
/// @param holder who makes the next attempt, and nobody else; null where that is open
/// @param hands how it was handed over, in order
/// @param turns what was said in its conversation, in order
public record Relay(@Nullable AgentId holder, PVector<Hand> hands, PVector<Turn> turns) {
    public static final Relay NONE = new Relay(null, TreePVector.empty(), TreePVector.empty());

    /// The task was handed over.
    ///
    /// @param what goes with it
    /// @param reason in words
    public record Hand(AgentId from, AgentId to, Value what, String reason) {}

    /// Something said by one.
    public record Turn(AgentId by, Value said) {}

    Relay handed(Hand hand) {
        return new Relay(hand.to(), hands.plus(hand), turns);
    }

    Relay said(Turn turn, @Nullable AgentId next) {
        return new Relay(next, hands, turns.plus(turn));
    }

    /// Whoever can may have it next.
    Relay open() {
        return holder == null ? this : new Relay(null, hands, turns);
    }
}
