package dev.tutti.simulation.world;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Usage;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.Map;

/// What whoever is called by attempts will want to be paid for, which is theirs to say and cannot
/// be taken back.
///
/// I38: an attempt is charged what it took, as far as that was set aside for it: to the cent where
/// its end says that all is known, and otherwise no less, whether it was heard of or not.
final class Bills {
    private final World world;
    private final Map<Bill, Spend> taken = new HashMap<>();
    private final Map<Bill, Charge> charged = new HashMap<>();

    private record Bill(StreamId run, long token) {}

    /// @param aside what was set aside for the attempt when it ended
    /// @param known whether it was said that this is all
    private record Charge(Spend spend, Spend aside, boolean known) {}

    Bills(World world) {
        this.world = world;
    }

    /// An attempt calls somebody who is to be paid.
    void took(StreamId run, long token, Usage usage) {
        var bill = new Bill(run, token);
        var all = taken.merge(bill, Spend.of(usage), Spend::plus);
        var charge = charged.get(bill);
        if (charge != null) {
            judge(bill, all, charge);
        }
    }

    /// Looks at an event on its way to the fold.
    void see(StreamId run, RunState before, Event event) {
        switch (event) {
            case Event.AttemptEnded e -> ended(run, before, event, e.token(), e.usage());
            case Event.ResultAccepted e -> ended(run, before, event, e.token(), e.usage());
            case Event.ResultProposed e -> ended(run, before, event, e.token(), e.usage());
            case Event.PlanProposed e -> ended(run, before, event, e.token(), e.usage());
            case Event.Iterated e -> ended(run, before, event, e.token(), e.usage());
            case Event.HandedOver e -> ended(run, before, event, e.token(), e.usage());
            default -> {}
        }
    }

    private void ended(StreamId run, RunState before, Event event, long token, Usage usage) {
        var bill = new Bill(run, token);
        if (charged.containsKey(bill)) {
            return;
        }
        var spend = before.evolve(event).ledger().spent().minus(before.ledger().spent());
        boolean crashed =
                event instanceof Event.AttemptEnded e && e.failure() instanceof Failure.Crashed;
        var charge = new Charge(spend, before.ledger().aside(token), usage.known() && !crashed);
        charged.put(bill, charge);
        var all = taken.get(bill);
        if (all != null) {
            judge(bill, all, charge);
        }
    }

    private void judge(Bill bill, Spend all, Charge charge) {
        boolean foreseen = all.minus(charge.aside()).isNone();
        boolean less = !all.minus(charge.spend()).isNone();
        boolean wrong = charge.known() ? !all.equals(charge.spend()) : less && foreseen;
        if (wrong) {
            world.violated(
                    "I38",
                    bill.run(),
                    "attempt "
                            + bill.token()
                            + " took "
                            + all
                            + " and is charged "
                            + charge.spend()
                            + (charge.known() ? ", which is said to be all" : ""));
        }
    }
}
