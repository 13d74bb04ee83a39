package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A workflow without a plan: what is said first, and when it is over. What happens in between is
/// up to the contracts of the agents.
///
/// @param openings what is said at the start
/// @param until a condition on the `messages` by type; null where the run ends when all is quiet
/// @param within how long a message may wait for someone to take it up
/// @param most the most messages of a run
/// @param expectations what must follow upon what, and how soon
public record Choreography(
        List<Opening> openings,
        @Nullable String until,
        Duration within,
        int most,
        List<Expectation> expectations) {
    /// The most messages where the workflow says nothing.
    public static final int DEFAULT_MOST = 1_000;

    /// The type of the message that tells of one that nobody took up, or of one that did not
    /// follow.
    public static final String UNANSWERED = "unanswered";

    public Choreography {
        openings = List.copyOf(openings);
        expectations = List.copyOf(expectations);
    }

    /// A message that starts it.
    ///
    /// @param data with expressions
    public record Opening(String type, Value data) {}

    /// Whenever `after` was said, `then` must be said.
    ///
    /// @param same what both must have in common, an expression on the `message`; null for any
    public record Expectation(String after, String then, @Nullable String same, Duration within) {}
}
