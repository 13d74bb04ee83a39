package dev.tutti.core.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Money;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// How far the giving away of one task by its agents is: the round that is open, or was the latest.
///
/// @param round which announcement of the task it is, from 1
/// @param fruitless how many rounds before this one ended without a bid that could win, in a row
/// @param batch what was announced together with it and is awarded with it
/// @param claimed whether the first who claims it has it; nobody bids then
/// @param reserve what no bid that wins is above, or null
/// @param invited how many may answer
/// @param replies what was answered, by agent
public record Auction(
        int round,
        int fruitless,
        long batch,
        boolean claimed,
        @Nullable Money reserve,
        int invited,
        PMap<AgentId, Placed> replies,
        Phase phase) {

    /// An answer.
    ///
    /// @param bid as it was placed, or null where the agent declined
    /// @param cost what it is likely to cost in dollars, all in all; less is better
    public record Placed(AgentId agent, @Nullable Bid bid, double cost) {
        /// The order in which bids win: the lowest cost, and of equal ones the first name.
        public static final Comparator<Placed> ORDER =
                Comparator.comparingDouble(Placed::cost).thenComparing(Placed::agent);
    }

    /// Where a round stands.
    public enum Phase {
        /// Bids are taken.
        OPEN,
        /// No further bids are taken; it is to be awarded.
        OVER,
        /// Someone has the task, or the task is not to be given away any more.
        SETTLED
    }

    static Auction announced(
            int round,
            int fruitless,
            long batch,
            boolean claimed,
            @Nullable Money reserve,
            int invited) {
        return new Auction(
                round,
                fruitless,
                batch,
                claimed,
                reserve,
                invited,
                HashTreePMap.empty(),
                Phase.OPEN);
    }

    Auction with(Placed placed) {
        var more = replies.plus(placed.agent(), placed);
        boolean over = phase == Phase.OPEN && more.size() >= invited;
        return new Auction(
                round,
                fruitless,
                batch,
                claimed,
                reserve,
                invited,
                more,
                over ? Phase.OVER : phase);
    }

    Auction in(Phase next) {
        return new Auction(round, fruitless, batch, claimed, reserve, invited, replies, next);
    }

    /// Whether a bid is at most the reserve price.
    public boolean lets(Placed placed) {
        return placed.bid() != null
                && (reserve == null || placed.bid().price().compareTo(reserve) <= 0);
    }

    /// The bids that could win, best first.
    public List<Placed> eligible() {
        return replies.values().stream().filter(this::lets).sorted(Placed.ORDER).toList();
    }

    /// Whether a bid could win.
    public boolean anyEligible() {
        return replies.values().stream().anyMatch(this::lets);
    }

    /// What an agent bid in this round.
    public Optional<Placed> bidOf(AgentId agent) {
        return Optional.ofNullable(replies.get(agent)).filter(placed -> placed.bid() != null);
    }
}
