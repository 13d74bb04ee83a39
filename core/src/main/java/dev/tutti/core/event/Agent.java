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
/// @param effects what an attempt of unknown outcome means
/// @param price what one attempt is expected to take
/// @param contract what it takes up by itself, and what it lets others know
/// @param traits what else it says of itself
public record Agent(
        AgentId id,
        List<SkillId> skills,
        String uses,
        Value.Struct settings,
        Limits limits,
        Task.Effects effects,
        Price price,
        Contract contract,
        Traits traits) {

    /// What a person's agent uses.
    public static final String HUMAN = "human";

    /// What an agent uses whose tasks are runs of their own.
    public static final String WORKFLOW = "workflow";

    public Agent {
        skills = List.copyOf(skills);
    }

    /// An agent whose deeds may be repeated, and of whose cost nothing is said.
    public Agent(
            AgentId id, List<SkillId> skills, String uses, Value.Struct settings, Limits limits) {
        this(id, skills, uses, settings, limits, Task.Effects.IDEMPOTENT, Price.UNKNOWN);
    }

    /// An agent that takes up nothing by itself.
    public Agent(
            AgentId id,
            List<SkillId> skills,
            String uses,
            Value.Struct settings,
            Limits limits,
            Task.Effects effects,
            Price price) {
        this(id, skills, uses, settings, limits, effects, price, Contract.NONE);
    }

    /// An agent that says nothing else of itself.
    public Agent(
            AgentId id,
            List<SkillId> skills,
            String uses,
            Value.Struct settings,
            Limits limits,
            Task.Effects effects,
            Price price,
            Contract contract) {
        this(id, skills, uses, settings, limits, effects, price, contract, Traits.NONE);
    }

    public Agent with(Contract other) {
        return new Agent(id, skills, uses, settings, limits, effects, price, other, traits);
    }

    public Agent with(Traits other) {
        return new Agent(id, skills, uses, settings, limits, effects, price, contract, other);
    }

    /// Whether its tasks are questions to people, who need no place and no process.
    public boolean isHuman() {
        return uses.equals(HUMAN);
    }

    /// Whether an attempt takes one of its places: where a process is at it.
    public boolean needsPlace() {
        return !isHuman() && workflow() == null;
    }

    /// The workflow that does its tasks, or null where it does them itself.
    public @Nullable String workflow() {
        return uses.equals(WORKFLOW) && settings.get(WORKFLOW) instanceof Value.Text(var workflow)
                ? workflow
                : null;
    }

    /// What one attempt is expected to take; null where nobody knows.
    ///
    /// @param usd money
    /// @param time until it has a result
    /// @param success how likely its result is accepted, above 0, at most 1
    public record Price(@Nullable Money usd, @Nullable Duration time, @Nullable Double success) {
        public static final Price UNKNOWN = new Price(null, null, null);

        public Price {
            if (success != null && !(success > 0 && success <= 1)) {
                throw new IllegalArgumentException("success " + success);
            }
        }
    }

    /// What it may be given.
    ///
    /// @param concurrency attempts at once, at least 1
    /// @param timeout the longest that one attempt may run, or null for no limit of its own
    /// @param idle the longest without a sign of life, or null
    /// @param effort the most that goes into one result
    public record Limits(
            int concurrency, @Nullable Duration timeout, @Nullable Duration idle, Effort effort) {
        public static final Limits DEFAULT = new Limits(64, null, null);

        /// Where no effort is too much.
        public Limits(int concurrency, @Nullable Duration timeout, @Nullable Duration idle) {
            this(concurrency, timeout, idle, Effort.ANY);
        }

        /// Where silence is no reason to give up either.
        public Limits(int concurrency, @Nullable Duration timeout) {
            this(concurrency, timeout, null);
        }

        public Limits {
            if (concurrency < 1) {
                throw new IllegalArgumentException("concurrency " + concurrency);
            }
        }
    }

    /// The most that the steps towards one result may take, over all attempts that go on from one
    /// another.
    ///
    /// @param steps calls of models and tools, or null
    /// @param tokens read and written, or null
    /// @param usd money, or null
    public record Effort(@Nullable Integer steps, @Nullable Long tokens, @Nullable Money usd) {
        public static final Effort ANY = new Effort(null, null, null);

        /// Why no further step may be taken, or null when one may.
        ///
        /// @param taken how many were
        /// @param used what they used up
        public @Nullable String exceeded(int taken, Usage used) {
            long read = used.inputTokens() + used.outputTokens();
            if (steps != null && taken >= steps) {
                return "it has taken " + taken + " steps, and `limits.steps` is " + steps;
            }
            if (tokens != null && read >= tokens) {
                return "it has used " + read + " tokens, and `limits.tokens` is " + tokens;
            }
            if (usd != null && used.usd().compareTo(usd) >= 0) {
                return "it has spent $" + used.usd() + ", and `limits.usd` is " + usd;
            }
            return null;
        }
    }
}
