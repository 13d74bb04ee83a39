package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.PlanCheck;
import dev.tutti.core.run.StandIn;
import dev.tutti.core.run.Unaffordable;
import java.util.ArrayList;
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

    /// What is wrong with a budget that somebody gives a run, each at `budget` and a limit: more
    /// than the workflow allows, or tasks that can never be done within it.
    ///
    /// @param standIns outputs of tasks that nobody needs to do
    public static List<Fault> faults(
            Budget budget, Workflow workflow, List<Agent> agents, List<StandIn> standIns) {
        var beyond = beyond(budget, workflow.budget());
        if (budget.equals(Budget.NONE) || !beyond.isEmpty()) {
            return beyond;
        }
        var given = standIns.stream().map(StandIn::task).toList();
        var tasks = workflow.tasks().stream().filter(task -> !given.contains(task.name())).toList();
        boolean planned = standIns.stream().anyMatch(one -> one.plan() != null);
        var within = workflow.budget().within(budget);
        var left = workflow.withTasks(tasks).with(planned ? null : workflow.planner(), within);
        var limit = within.usd() == null ? "tokens" : "usd";
        return unaffordable(left, within, agents).stream()
                .map(fault -> at(List.of(AT, limit), fault))
                .toList();
    }

    private static Fault at(List<String> at, Fault fault) {
        return new Fault(fault.code(), fault.message(), at, null, fault.label(), fault.help());
    }

    private static List<Fault> beyond(Budget budget, Budget cap) {
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

    /// Tasks of a workflow that can never be done within a budget, at their places in its team
    /// file.
    static List<Fault> unaffordable(Workflow workflow, Budget budget, List<Agent> agents) {
        var found = new ArrayList<Fault>();
        var planner = workflow.planner();
        if (planner != null) {
            found.addAll(
                    Unaffordable.of(
                            budget,
                            List.of("planner"),
                            new Task.Performer.ByAgent(planner.agent()),
                            agents));
        }
        found.addAll(Unaffordable.of(budget, Spend.NONE, workflow.tasks(), agents));
        return found.stream()
                .map(fault -> {
                    var at = new ArrayList<>(List.of("workflows", workflow.name()));
                    at.addAll(fault.at());
                    return at(at, fault);
                })
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
