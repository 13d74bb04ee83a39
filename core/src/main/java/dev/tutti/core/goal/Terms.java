package dev.tutti.core.goal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
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
public record Terms(
        Choice choice,
        Worth worth,
        List<Quota> quotas,
        Map<Place, OfTask> tasks,
        Map<AgentId, OfAgent> agents) {
    /// Where nothing was said.
    public static final Terms DEFAULT =
            new Terms(
                    Choice.ROUND_ROBIN,
                    Worth.DEFAULT,
                    List.of(),
                    Collections.emptyMap(),
                    Collections.emptyMap());

    public Terms {
        quotas = List.copyOf(quotas);
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
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
    public record OfAgent(List<String> quotas, double cpu, long memory) {
        public static final OfAgent NOTHING = new OfAgent(List.of(), 0, 0);

        public OfAgent {
            quotas = List.copyOf(quotas);
        }
    }

    /// How one of several agents that could do a task is chosen.
    ///
    /// @param agent the one that was named, when one was
    public record Choice(Way way, @Nullable AgentId agent) {
        public static final Choice ROUND_ROBIN = new Choice(Way.ROUND_ROBIN, null);

        public static Choice of(Way way) {
            return new Choice(way, null);
        }

        /// Whether it depends on what agents did before.
        public boolean weighs() {
            return way != Way.ROUND_ROBIN && way != Way.NAMED;
        }

        /// This agent and no other.
        public static Choice of(AgentId agent) {
            return new Choice(Way.NAMED, agent);
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
        NAMED;

        /// As team files say it.
        public String word() {
            return switch (this) {
                case ROUND_ROBIN -> "round_robin";
                case BEST -> "best";
                case LEARNED -> "learned";
                case CHEAPEST -> "cheapest";
                case FASTEST -> "fastest";
                case NAMED -> "named";
            };
        }
    }

    /// What quality may cost: the terms in which agents are compared.
    ///
    /// @param result what an accepted result is worth
    /// @param hour what an hour of waiting for it costs
    /// @param explore the greatest share of tasks that go to another than who did best so far
    public record Worth(Money result, Money hour, double explore) {
        /// A result is worth a dollar, time costs nothing, and up to a quarter of the tasks
        /// explore.
        public static final Worth DEFAULT = new Worth(Money.of("1"), Money.ZERO, 0.25);
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
                .orElse(new OfTask(choice, 0));
    }

    public OfAgent of(AgentId agent) {
        return agents.getOrDefault(agent, OfAgent.NOTHING);
    }

    public Optional<Quota> quota(String name) {
        return quotas.stream().filter(quota -> quota.name().equals(name)).findFirst();
    }
}
