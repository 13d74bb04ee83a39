package dev.tutti.simulation;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I8: what is spent and set aside is never more than the budget, at every prefix, but by what an
/// attempt took beyond what it had declared; and when the run ends nothing is set aside any more.
/// So are attempts, tasks and runs with the parts of runs within. It keeps books of its own and
/// asks nothing of the fold. What an attempt is not known to have taken is charged.
final class BudgetCheck extends Check {
    private final Map<Long, Spend> reserved = new HashMap<>();
    private final Map<Long, RunId> children = new HashMap<>();
    private final Set<Long> owed = new HashSet<>();
    private @Nullable RunId run;
    private Budget cap = Budget.NONE;
    private Spend spent = Spend.NONE;
    private Spend beyond = Spend.NONE;
    private int attempts;
    private int runs;
    private final Set<TaskId> tasks = new HashSet<>();
    private final Map<Long, Tally> parts = new HashMap<>();
    private Tally returned = Tally.NONE;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted e -> {
                run = e.run();
                cap = e.budget();
            }
            case Event.BudgetRaised e -> cap = e.budget();
            case Event.Assigned e -> begins(e.token(), e.reserved());
            case Event.ChildStarted e -> {
                children.put(e.token(), e.child());
                runs++;
                if (!e.part().isNone()) {
                    parts.put(e.token(), e.part());
                }
                begins(e.token(), counted(e.budget()));
            }
            case Event.PartReturned e -> {
                if (parts.remove(e.token()) == null && !step.copied()) {
                    report("I8", step, "attempt " + e.token() + " gives back what it has not");
                }
                returned = returned.plus(e.used());
            }
            case Event.TaskReady e -> begun(e.task());
            case Event.TaskHeld e -> begun(e.task());
            case Event.InputGiven e -> begun(e.task());
            case Event.Awaited e -> begun(e.task());
            case Event.TasksReset e -> tasks.removeIf(id -> e.tasks().contains(id.name()));
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
                if (!parts.isEmpty()) {
                    report("I3", step, "the run ends and runs within still have " + parts);
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

    private void begins(long token, Spend spend) {
        attempts++;
        if (!spend.isNone()) {
            reserved.put(token, spend);
        }
    }

    private void begun(TaskId task) {
        if (!task.name().startsWith("undo:")) {
            tasks.add(task);
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
            return;
        }
        // Of a run that belongs to the one that this was forked from.
        parts.remove(e.token());
        settled(
                e.token(),
                e.failure() instanceof Failure.Crashed ? e.usage().atLeast() : e.usage());
    }

    /// What is not known is charged.
    private void settled(long token, Usage usage) {
        var aside = reserved.getOrDefault(token, Spend.NONE);
        var known = Spend.of(usage);
        charge(token, usage.known() ? known : known.atLeast(aside));
    }

    private void charge(long token, Spend taken) {
        var aside = reserved.remove(token);
        spent = spent.plus(taken);
        beyond = beyond.plus(taken.minus(aside == null ? Spend.NONE : aside));
    }

    private void bound(Step step) {
        var all = new Tally(attempts, tasks.size(), runs).plus(returned);
        for (var part : parts.values()) {
            all = all.plus(part);
        }
        within(step, "attempts", all.attempts(), cap.attempts());
        within(step, "tasks", all.tasks(), cap.tasks());
        within(step, "runs", all.runs(), cap.runs());
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

    private void within(Step step, String what, int count, @Nullable Integer most) {
        if (most != null && count > most) {
            report("I8", step, count + " " + what + " are counted or set aside of " + most);
        }
    }
}
