package dev.tutti.simulation.world;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Money;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.engine.BidsByFile;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// The agents of a world where they bid: in time, late, twice, for rounds that are over, for what
/// is not theirs, above the reserve, or not at all, since they vanished before they did.
final class Bidders {
    private static final int MOST_CENTS = 12;

    private final World world;
    private final Node node;
    private final BidsByFile byFile = new BidsByFile(World.expressions());

    Bidders(World world, Node node) {
        this.world = world;
        this.node = node;
    }

    void ask(Deed.Announce announce) {
        for (var agent : announce.team().agents()) {
            if (announce.self().containsKey(agent.id())) {
                ask(announce, agent);
            }
        }
    }

    private void ask(Deed.Announce announce, Agent agent) {
        var swarm = world.swarm();
        if (swarm.happens(Fault.BIDDER_VANISHES)) {
            return;
        }
        var dice = swarm.of(Fault.BID_AWRY);
        var replies = replies(announce, agent, dice);
        send(announce, agent, replies, Duration.ofMillis(dice.nextInt(40)));
        if (swarm.happens(Fault.BID_AWRY)) {
            awry(announce, agent, replies, dice);
        }
    }

    private List<Reply> replies(Deed.Announce announce, Agent agent, SplittableRandom dice) {
        return byFile.of(announce, agent).stream()
                .map(reply ->
                        reply instanceof Reply.Bids(var task, var round, _)
                                ? new Reply.Bids(task, round, bid(dice))
                                : reply)
                .toList();
    }

    private static Bid bid(SplittableRandom dice) {
        return new Bid(
                new Money(BigDecimal.valueOf(dice.nextInt(MOST_CENTS), 2)),
                Duration.ofMillis(dice.nextInt(5_000)),
                0.1 + dice.nextDouble() * 0.9);
    }

    private void awry(
            Deed.Announce announce, Agent agent, List<Reply> replies, SplittableRandom dice) {
        switch (dice.nextInt(4)) {
            case 0 -> send(announce, agent, replies, Duration.ofMillis(dice.nextInt(9_000)));
            case 1 -> send(announce, agent, again(replies, -1, dice), Duration.ZERO);
            case 2 -> send(announce, agent, again(replies, 1, dice), Duration.ZERO);
            default ->
                    send(
                            announce,
                            announce.team()
                                    .agents()
                                    .get(dice.nextInt(announce.team().agents().size())),
                            again(replies, 0, dice),
                            Duration.ofMillis(dice.nextInt(4_000)));
        }
    }

    /// The same for a round before or after.
    private static List<Reply> again(List<Reply> replies, int rounds, SplittableRandom dice) {
        return replies.stream()
                .<Reply>map(
                        reply -> new Reply.Bids(reply.task(), reply.round() + rounds, bid(dice)))
                .toList();
    }

    private void send(Deed.Announce announce, Agent agent, List<Reply> replies, Duration after) {
        if (replies.isEmpty()) {
            return;
        }
        var input =
                new Input.Told(
                        announce.run(),
                        new Command.Bid(agent.id(), replies),
                        "agent/" + agent.id());
        world.later(
                after, () -> world.send(() -> world.owner().orElse(node).hear(input), () -> {}));
    }
}
