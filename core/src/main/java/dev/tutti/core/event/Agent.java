package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile of one that does tasks; its executor is found by [#uses].
///
/// @param id its name in the team
/// @param skills what it can do
/// @param uses which executor performs it, such as `simulated` or `local/retriever`
/// @param settings what the team file gives the executor (`with`), expressions not yet evaluated
/// @param limits how much at once, how long
public record Agent(
        AgentId id, List<SkillId> skills, String uses, Value.Struct settings, Limits limits) {

    public Agent {
        skills = List.copyOf(skills);
    }

    /// What it may be given.
    ///
    /// @param concurrency attempts at once, at least 1
    /// @param timeout the longest that one attempt may run, or null for no limit of its own
    public record Limits(int concurrency, @Nullable Duration timeout) {
        public static final Limits DEFAULT = new Limits(64, null);

        public Limits {
            if (concurrency < 1) {
                throw new IllegalArgumentException("concurrency " + concurrency);
            }
        }
    }
}
