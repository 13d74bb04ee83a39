package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Draws which tasks agents give away among themselves: in a third of the worlds some are announced
/// for bids and some for the first who claims them, in others all of them are. By dice of their
/// own: what else a seed draws stays as it is.
final class Trading {
    private final SplittableRandom dice;

    private Trading(SplittableRandom dice) {
        this.dice = dice;
    }

    static Team of(Team team, SplittableRandom dice) {
        if (dice.nextInt(3) != 0) {
            return team;
        }
        var trading = new Trading(dice);
        return new Team(
                team.skills(), team.agents(), team.workflows(), trading.terms(team, team.terms()));
    }

    private Terms terms(Team team, Terms terms) {
        boolean all = dice.nextBoolean();
        var workflows = new LinkedHashMap<String, Terms.Choice>();
        var tasks = new LinkedHashMap<>(terms.tasks());
        for (var workflow : team.workflows()) {
            if (all) {
                workflows.put(workflow.name(), choice());
            }
            for (var task : workflow.tasks()) {
                if (all || dice.nextBoolean()) {
                    tasks.put(
                            new Terms.Place(workflow.name(), task.name()),
                            new Terms.OfTask(choice(), 0));
                }
            }
        }
        var agents = new LinkedHashMap<>(terms.agents());
        for (var agent : team.agents()) {
            if (dice.nextInt(3) == 0) {
                agents.put(agent.id(), bidding(agent, terms.of(agent.id())));
            }
        }
        return new Terms(terms.choice(), terms.worth(), terms.quotas(), tasks, agents, workflows);
    }

    private static Terms.OfAgent bidding(Agent agent, Terms.OfAgent needs) {
        var bid =
                Value.struct(
                        "price",
                        Value.text("${self.busy > 2 ? 0.09 : 0.01}"),
                        "time",
                        Value.text("${(self.busy + 1) * 2}"),
                        "confidence",
                        Value.text("${input.n == 1 ? 0.9 : 0.5}"));
        return agent.isHuman()
                ? needs
                : new Terms.OfAgent(needs.quotas(), needs.cpu(), needs.memory(), bid);
    }

    private Terms.Choice choice() {
        return dice.nextInt(4) == 0
                ? Terms.Choice.of(Terms.Way.CLAIM)
                : new Terms.Choice(
                        Terms.Way.AUCTION,
                        null,
                        new Terms.Bidding(
                                Duration.ofMillis(50 + dice.nextInt(3_000)),
                                reserve(),
                                1 + dice.nextInt(4),
                                dice.nextInt(4) == 0
                                        ? Duration.ofSeconds(3 + dice.nextInt(20))
                                        : null));
    }

    private @Nullable Money reserve() {
        return dice.nextInt(3) == 0 ? new Money(BigDecimal.valueOf(3 + dice.nextInt(12), 2)) : null;
    }
}
