package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task of a plan, as declared: what it needs, who may do it, and what to do when it fails.
///
/// Texts between `${` and `}` within `input`, and all of `when` and `each`, are expressions that
/// are evaluated when the task's turn comes.
///
/// @param name its name in the plan
/// @param performer who may do it
/// @param input what it is given, with expressions
/// @param dependencies the tasks that must be finished first: those its expressions name, and those
///   of `after`
/// @param when runs only if this is true, or null for always
/// @param each runs once for every item of this list, or null for just once
/// @param max the most items that `each` may have
/// @param join how many of its dependencies it waits for
/// @param retry how often and how fast it is tried again
/// @param onFailure what happens once the attempts are used up
/// @param timeout the longest that one attempt may run, or null for what the agent's limits say
/// @param label what one item is called in views, with expressions, or null
public record Task(
        String name,
        Performer performer,
        Value.Struct input,
        List<String> dependencies,
        @Nullable String when,
        @Nullable String each,
        int max,
        Join join,
        Retry retry,
        Remedy onFailure,
        @Nullable Duration timeout,
        @Nullable String label) {

    /// The most items of a fan-out where the plan says nothing.
    public static final int DEFAULT_MAX = 10_000;

    public Task {
        dependencies = List.copyOf(dependencies);
    }

    /// A task that is done once, by anyone with the skill, with everything else as by default.
    public static Task of(String name, SkillId skill, Value.Struct input, String... dependencies) {
        return new Task(
                name,
                new Performer.BySkill(skill),
                input,
                List.of(dependencies),
                null,
                null,
                DEFAULT_MAX,
                Join.ALL,
                Retry.DEFAULT,
                Remedy.FAIL,
                null,
                null);
    }

    /// Who may do a task.
    public sealed interface Performer {
        /// Any agent that has the skill.
        record BySkill(SkillId skill) implements Performer {}

        /// This agent alone.
        record ByAgent(AgentId agent) implements Performer {}
    }

    /// How many dependencies must be done before the task starts.
    ///
    /// @param need that many; 0 stands for all of them
    public record Join(int need) {
        public static final Join ALL = new Join(0);
        public static final Join ANY = new Join(1);

        public Join {
            if (need < 0) {
                throw new IllegalArgumentException("need " + need);
            }
        }
    }

    /// How often and how fast a task is tried again.
    ///
    /// @param attempts in all, the first included, at least 1
    /// @param first the pause before the second attempt; it doubles with each further one
    /// @param ceiling the longest pause
    public record Retry(int attempts, Duration first, Duration ceiling) {
        public static final Retry DEFAULT =
                new Retry(3, Duration.ofMillis(100), Duration.ofSeconds(30));

        public Retry {
            if (attempts < 1 || first.isNegative() || ceiling.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "retry " + attempts + " " + first + ".." + ceiling);
            }
        }

        /// The pause after `failed` failed attempts.
        public Duration pauseAfter(int failed) {
            int doublings = Math.min(Math.max(failed - 1, 0), 30);
            var pause = first.multipliedBy(1L << doublings);
            return pause.compareTo(ceiling) > 0 ? ceiling : pause;
        }
    }

    /// What happens when no attempt is left.
    public enum Remedy {
        /// The run fails.
        FAIL,
        /// The task counts as skipped: its output is null, and the run goes on.
        SKIP
    }
}
