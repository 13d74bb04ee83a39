package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Auction;
import dev.tutti.core.dispatch.Awards;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.dispatch.Tempering;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event.Announced;
import dev.tutti.core.event.Event.BidDeclined;
import dev.tutti.core.event.Event.BidPlaced;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.Event.TaskClaimed;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.Decision.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets agents give tasks away among themselves: the contract net (Smith, *The Contract Net
/// Protocol*, IEEE Transactions on Computers C-29, 1980). Checks only that what they say is in time
/// and that what is awarded is legal; whom it could be awarded to is the agents' own affair.
final class Auctioning {
    /// Of the ways to award and to claim.
    private static final String VERSION = "1";

    private Auctioning() {}

    // ---- announcing

    /// How an agent is found for the next attempt at a task.
    static Terms.Choice choice(Draft draft, TaskId id) {
        var state = draft.state();
        var workflow = state.asked().name();
        var terms = draft.facts().team().terms();
        boolean own = state.performer(id).equals(state.declaration(id).performer());
        return own ? terms.of(workflow, id.name()).choice() : terms.choice(workflow);
    }

    /// A task that is ready is announced, where its agents give it away among themselves. One that
    /// needs locks is not: they are held for it by the one who gives it a place.
    static void announce(Draft draft, TaskId id) {
        var choice = choice(draft, id);
        if (!choice.isByAgents()
                || draft.state().choreographed()
                || !draft.state().task(id).course().locks().isEmpty()
                || draft.state().performer(id) instanceof Performer.ByWorkflow) {
            return;
        }
        announce(draft, id, choice);
    }

    private static void announce(Draft draft, TaskId id, Terms.Choice choice) {
        var before = draft.state().auctions().of(id);
        int round = before == null ? 1 : before.round() + 1;
        int invited =
                (int)
                        draft.facts().team().agents().stream()
                                .filter(agent -> may(draft, id, agent))
                                .count();
        var bidding = choice.bidding();
        if (choice.way() == Terms.Way.CLAIM) {
            draft.emit(new Announced(id, round, 0, null, null, invited));
            return;
        }
        var deadline = draft.now().plus(bidding.within());
        var with = draft.state().auctions().batch(deadline, draft.began());
        draft.emit(
                new Announced(
                        id,
                        round,
                        with == null ? draft.nextSequence() : with,
                        deadline,
                        bidding.reserve(),
                        invited));
    }

    /// Whether an agent may be given the next attempt at a task.
    private static boolean may(Draft draft, TaskId id, Agent agent) {
        return !draft.state().candidates(id, List.of(agent)).isEmpty();
    }

    private static boolean may(Draft draft, TaskId id, AgentId agent) {
        return draft.facts().team().agent(agent).filter(one -> may(draft, id, one)).isPresent();
    }

    // ---- bidding

    static void bid(Draft draft, Command.Bid command) {
        for (var reply : command.replies()) {
            if (refusal(draft.state(), reply, draft.now()) != null
                    || !may(draft, reply.task(), command.agent())
                    || draft.state()
                            .auctions()
                            .round(reply.task())
                            .replies()
                            .containsKey(command.agent())) {
                continue;
            }
            switch (reply) {
                case Reply.Bids(var task, var round, var bid) -> {
                    var past =
                            draft.facts()
                                    .past()
                                    .apply(command.agent(), draft.state().performer(task));
                    var likely = Tempering.temper(bid, past);
                    var worth = draft.facts().team().terms().worth();
                    double cost =
                            Tempering.cost(
                                    likely,
                                    worth.hour().usd().doubleValue(),
                                    worth.result().usd().doubleValue());
                    draft.emit(new BidPlaced(task, round, command.agent(), bid, likely, cost));
                }
                case Reply.Declines(var task, var round, var reason) ->
                        draft.emit(new BidDeclined(task, round, command.agent(), reason));
            }
        }
    }

    /// Why none of the replies counts, or null when one may.
    static @Nullable Rejection rejection(RunState state, Command.Bid command, Instant now) {
        Rejection first = null;
        for (var reply : command.replies()) {
            var why = refusal(state, reply, now);
            if (why == null) {
                return null;
            }
            first = first == null ? why : first;
        }
        return first;
    }

    private static @Nullable Rejection refusal(RunState state, Reply reply, Instant now) {
        var round = state.auctions().of(reply.task());
        if (round == null || round.claimed() || !state.wants(reply.task().name())) {
            return new Rejection("unknown", "no bids are taken for " + reply.task());
        }
        var due = state.timers().get(new Timer.BidsDue(round.batch()));
        boolean over =
                round.phase() != Auction.Phase.OPEN
                        || due == null
                        || (!state.paused() && !now.isBefore(due));
        return over || round.round() != reply.round()
                ? new Rejection(
                        "late", "round " + reply.round() + " of " + reply.task() + " is over")
                : null;
    }

    // ---- awarding

    /// No bids are taken any more on what was announced together. What nobody bid on is announced
    /// again, as often as its terms say, and given up then.
    static void over(Draft draft, long batch) {
        for (var id : draft.state().auctions().fruitless(batch)) {
            // What became of those before may have been the end of this one.
            var round = draft.state().auctions().of(id);
            if (round == null || !draft.state().wants(id.name())) {
                continue;
            }
            var choice = choice(draft, id);
            if (round.fruitless() + 1 < choice.bidding().rounds()
                    && choice.way() == Terms.Way.AUCTION) {
                announce(draft, id, choice);
            } else {
                Remedies.giveUp(
                        draft,
                        id,
                        new Failure.Permanent("no_bids", lack(round, choice.bidding().rounds())));
            }
        }
    }

    /// What was cut off between two events of the run that this one goes on from.
    static void goOn(Draft draft) {
        for (var batch : List.copyOf(draft.state().auctions().batches().keySet())) {
            if (!draft.state().timers().containsKey(new Timer.BidsDue(batch))) {
                over(draft, batch);
            }
        }
        for (var id : draft.state().readyTasks()) {
            if (!draft.state().auctions().holds(id) && draft.state().wants(id.name())) {
                announce(draft, id);
            }
        }
    }

    private static String lack(Auction round, int rounds) {
        var times = rounds == 1 ? "one round" : rounds + " rounds";
        boolean bid = round.replies().values().stream().anyMatch(placed -> placed.bid() != null);
        return bid
                ? "every bid in " + times + " was above the reserve of $" + round.reserve()
                : "nobody bid in " + times;
    }

    /// Places of bidders are there: those tasks that take no bids any more go to whom they belong.
    static void award(Draft draft, Command.Award command) {
        var places = new LinkedHashMap<AgentId, Integer>();
        command.places().forEach(agent -> places.merge(agent, 1, Integer::sum));
        for (var batch : draft.state().auctions().due()) {
            var tasks =
                    batch.stream()
                            .filter(id -> ready(draft, id) && draft.state().wants(id.name()))
                            .toList();
            for (var award : Awards.of(draft.state().auctions(), tasks, places)) {
                places.merge(award.agent(), -1, Integer::sum);
                give(
                        draft,
                        award.task(),
                        award.agent(),
                        award.candidates(),
                        chosen(Terms.Way.AUCTION, award.candidates().size()));
            }
        }
    }

    private static boolean ready(Draft draft, TaskId id) {
        var task = draft.state().tasks().get(id);
        return task != null && task.phase() == TaskState.Phase.READY;
    }

    private static Choosing chosen(Terms.Way way, int considered) {
        return new Choosing(way.word(), VERSION, considered, List.of());
    }

    private static void give(
            Draft draft, TaskId id, AgentId agent, List<Candidate> candidates, Choosing choosing) {
        draft.facts()
                .team()
                .agent(agent)
                .ifPresent(
                        one -> Dispatching.assign(draft, new Offer(id, one, candidates, choosing)));
    }

    // ---- claiming

    /// Why a claim comes to nothing, or null.
    static @Nullable Rejection rejection(RunState state, Command.ClaimTask claim) {
        var round = state.auctions().of(claim.task());
        return round == null
                        || !round.claimed()
                        || round.phase() != Auction.Phase.OPEN
                        || round.round() != claim.round()
                        || state.paused()
                        || !state.wants(claim.task().name())
                ? new Rejection("late", claim.task() + " is not to be claimed any more")
                : null;
    }

    static void claim(Draft draft, Command.ClaimTask claim) {
        if (!may(draft, claim.task(), claim.agent())) {
            throw new Decision.Refusal("agent " + claim.agent() + " cannot do " + claim.task());
        }
        draft.emit(new TaskClaimed(claim.task(), claim.round(), claim.agent(), claim.from()));
        give(
                draft,
                claim.task(),
                claim.agent(),
                List.of(new Candidate(claim.agent(), 1, null)),
                chosen(Terms.Way.CLAIM, 1));
    }

    /// How long the one who won may be silent where nobody else says so.
    static @Nullable Duration lease(Draft draft, TaskId id) {
        return draft.state().auctions().holds(id) ? choice(draft, id).bidding().lease() : null;
    }
}
