package dev.tutti.runtime.bidding;

import dev.tutti.core.dispatch.PastBids;
import dev.tutti.core.event.Value;

/// What an agent knows of itself when it bids; `self` in its expressions.
///
/// @param places how many tasks it takes at once
/// @param busy how many it is at
/// @param past what its earlier bids for such tasks were worth
public record Self(int places, int busy, PastBids past) {

    /// As expressions see it: `places`, `busy`, `free`, `won` and `accepted` tasks, and `slowness`,
    /// the time that its results took in parts of the time that it bid.
    public Value.Struct struct() {
        return Value.struct(
                "places",
                Value.of(places),
                "busy",
                Value.of(busy),
                "free",
                Value.of(Math.max(0, places - busy)),
                "won",
                Value.of(past.decided()),
                "accepted",
                Value.of(Math.round(past.accepted())),
                "slowness",
                new Value.Real(past.timed() == 0 ? 1 : past.slowness() / past.timed()));
    }
}
