package dev.tutti.runtime.engine;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.bidding.DeclaredBids;
import java.util.ArrayList;
import java.util.List;

/// The bids of the agents of a team on what was announced, by what the team file says of each of
/// them: one input for each agent.
public final class BidsByFile {
    private final DeclaredBids declared;

    public BidsByFile(Expressions expressions) {
        declared = new DeclaredBids(expressions);
    }

    /// All bids, agent by agent, in the order of the team.
    public List<Input> of(Deed.Announce announce) {
        var inputs = new ArrayList<Input>();
        for (var agent : announce.team().agents()) {
            var replies = of(announce, agent);
            if (!replies.isEmpty()) {
                inputs.add(input(announce, agent, replies));
            }
        }
        return inputs;
    }

    /// What one agent says.
    public List<Reply> of(Deed.Announce announce, Agent agent) {
        var self = announce.self().get(agent.id());
        var open = self == null ? List.<Action.Announce>of() : open(announce, agent);
        return self == null || open.isEmpty()
                ? List.of()
                : declared.replies(agent, announce.team().terms().of(agent.id()).bid(), self, open);
    }

    /// Those of the tasks that an agent may bid for.
    public static List<Action.Announce> open(Deed.Announce announce, Agent agent) {
        return DeclaredBids.open(agent, announce.tasks());
    }

    /// The answers of an agent, on their way to the run.
    public static Input input(Deed.Announce announce, Agent agent, List<Reply> replies) {
        return new Input.Told(
                announce.run(), new Command.Bid(agent.id(), replies), "agent/" + agent.id());
    }
}
