package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Teams whose runs have planners and budgets, by dice of their own: what else a seed draws stays
/// as it is.
final class Goals {
    /// The task that plans first, as runs name it.
    static final String FIRST_PLAN = "plan";

    static final AgentId PLANNER = new AgentId("planner");
    private static final AgentId CHIEF = new AgentId("chief");
    private static final Money WORST = Money.of("0.10");
    private static final BigDecimal FIVE = BigDecimal.valueOf(5);

    private final SplittableRandom dice;

    private Goals(SplittableRandom dice) {
        this.dice = dice;
    }

    private boolean once(int in) {
        return dice.nextInt(in) == 0;
    }

    /// The team, in some worlds with planners, budgets and orchestrators.
    static Team given(Team team, SplittableRandom dice) {
        var goals = new Goals(dice);
        boolean plans = goals.once(3);
        boolean budgets = goals.once(3);
        boolean orchestrates = goals.once(4);
        var agents = new ArrayList<Agent>();
        for (var agent : team.agents()) {
            agents.add(budgets && !agent.isHuman() ? bounded(agent) : agent);
        }
        if (plans) {
            var planner =
                    new Agent(
                            PLANNER,
                            List.of(),
                            "scripted",
                            Value.Struct.EMPTY,
                            new Agent.Limits(1 + dice.nextInt(3), null));
            agents.add(budgets ? bounded(planner) : planner);
        }
        if (orchestrates) {
            agents.add(
                    new Agent(
                            CHIEF,
                            List.of(Plans.WORK),
                            Agent.WORKFLOW,
                            Value.struct(Agent.WORKFLOW, Value.text(Plans.LEAF)),
                            Agent.Limits.DEFAULT));
        }
        var workflows = new ArrayList<Workflow>();
        for (var one : team.workflows()) {
            boolean main = one.name().equals(Plans.MAIN);
            workflows.add(
                    one.with(
                            plans && (main || goals.once(3)) ? goals.planner() : null,
                            budgets && (main || goals.once(4)) ? goals.budget() : Budget.NONE));
        }
        if (budgets && goals.once(2)) {
            agents.set(0, dear(agents.getFirst()));
        }
        return new Team(team.skills(), agents, workflows);
    }

    /// One that may take five times as much as the others: when a budget is short, they do its
    /// tasks.
    private static Agent dear(Agent agent) {
        return agent.isHuman() ? agent : bounded(agent, new Money(WORST.usd().multiply(FIVE)));
    }

    /// Nothing that these agents do costs as much as they may take.
    private static Agent bounded(Agent agent) {
        return bounded(agent, WORST);
    }

    private static Agent bounded(Agent agent, Money worst) {
        var limits = agent.limits();
        return new Agent(
                agent.id(),
                agent.skills(),
                agent.uses(),
                agent.settings(),
                new Agent.Limits(
                        limits.concurrency(),
                        limits.timeout(),
                        limits.idle(),
                        new Agent.Effort(null, 1_000L, worst)),
                agent.effects(),
                agent.price(),
                agent.contract(),
                agent.traits());
    }

    private Planner planner() {
        return new Planner(
                PLANNER,
                "more of ${input.n}",
                Value.Struct.EMPTY,
                1 + dice.nextInt(4),
                1 + dice.nextInt(3),
                1 + dice.nextInt(3),
                once(3) ? Plans.BOSS : null,
                once(4) ? "${output.n == 3}" : null);
    }

    /// How many runs there may be within, and in some worlds the time, follow from the money, so
    /// that seeds draw as they did.
    private Budget budget() {
        int cents = 10 + dice.nextInt(300);
        return new Budget(
                new Money(BigDecimal.valueOf(cents, 2)),
                once(3) ? Long.valueOf(1_000 + dice.nextInt(20_000)) : null,
                once(5)
                        ? Duration.ofSeconds(30 + dice.nextInt(3_000))
                        : cents % 3 == 0 ? Duration.ofSeconds(10 + cents) : null,
                once(5) ? Integer.valueOf(5 + dice.nextInt(60)) : null,
                once(8) ? Integer.valueOf(5 + dice.nextInt(60)) : null,
                cents % 4 == 0 ? Integer.valueOf(cents % 7) : null);
    }

    /// What a planner gives: often sound, sometimes not.
    static Outcome.Planned proposal(Action.Perform attempt, SplittableRandom dice) {
        var there = attempt.planned();
        var tasks = new ArrayList<Task>();
        int count = dice.nextInt(3);
        for (int i = 0; i < count; i++) {
            var name = "p" + attempt.token() + "x" + i;
            var after = dice.nextInt(3) == 0 ? there.get(dice.nextInt(there.size())) : null;
            tasks.add(
                    Task.of(
                            name,
                            Plans.WORK,
                            Value.struct("n", Value.of(i)),
                            after == null ? new String[0] : new String[] {after}));
        }
        var drops = new ArrayList<String>();
        if (dice.nextInt(3) == 0) {
            drops.add(there.get(dice.nextInt(there.size())));
        }
        var amendment =
                new Amendment(
                        attempt.plan(),
                        attempt.agent().value(),
                        "as it fell",
                        tasks,
                        drops,
                        output(tasks, dice),
                        dice.nextInt(4) == 0,
                        dice.nextInt(3) != 0,
                        dice.nextInt(3) == 0
                                ? Value.struct("guesses", Value.of(dice.nextInt(9)))
                                : Value.Struct.EMPTY);
        return new Outcome.Planned(amendment, Value.of(attempt.token()), Usage.NONE);
    }

    /// One that another run was given.
    static Amendment plan(Planner planner, boolean partial) {
        var task = Task.of("looked_at", Plans.WORK, Value.struct("n", Value.of(0)));
        return new Amendment(
                0,
                planner.agent().value(),
                "as it was looked at",
                List.of(task),
                List.of(),
                Value.text("${looked_at}"),
                partial,
                true,
                Value.Struct.EMPTY);
    }

    private static @Nullable Value output(List<Task> tasks, SplittableRandom dice) {
        return tasks.isEmpty() || dice.nextBoolean()
                ? null
                : Value.text("${" + tasks.getLast().name() + "}");
    }
}
