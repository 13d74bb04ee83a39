package dev.tutti.core.run;

import dev.tutti.core.budget.Ledger;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event.PartReturned;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.Graph;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a run may count, attempts, tasks and runs, and the parts of it that runs within have: set
/// aside when one begins, taken back when it has ended, as money is. So what a whole tree counts is
/// never more than its top may, whoever begins what and when.
final class Carving {
    private Carving() {}

    /// The budget of a run within; null when it cannot begin, and then the task waits or has
    /// failed.
    static @Nullable Budget carve(Draft draft, TaskId id, Workflow workflow) {
        var state = draft.state();
        var ledger = state.ledger();
        int shares = Math.max(1, state.ready());
        int tasks = Math.max(1, workflow.tasks().size() + (workflow.planner() == null ? 0 : 1));
        var money = ledger.carve(workflow.budget(), shares);
        var carved = money.flatMap(budget -> ledger.carve(budget, shares, kept(state), tasks));
        if (carved.isPresent()) {
            return inTime(draft, carved.get());
        }
        var least = new Money(BigDecimal.valueOf(shares, 9));
        var need =
                money.isPresent()
                        ? Spend.NONE
                        : new Spend(
                                ledger.cap().usd() == null ? Money.ZERO : least,
                                ledger.cap().tokens() == null ? 0 : shares);
        Budgets.waits(draft, id, need, least(ledger.cap(), workflow.budget(), tasks));
        return null;
    }

    /// A run within has no more time than is left of that of this one.
    private static Budget inTime(Draft draft, Budget budget) {
        return draft.state()
                .timeLeft(draft.now())
                .map(left -> budget.within(new Budget(null, null, left, null, null)))
                .orElse(budget);
    }

    /// The least that a run within needs of what is counted, its own beginning left out but for the
    /// run that it is.
    private static Tally least(Budget cap, Budget declared, int tasks) {
        return new Tally(
                cap.attempts() == null ? 0 : 1,
                cap.tasks() == null
                        ? 0
                        : declared.tasks() == null ? tasks : Math.min(declared.tasks(), tasks),
                cap.runs() == null ? 0 : 1);
    }

    /// How many tasks the run has begun, without those that take something back.
    static int tasks(RunState state) {
        return state.ending() == null
                ? state.tasks().size()
                : (int)
                        state.tasks().keySet().stream()
                                .filter(id -> state.declaration(id).undoes() == null)
                                .count();
    }

    /// How many tasks the run keeps for itself: those it has begun, and those in its plan that may
    /// begin yet.
    static int kept(RunState state) {
        if (state.ledger().cap().tasks() == null) {
            return 0;
        }
        return tasks(state)
                + (int)
                        state.graph().order().stream()
                                .filter(name ->
                                        state.graph().node(name).phase() == Graph.Phase.PLANNED)
                                .count();
    }

    /// What the run, with those within it, has counted.
    static Tally counted(RunState state) {
        return state.ledger().tally(tasks(state));
    }

    /// A run within has ended; what it did not use of its part is free again.
    ///
    /// @param used what it counted, or null where it did not say
    static void takeBack(Draft draft, long token, @Nullable Tally used) {
        var parts = draft.state().ledger().parts();
        if (parts.aside().containsKey(token)) {
            draft.emit(new PartReturned(token, used == null ? parts.aside(token) : used));
        }
    }

    /// Whether as many tasks may begin now. Where they may not, and runs within give nothing back
    /// any more, that is a failure.
    static boolean hasTasks(Draft draft, String name, int count) {
        var state = draft.state();
        var most = state.ledger().cap().tasks();
        if (most == null || state.ending() != null) {
            return true;
        }
        var taken = state.ledger().parts().taken().tasks();
        if (state.tasks().size() + taken + count <= most) {
            return true;
        }
        boolean less = state.tasks().size() + state.ledger().parts().used().tasks() + count <= most;
        if (less && (hasRunsWithin(state) || !state.ledger().owed().isEmpty())) {
            return false;
        }
        throw new ExpressionException(
                "budget_exhausted",
                "the run may have "
                        + most
                        + " tasks at most"
                        + (taken == 0 ? "" : ", " + taken + " of them in runs within")
                        + "; `"
                        + name
                        + "` needs "
                        + count
                        + " more: "
                        + more(state, "tasks", state.tasks().size() + taken + count));
    }

    /// Whether as many tasks may begin now that the run can do without: who decides between
    /// results, or answers once more. What its plan needs yet, and runs within that wait, goes
    /// before them.
    static boolean hasRoom(Draft draft, int count) {
        var state = draft.state();
        if (state.tasks().size() + count > Decider.MOST_TASKS) {
            return false;
        }
        if (state.ledger().cap().tasks() == null) {
            return true;
        }
        var agents = draft.facts().team().agents();
        int needed = state.tasks().size();
        for (var name : state.graph().order()) {
            var node = state.graph().node(name);
            if (node.phase() == Graph.Phase.PLANNED) {
                var each = node.task().flow().each();
                int times = each != null && each.isReplicas() ? each.max() : 1;
                needed += Match.isRun(agents, node.task().performer()) ? 2 * times : times;
            }
        }
        for (var waiting : state.ledger().parts().waiting().values()) {
            needed += waiting.tasks();
        }
        return state.ledger().freeTasks(needed).orElse(count) >= count;
    }

    /// Whether a task could begin, but for the tasks that runs within may still use.
    static boolean isHeldBack(RunState state, String name) {
        return state.ledger().cap().tasks() != null
                && state.graph().node(name).phase() == Graph.Phase.PLANNED
                && !state.ledger().parts().held().isNone()
                && state.graph().verdict(name) == Graph.Verdict.RUN;
    }

    private static boolean hasRunsWithin(RunState state) {
        return state.open().values().stream()
                .anyMatch(open -> open.doer() instanceof RunState.Doer.Child);
    }

    /// Whether a run within lacks tasks or runs that nobody will give back.
    static boolean isLost(RunState state, Tally need) {
        var ledger = state.ledger();
        return ledger.parts().held().isNone()
                && (ledger.freeRuns().map(free -> free < need.runs()).orElse(false)
                        || ledger.freeTasks(kept(state))
                                .map(free -> free < need.tasks())
                                .orElse(false));
    }

    static boolean fits(Ledger ledger, Tally need, int kept) {
        // Its beginning is one attempt more.
        return ledger.freeAttempts().map(free -> free > need.attempts()).orElse(true)
                && ledger.freeTasks(kept).map(free -> free >= need.tasks()).orElse(true)
                && ledger.freeRuns().map(free -> free >= need.runs()).orElse(true);
    }

    /// How to allow more of what is counted.
    private static String more(RunState state, String limit, int enough) {
        var top = state.asked().run().outermost();
        return top.equals(state.asked().run())
                ? "`tutti raise "
                        + top
                        + " budget "
                        + limit
                        + " "
                        + enough
                        + "` allows more, and for the next run `budget: { "
                        + limit
                        + ": "
                        + enough
                        + " }` in workflow `"
                        + state.asked().name()
                        + "`"
                : "this run has a part of what run "
                        + top
                        + " may have; `tutti raise "
                        + top
                        + " budget "
                        + limit
                        + " …` allows more there, and `budget: { "
                        + limit
                        + ": … }` in workflow `"
                        + state.asked().name()
                        + "` says how much of it is for this one";
    }

    /// What there is too little of for a run within, in words; null where it is nothing that is
    /// counted, or attempts of which none at all are left.
    static @Nullable String lacks(RunState state, Tally need) {
        var ledger = state.ledger();
        var cap = ledger.cap();
        var runs = ledger.freeRuns().orElse(need.runs());
        if (runs < need.runs()) {
            return "of the budget of "
                    + cap.runs()
                    + " runs within, "
                    + (ledger.parts().begun() + ledger.parts().used().runs())
                    + " have begun and "
                    + ledger.parts().held().runs()
                    + " are set aside for those under way: "
                    + more(state, "runs", Objects.requireNonNullElse(cap.runs(), 0) + 1);
        }
        int tasks = ledger.freeTasks(kept(state)).orElse(need.tasks());
        if (tasks < need.tasks()) {
            return "of the budget of "
                    + cap.tasks()
                    + " tasks, "
                    + tasks
                    + " are left for a run within that needs "
                    + need.tasks()
                    + ": "
                    + more(
                            state,
                            "tasks",
                            Objects.requireNonNullElse(cap.tasks(), 0) + need.tasks() - tasks);
        }
        boolean few = ledger.freeAttempts().map(free -> free <= need.attempts()).orElse(false);
        return few && need.attempts() > 0 && ledger.hasAttempts()
                ? "of the budget of "
                        + cap.attempts()
                        + " attempts, 1 is left, and a run within needs 2: "
                        + more(state, "attempts", Objects.requireNonNullElse(cap.attempts(), 0) + 1)
                : null;
    }
}
