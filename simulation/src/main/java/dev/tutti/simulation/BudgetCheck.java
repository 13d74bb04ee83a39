package dev.tutti.simulation;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Usage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I8: what is spent and set aside is never more than the budget, at every prefix, but by what an
/// attempt took beyond what it had declared; and when the run ends nothing is set aside any more.
/// It keeps books of its own and asks nothing of the fold.
final class BudgetCheck extends Check {
    private final Map<Long, Spend> reserved = new HashMap<>();
    private final Map<Long, RunId> children = new HashMap<>();
    private final Set<Long> owed = new HashSet<>();
    private @Nullable RunId run;
    private Budget cap = Budget.NONE;
    private Spend spent = Spend.NONE;
    private Spend beyond = Spend.NONE;
    private int attempts;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted e -> {
                run = e.run();
                cap = e.budget();
            }
            case Event.BudgetRaised e -> cap = e.budget();
            case Event.Assigned e -> begins(step, e.token(), e.reserved());
            case Event.ChildStarted e -> {
                children.put(e.token(), e.child());
                begins(step, e.token(), counted(e.budget()));
            }
            case Event.AttemptEnded e -> ended(e);
            case Event.ResultAccepted e -> settled(e.token(), e.usage());
            case Event.ResultProposed e -> settled(e.token(), e.usage());
            case Event.PlanProposed e -> settled(e.token(), e.usage());
            case Event.Iterated e -> settled(e.token(), e.usage());
            case Event.HandedOver e -> settled(e.token(), e.usage());
            case Event.Settled e -> {
                if (!owed.remove(e.token()) && !step.copied()) {
                    report("I9", step, "attempt " + e.token() + " is settled and owes nothing");
                }
                settled(e.token(), e.usage());
            }
            case Event.Ended _ -> {
                if (cap.isOfSpending() && !reserved.isEmpty()) {
                    report("I3", step, "the run ends and still sets aside " + reserved);
                }
            }
            default -> {}
        }
        bound(step);
    }

    private Spend counted(Budget carved) {
        return new Spend(
                cap.usd() == null || carved.usd() == null ? Spend.NONE.usd() : carved.usd(),
                cap.tokens() == null || carved.tokens() == null ? 0 : carved.tokens());
    }

    private void begins(Step step, long token, Spend spend) {
        attempts++;
        if (!spend.isNone()) {
            reserved.put(token, spend);
        }
        if (cap.attempts() != null && attempts > cap.attempts()) {
            report("I8", step, "attempt " + attempts + " begins of " + cap.attempts());
        }
    }

    private void ended(Event.AttemptEnded e) {
        var child = children.get(e.token());
        boolean givenUp =
                e.failure() instanceof Failure.Cancelled
                        || e.failure() instanceof Failure.TimedOut
                        || e.failure() instanceof Failure.Interrupted;
        if (child != null && run != null && child.isWithin(run) && givenUp) {
            owed.add(e.token());
        } else if (e.failure() instanceof Failure.Crashed) {
            var aside = reserved.getOrDefault(e.token(), Spend.NONE);
            charge(e.token(), Spend.of(e.usage()).atLeast(aside));
        } else {
            settled(e.token(), e.usage());
        }
    }

    private void settled(long token, Usage usage) {
        charge(token, Spend.of(usage));
    }

    private void charge(long token, Spend taken) {
        var aside = reserved.remove(token);
        spent = spent.plus(taken);
        beyond = beyond.plus(taken.minus(aside == null ? Spend.NONE : aside));
    }

    private void bound(Step step) {
        if (!cap.isOfSpending()) {
            return;
        }
        var held = spent;
        for (var one : reserved.values()) {
            held = held.plus(one);
        }
        boolean money = cap.usd() != null && held.usd().compareTo(cap.usd().plus(beyond.usd())) > 0;
        boolean tokens = cap.tokens() != null && held.tokens() > cap.tokens() + beyond.tokens();
        if (money || tokens) {
            report("I8", step, held + " is spent or set aside of " + cap);
        }
    }
}
