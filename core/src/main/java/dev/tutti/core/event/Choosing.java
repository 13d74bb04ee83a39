package dev.tutti.core.event;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the agent for a task was chosen.
///
/// @param policy as team files say it, or `same` where an agent goes on from its own steps; empty
///   where a journal of an earlier version does not say it
/// @param version of the way the policy chooses
/// @param considered how many agents were left to choose from, free or not
/// @param filters what took out the others before, in order
/// @param meant what was asked for, where the skill was found by its meaning; or null
/// @param instead why it is another policy than the one that was asked for, or null where it is not
public record Choosing(
        String policy,
        String version,
        int considered,
        List<Filter> filters,
        @Nullable Meant meant,
        @Nullable String instead) {
    /// Where nothing is said.
    public static final Choosing UNSAID = new Choosing("", "", 0, List.of());

    /// An agent goes on from its own steps.
    public static final String SAME = "same";

    public Choosing {
        filters = List.copyOf(filters);
    }

    /// Where the skill was asked for by its name.
    public Choosing(String policy, String version, int considered, List<Filter> filters) {
        this(policy, version, considered, filters, null, null);
    }

    /// This choice, by a skill that stands for what was asked for.
    public Choosing with(@Nullable Meant other) {
        return new Choosing(policy, version, considered, filters, other, instead);
    }

    /// This choice, as another policy could not make it.
    public Choosing instead(@Nullable String why) {
        return new Choosing(policy, version, considered, filters, meant, why);
    }

    public boolean isSaid() {
        return !policy.isEmpty();
    }

    /// What took agents of the team out before any was weighed.
    ///
    /// @param agents those it took out, the first of them
    /// @param count how many in all
    public record Filter(Reason reason, List<AgentId> agents, int count) {
        public Filter {
            agents = List.copyOf(agents);
        }
    }

    /// Why an agent was not considered.
    public enum Reason {
        /// It does not have the skill.
        SKILL,
        /// Its version of the skill cannot stand for the one that is required.
        VERSION,
        /// It lacks a label that is required.
        LABELS,
        /// It had its attempt at the task, or made what is looked at.
        ATTEMPTED,
        /// A rule of the task's policy denies it.
        POLICY,
        /// The task is for another by name.
        NAMED,
        /// No process here can perform it.
        ABSENT;

        /// As the journal has it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The reason of this word.
        ///
        /// @throws IllegalArgumentException when there is none
        public static Reason of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// What a score is made of: what is expected of a result, less what it costs, and what chance
    /// added where it is uncertain.
    ///
    /// @param success the share of results that is expected to be accepted, for such a task
    /// @param usd what an attempt is expected to cost
    /// @param seconds what it is expected to take
    /// @param costs what both take off the score, in parts of what a result is worth
    /// @param drawn what chance added
    public record Parts(double success, double usd, double seconds, double costs, double drawn) {}
}
