package dev.tutti.runtime.journal;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// Budgets and what is held against them, as payloads. Money is text, so that no digit is lost.
final class BudgetCodec {
    private BudgetCodec() {}

    /// Null where there is no limit at all.
    static @Nullable Value encode(Budget budget) {
        if (budget.equals(Budget.NONE)) {
            return null;
        }
        var out = new Fields();
        if (budget.usd() != null) {
            out.put("usd", budget.usd().toString());
        }
        if (budget.tokens() != null) {
            out.put("tokens", budget.tokens());
        }
        if (budget.time() != null) {
            out.put("time", budget.time().toString());
        }
        if (budget.attempts() != null) {
            out.put("attempts", budget.attempts());
        }
        if (budget.tasks() != null) {
            out.put("tasks", budget.tasks());
        }
        if (budget.runs() != null) {
            out.put("runs", budget.runs());
        }
        return out.struct();
    }

    static Budget decode(Fields event, String name) {
        if (event.find(name) == null) {
            return Budget.NONE;
        }
        var in = event.fields(name);
        var usd = in.findText("usd");
        return new Budget(
                usd == null ? null : Money.of(usd),
                in.find("tokens") == null ? null : in.number("tokens"),
                in.duration("time"),
                in.find("attempts") == null ? null : (int) in.number("attempts"),
                in.find("tasks") == null ? null : (int) in.number("tasks"),
                in.find("runs") == null ? null : (int) in.number("runs"));
    }

    static Value encode(Tally tally) {
        return new Fields()
                .put("attempts", tally.attempts())
                .put("tasks", tally.tasks())
                .put("runs", tally.runs())
                .struct();
    }

    static Tally tally(Fields event, String name) {
        if (event.find(name) == null) {
            return Tally.NONE;
        }
        var in = event.fields(name);
        return new Tally(
                (int) in.number("attempts"), (int) in.number("tasks"), (int) in.number("runs"));
    }

    static Value encode(Spend spend) {
        return new Fields()
                .put("usd", spend.usd().toString())
                .put("tokens", spend.tokens())
                .struct();
    }

    static Spend spend(Fields event, String name) {
        if (event.find(name) == null) {
            return Spend.NONE;
        }
        var in = event.fields(name);
        return new Spend(Money.of(in.text("usd")), in.number("tokens"));
    }

    /// That usage is all known is left out.
    static Value encode(Usage usage) {
        var out =
                new Fields()
                        .put("usd", usage.usd().toString())
                        .put("input_tokens", usage.inputTokens())
                        .put("output_tokens", usage.outputTokens());
        return (usage.known() ? out : out.put("unknown", Value.of(true))).struct();
    }

    static Usage usage(Fields in) {
        return new Usage(
                in.money("usd"),
                in.number("input_tokens"),
                in.number("output_tokens"),
                in.find("unknown") == null);
    }
}
