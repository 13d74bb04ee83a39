package dev.tutti.core.run;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event.BudgetRaised;
import dev.tutti.core.event.Event.Intervened;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Decision.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A person allows a run more.
final class Raising {
    private Raising() {}

    static void raise(Draft draft, Verb.RaiseBudget verb, String reason) {
        var state = draft.state();
        if (state.asked().origin() instanceof Origin.Child(var above, _, _)) {
            throw new Refusal(
                    "the budget of this run is carved from that of run "
                            + above
                            + "; raise that one");
        }
        var cap = state.ledger().cap();
        var more = verb.by() ? cap.raisedBy(verb.budget()) : verb.budget();
        var raised =
                new Budget(
                        greater("usd", cap.usd(), more.usd()),
                        greater("tokens", cap.tokens(), more.tokens()),
                        greater("time", cap.time(), more.time()),
                        greater("attempts", cap.attempts(), more.attempts()),
                        greater("tasks", cap.tasks(), more.tasks()),
                        greater("runs", cap.runs(), more.runs()));
        draft.emit(new Intervened("raise", List.of(), reason, value(cap), value(raised)));
        draft.emit(new BudgetRaised(raised));
        if (cap.time() != null && more.time() != null) {
            var due = state.timers().getOrDefault(new Timer.BudgetDue(), draft.now());
            draft.emit(
                    new TimerSet(new Timer.BudgetDue(), due.plus(more.time()).minus(cap.time())));
            Budgets.awaitAlarm(draft);
        }
        for (var asked : List.copyOf(state.questions().values())) {
            if (asked.question().purpose() == Question.Purpose.STALL) {
                Questions.close(draft, asked.question().id(), "the budget was raised");
            }
        }
    }

    private static <T extends Comparable<T>> @Nullable T greater(
            String limit, @Nullable T cap, @Nullable T more) {
        if (more == null) {
            return cap;
        }
        if (cap == null) {
            throw new Refusal("the run has no budget of " + limit + ": it may take what it needs");
        }
        if (more.compareTo(cap) <= 0) {
            throw new Refusal(
                    "the budget of " + limit + " is " + cap + " already; raise allows more");
        }
        return more;
    }

    private static Value value(Budget budget) {
        var fields = new LinkedHashMap<String, Value>();
        put(fields, "usd", budget.usd());
        put(fields, "tokens", budget.tokens());
        put(fields, "time", budget.time());
        put(fields, "attempts", budget.attempts());
        put(fields, "tasks", budget.tasks());
        put(fields, "runs", budget.runs());
        return new Value.Struct(fields);
    }

    private static void put(Map<String, Value> fields, String name, @Nullable Object limit) {
        if (limit != null) {
            fields.put(name, Value.text(limit.toString()));
        }
    }
}
