package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent takes up by itself when it hears of it, and what it lets others know. Where runs
/// are choreographed, nobody else says who does what.
///
/// @param reactions what it reacts to
/// @param emissions what it says once it is done
public record Contract(List<Reaction> reactions, List<Emission> emissions) {
    public static final Contract NONE = new Contract(List.of(), List.of());

    public Contract {
        reactions = List.copyOf(reactions);
        emissions = List.copyOf(emissions);
    }

    /// Whether it is of interest to the agent that something of this type was said.
    public boolean follows(String type) {
        return reactions.stream().anyMatch(reaction -> reaction.to().equals(type));
    }

    /// One kind of message that the agent takes up.
    ///
    /// @param to the type of the message
    /// @param where a condition on the `message`, or null for any
    /// @param role the part that it plays by it: of all agents that play the same part, one takes
    ///   up a message, the first to say so
    /// @param input what it gives itself to do, with expressions that may name `message`
    /// @param within how long it may take from the claim to the result, or null for as long as it
    ///   takes
    public record Reaction(
            String to,
            @Nullable String where,
            String role,
            Value.Struct input,
            @Nullable Duration within) {}

    /// One kind of message that the agent sends when it is done.
    ///
    /// @param when a condition on the `output` and the `message`, or null for always
    /// @param data with expressions that may name them
    public record Emission(String type, @Nullable String when, Value data) {}
}
