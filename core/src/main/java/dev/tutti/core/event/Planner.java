package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who breaks the goal of a run into tasks, and does so again when the plan does not hold.
///
/// @param agent the one who proposes what the plan becomes
/// @param goal what is asked, in words
/// @param wants what the run must yield, by name, each with its type as a JSON Schema; may be empty
/// @param rounds how often the planner is asked in all, at least 1
/// @param stalls how many rounds in a row may bring no progress before a person is asked
/// @param attempts how often a proposal that does not hold may be mended within a round
/// @param approval the human agent that must agree to each amendment, or null
/// @param surprise a condition on the `output` of any task that asks for a new round, or null
public record Planner(
        AgentId agent,
        String goal,
        Value.Struct wants,
        int rounds,
        int stalls,
        int attempts,
        @Nullable AgentId approval,
        @Nullable String surprise) {
    /// The field of its input that says what agents can take on as it is asked.
    public static final String CAPACITY = "capacity";

    /// The field of its input that says how much of its budget the run has left as it is asked.
    public static final String BUDGET = "budget";

    /// What it is told anew each time that it is asked, and would not be told again.
    public static final List<String> OF_THE_MOMENT = List.of(CAPACITY, BUDGET);

    public static final int DEFAULT_ROUNDS = 5;
    public static final int DEFAULT_STALLS = 2;
    public static final int DEFAULT_ATTEMPTS = 3;

    /// The most rounds that a team file may allow.
    public static final int MOST_ROUNDS = 100;

    public Planner {
        if (rounds < 1 || stalls < 1 || attempts < 1) {
            throw new IllegalArgumentException(
                    "rounds " + rounds + ", stalls " + stalls + ", attempts " + attempts);
        }
    }

    /// A planner with everything else as by default.
    public Planner(AgentId agent, String goal, Value.Struct wants) {
        this(agent, goal, wants, DEFAULT_ROUNDS, DEFAULT_STALLS, DEFAULT_ATTEMPTS, null, null);
    }

    /// The same planner, asked for `words`.
    public Planner with(String words) {
        return new Planner(agent, words, wants, rounds, stalls, attempts, approval, surprise);
    }

    /// The names of what the run must yield.
    public List<String> wanted() {
        return List.copyOf(wants.fields().keySet());
    }
}
