package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// Draws on which terms the tasks of a team are given away: in half of the worlds its workers share
/// slots, memory or calls, tasks have priorities, and agents are chosen by what they did, or as a
/// program says.
final class Sharing {
    private static final long MEBIBYTE = 1 << 20;
    private static final List<Terms.Way> WAYS =
            List.of(
                    Terms.Way.ROUND_ROBIN,
                    Terms.Way.BEST,
                    Terms.Way.LEARNED,
                    Terms.Way.CHEAPEST,
                    Terms.Way.FASTEST);

    private Sharing() {}

    static Team of(Team team, SplittableRandom dice) {
        if (dice.nextBoolean()) {
            return team;
        }
        var quotas = new ArrayList<Terms.Quota>();
        quotas.add(new Terms.Quota("slots", null, null, 1 + dice.nextInt(3), null));
        quotas.add(
                new Terms.Quota(
                        "calls",
                        new Terms.Rate(2 + dice.nextInt(9), Duration.ofMinutes(1)),
                        dice.nextInt(3) != 0 ? new Terms.Rate(15, Duration.ofMinutes(1)) : null,
                        null,
                        null));
        quotas.add(new Terms.Quota("memory", null, null, null, 512 * MEBIBYTE));
        var agents = new LinkedHashMap<AgentId, Terms.OfAgent>();
        for (Agent agent : team.agents()) {
            if (agent.isHuman() || dice.nextInt(4) == 0) {
                continue;
            }
            var names = new ArrayList<String>();
            for (var quota : quotas) {
                if (dice.nextBoolean()) {
                    names.add(quota.name());
                }
            }
            long memory = (1 + dice.nextInt(4)) * 100L * MEBIBYTE;
            agents.put(agent.id(), new Terms.OfAgent(names, 0, memory));
        }
        var tasks = new LinkedHashMap<Terms.Place, Terms.OfTask>();
        for (var workflow : team.workflows()) {
            for (var task : workflow.tasks()) {
                var way = WAYS.get(dice.nextInt(WAYS.size()));
                int priority = dice.nextInt(3);
                boolean own = way == Terms.Way.FASTEST && priority > 0;
                tasks.put(
                        new Terms.Place(workflow.name(), task.name()),
                        new Terms.OfTask(
                                own ? Terms.Choice.custom("own") : Terms.Choice.of(way), priority));
            }
        }
        var worth = new Terms.Worth(Money.of("1"), Money.of("1"), 0.25);
        var terms = new Terms(Terms.Choice.ROUND_ROBIN, worth, quotas, tasks, agents);
        return new Team(team.skills(), team.agents(), team.workflows(), terms);
    }
}
