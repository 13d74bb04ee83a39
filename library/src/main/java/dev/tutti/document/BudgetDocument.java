package dev.tutti.document;

import dev.tutti.core.budget.Ledger;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.view.RunDocument;
import java.util.LinkedHashMap;

/// What a run may spend, has spent, and has set aside: what `tutti budget --json` prints.
public final class BudgetDocument {
    private BudgetDocument() {}

    public static Value.Struct of(RunId run, RunState state) {
        var ledger = state.ledger();
        var waiting = new LinkedHashMap<String, Value>();
        ledger.waiting().forEach((task, need) -> waiting.put(task.toString(), spend(need)));
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.value()),
                "budget",
                limits(ledger),
                "spent",
                spend(ledger.spent()),
                "set_aside",
                spend(ledger.held()),
                "attempts",
                Value.of(ledger.attempts()),
                "tasks",
                Value.of(state.tasks().size()),
                "waiting",
                new Value.Struct(waiting));
    }

    private static Value limits(Ledger ledger) {
        var limits = EventCodec.budget(ledger.cap());
        return limits == null ? Value.Struct.EMPTY : limits;
    }

    private static Value spend(Spend spend) {
        return Value.struct(
                "usd", Value.text(spend.usd().toString()), "tokens", Value.of(spend.tokens()));
    }
}
