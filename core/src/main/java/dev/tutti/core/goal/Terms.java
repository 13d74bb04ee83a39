package dev.tutti.core.goal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// On which terms the tasks of a team are given away.
///
/// Beside the plan and not in it, since it decides who does a task and when, never what follows
/// from its result: a journal folds the same whatever the terms were.
///
/// @param choice how an agent is chosen where a task does not say
/// @param worth what quality may cost
/// @param quotas what the team shares with everybody else who names them
/// @param tasks what tasks say, by workflow and name, where they say anything
/// @param agents what agents need, where they need anything
/// @param workflows how an agent is chosen in a workflow where a task does not say, if it says so
/// @param weights how much of the places a run of a workflow is to have, where it says so
/// @param above how near in meaning a skill must be to stand for one that no agent has, or null
///   where names alone decide
public record Terms(
        Choice choice,
        Worth worth,
        List<Quota> quotas,
        Map<Place, OfTask> tasks,
        Map<AgentId, OfAgent> agents,
        Map<String, Choice> workflows,
        Map<String, Double> weights,
        @Nullable Double above) {
    /// Where nothing was said.
    public static final Terms DEFAULT =
            new Terms(
                    Choice.ROUND_ROBIN,
                    Worth.DEFAULT,
                    List.of(),
                    Collections.emptyMap(),
                    Collections.emptyMap(),
                    Collections.emptyMap());

    /// Where all runs are to have the same.
    public Terms(
            Choice choice,
            Worth worth,
            List<Quota> quotas,
            Map<Place, OfTask> tasks,
            Map<AgentId, OfAgent> agents,
            Map<String, Choice> workflows) {
        this(choice, worth, quotas, tasks, agents, workflows, Collections.emptyMap(), null);
    }

    /// Where no workflow says how agents are chosen in it.
    public Terms(
            Choice choice,
            Worth worth,
            List<Quota> quotas,
            Map<Place, OfTask> tasks,
            Map<AgentId, OfAgent> agents) {
        this(choice, worth, quotas, tasks, agents, Collections.emptyMap());
    }

    public Terms {
        quotas = List.copyOf(quotas);
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        workflows = Collections.unmodifiableMap(new LinkedHashMap<>(workflows));
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /// A task of a workflow.
    public record Place(String workflow, String task) {}

    /// What a task says.
    ///
    /// @param choice how its agent is chosen
    /// @param priority greater goes first among the tasks of one tenant
    public record OfTask(Choice choice, int priority) {}

    /// What an agent needs for each attempt beside a place.
    ///
    /// @param quotas names of quotas
    /// @param cpu processors of this machine, 0 where it does not matter
    /// @param memory bytes of this machine, 0 where it does not matter
    /// @param bid how it bids: `price`, `time` and `confidence`, with expressions; empty where it
    ///   bids what it says of itself
    public record OfAgent(List<String> quotas, double cpu, long memory, Value.Struct bid) {
        public static final OfAgent NOTHING = new OfAgent(List.of(), 0, 0);

        /// One who bids what it says of itself.
        public OfAgent(List<String> quotas, double cpu, long memory) {
            this(quotas, cpu, memory, Value.Struct.EMPTY);
        }

        /// Whether an attempt needs nothing beside a place.
        public boolean isNothing() {
            return quotas.isEmpty() && cpu == 0 && memory == 0;
        }

        public OfAgent {
            quotas = List.copyOf(quotas);
        }
    }

    /// How one of several agents that could do a task is chosen.
    ///
    /// @param agent the one that was named, when one was
    /// @param bidding how bids are taken, where agents bid
    /// @param policy the name of a program's own way, or null
    public record Choice(
            Way way, @Nullable AgentId agent, Bidding bidding, @Nullable String policy) {
        public static final Choice ROUND_ROBIN = new Choice(Way.ROUND_ROBIN, null);

        /// Where no program has a way of its own.
        public Choice(Way way, @Nullable AgentId agent, Bidding bidding) {
            this(way, agent, bidding, null);
        }

        /// Where nobody bids.
        public Choice(Way way, @Nullable AgentId agent) {
            this(way, agent, Bidding.DEFAULT);
        }

        /// Whether nobody chooses: agents give the task away among themselves.
        public boolean isByAgents() {
            return way == Way.AUCTION || way == Way.CLAIM;
        }

        public static Choice of(Way way) {
            return new Choice(way, null);
        }

        /// Whether it depends on what agents did before.
        public boolean weighs() {
            return way != Way.ROUND_ROBIN && way != Way.NAMED && !isByAgents();
        }

        /// As a program says under this name.
        public static Choice custom(String policy) {
            return new Choice(Way.CUSTOM, null, Bidding.DEFAULT, policy);
        }

        /// This agent and no other.
        public static Choice of(AgentId agent) {
            return new Choice(Way.NAMED, agent);
        }
    }

    /// How bids are taken.
    ///
    /// @param within how long
    /// @param reserve what no bid that wins is above, or null
    /// @param rounds how often a task is announced in a row when nobody bids, at least 1
    /// @param lease how long the one who won may be silent where nothing else is said, or null
    public record Bidding(
            Duration within, @Nullable Money reserve, int rounds, @Nullable Duration lease) {
        /// Two seconds, three times.
        public static final Bidding DEFAULT = new Bidding(Duration.ofSeconds(2), null, 3, null);

        public Bidding {
            if (!within.isPositive() || rounds < 1) {
                throw new IllegalArgumentException("bids within " + within + ", " + rounds);
            }
        }
    }

    /// The ways to choose.
    public enum Way {
        /// Whoever's turn it is.
        ROUND_ROBIN,
        /// Who did best so far.
        BEST,
        /// Who did best so far, trying others as far as it is uncertain who does.
        LEARNED,
        /// Who took least money.
        CHEAPEST,
        /// Who took least time.
        FASTEST,
        /// The one that was named.
        NAMED,
        /// As the program says that runs it.
        CUSTOM,
        /// Nobody chooses: agents bid, and the bids decide.
        AUCTION,
        /// Nobody chooses: the first agent that claims it has it.
        CLAIM;

        /// As team files say it.
        public String word() {
            return switch (this) {
                case ROUND_ROBIN -> "round_robin";
                case BEST -> "best";
                case LEARNED -> "learned";
                case CHEAPEST -> "cheapest";
                case FASTEST -> "fastest";
                case NAMED -> "named";
                case CUSTOM -> "custom";
                case AUCTION -> "auction";
                case CLAIM -> "claim";
            };
        }
    }

    /// What quality may cost: the terms in which agents are compared.
    ///
    /// @param result what an accepted result is worth
    /// @param hour what an hour of waiting for it costs
    /// @param explore the greatest share of tasks that go to another than who did best so far
    /// @param content by what tasks are told apart, since who is good at one kind may not be at
    ///   another
    public record Worth(Money result, Money hour, double explore, Content content) {
        /// A result is worth a dollar, time costs nothing, and up to a quarter of the tasks
        /// explore.
        public static final Worth DEFAULT = new Worth(Money.of("1"), Money.ZERO, 0.25);

        /// Where tasks are told apart by their words.
        public Worth(Money result, Money hour, double explore) {
            this(result, hour, explore, Content.WORDS);
        }
    }

    /// By what tasks for the same skill are told apart.
    public enum Content {
        /// By nothing.
        NONE,
        /// By the words of their input.
        WORDS,
        /// By what their input means, as a model of this machine has it.
        MEANING
    }

    /// A limit shared by all runs of a store that name it.
    ///
    /// @param requests how many calls, or null
    /// @param tokens how many tokens read and written, or null
    /// @param slots how many attempts at once, or null
    /// @param memory bytes of all attempts at once, as their agents declare them, or null
    public record Quota(
            String name,
            @Nullable Rate requests,
            @Nullable Rate tokens,
            @Nullable Integer slots,
            @Nullable Long memory) {}

    /// So many in a time.
    public record Rate(long count, Duration per) {
        public Rate {
            if (count < 1 || !per.isPositive()) {
                throw new IllegalArgumentException("rate " + count + " in " + per);
            }
        }
    }

    /// What holds for a task; a task that was planned later has what the team says.
    public OfTask of(String workflow, String task) {
        return Optional.ofNullable(tasks.get(new Place(workflow, task)))
                .orElse(new OfTask(choice(workflow), 0));
    }

    /// How agents are chosen in a workflow where a task does not say.
    public Choice choice(String workflow) {
        return workflows.getOrDefault(workflow, choice);
    }

    /// How much of the places a run of a workflow is to have, compared with the others.
    public double weight(String workflow) {
        return weights.getOrDefault(workflow, 1.0);
    }

    public OfAgent of(AgentId agent) {
        return agents.getOrDefault(agent, OfAgent.NOTHING);
    }

    public Optional<Quota> quota(String name) {
        return quotas.stream().filter(quota -> quota.name().equals(name)).findFirst();
    }
}
