package dev.tutti.teamfile;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.core.plan.PlanCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a run may take, written as in a team file: `{ usd: 0.50, time: 10m }`.
///
/// @param budget with the limits that can be read
/// @param faults what is wrong with the others, each at `budget` and its name
public record Limits(Budget budget, List<Fault> faults) {
    private static final String AT = "budget";

    public Limits {
        faults = List.copyOf(faults);
    }

    /// Reads it; an empty object has no limits.
    public static Limits read(Value.Struct written) {
        var report = new Report();
        var budget = budget(new Section(written, Keys.BUDGET, List.of(AT), report));
        return new Limits(budget, report.faults());
    }

    /// The same as it is written, an empty object where there is no limit.
    public static Value.Struct written(Budget budget) {
        var written = new LinkedHashMap<String, Value>();
        put(written, "usd", budget.usd(), usd -> Value.text(usd.toString()));
        put(written, "tokens", budget.tokens(), Value::of);
        put(written, "time", budget.time(), time -> Value.text(time.toMillis() + "ms"));
        put(written, "attempts", budget.attempts(), Value::of);
        put(written, "tasks", budget.tasks(), Value::of);
        put(written, "runs", budget.runs(), Value::of);
        return new Value.Struct(written);
    }

    private static <T> void put(
            Map<String, Value> written, String limit, @Nullable T of, Function<T, Value> as) {
        if (of != null) {
            written.put(limit, as.apply(of));
        }
    }

    /// What a workflow does not allow.
    ///
    /// @param cap what it does
    public static List<Fault> beyond(Budget budget, Budget cap) {
        return budget.beyond(cap).stream()
                .map(limit ->
                        new Fault(
                                "E-BUDGET-01",
                                "`" + limit + "` is more than the workflow allows a run",
                                List.of(AT, limit),
                                null,
                                "too much",
                                "give less, or raise it in the team file"))
                .toList();
    }

    static Budget budget(Section limits) {
        return new Budget(
                limits.money("usd").orElse(null),
                limits.whole("tokens", 1, Integer.MAX_VALUE).map(Integer::longValue).orElse(null),
                limits.duration("time").orElse(null),
                limits.whole("attempts", 1, Integer.MAX_VALUE).orElse(null),
                limits.whole("tasks", 1, PlanCheck.MOST_ITEMS).orElse(null),
                limits.whole("runs", 0, Integer.MAX_VALUE).orElse(null));
    }
}
