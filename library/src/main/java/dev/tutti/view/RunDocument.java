package dev.tutti.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.projection.RunSummary;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs as JSON documents for programs. Format 1: names may be added, never removed or given
/// another type.
public final class RunDocument {
    public static final Value.Int FORMAT = Value.of(1);

    private RunDocument() {}

    /// The document that `run`, `recover` and `show` print.
    public static Value.Struct of(Overview overview) {
        var state = overview.state();
        var ending = state.ending();
        var document = new LinkedHashMap<String, Value>();
        document.put("format", FORMAT);
        document.put("run", Value.text(overview.run().value()));
        document.put("status", Value.text(overview.status().word()));
        document.put("output", state.output());
        document.put("cost", cost(state.usage()));
        document.put("tasks", tasks(overview));
        document.put("goal", Value.text(state.started() ? state.asked().name() : ""));
        document.put("inputs", state.started() ? state.asked().inputs() : Value.Struct.EMPTY);
        document.put("started_at", Value.text(overview.startedAt().toString()));
        document.put("last_at", Value.text(overview.lastAt().toString()));
        document.put("events", Value.of(state.sequence()));
        state.deadline()
                .filter(_ -> !state.paused())
                .ifPresent(due -> document.put("deadline", Value.text(due.toString())));
        if (ending != null) {
            document.put("reason", Value.text(ending.reason()));
        }
        if (ending != null && ending.failure() != null) {
            document.put("failure", failure(ending.failure()));
        }
        return new Value.Struct(document);
    }

    /// The same, and whether the money is all of it: `unpriced` in a cost says that it is not.
    public static Value.Struct of(Overview overview, Team team) {
        var document = of(overview);
        if (!Unpriced.is(team, overview)) {
            return document;
        }
        var tasks = new LinkedHashMap<>(tasks(overview).fields());
        for (var task : overview.tasks()) {
            if (Unpriced.is(team, task.agents(), task.usage())
                    && tasks.get(task.name()) instanceof Value.Struct fields) {
                tasks.put(task.name(), fields.with("cost", unpriced(task.usage())));
            }
        }
        return document.with("cost", unpriced(overview.state().usage()))
                .with("tasks", new Value.Struct(tasks));
    }

    private static Value.Struct unpriced(Usage usage) {
        return cost(usage).with("unpriced", Value.of(true));
    }

    /// What was used up, `unknown` where it may be more.
    public static Value.Struct cost(Usage usage) {
        var cost =
                Value.struct(
                        "usd",
                        money(usage.usd()),
                        "input_tokens",
                        Value.of(usage.inputTokens()),
                        "output_tokens",
                        Value.of(usage.outputTokens()));
        return usage.known() ? cost : cost.with("unknown", Value.of(true));
    }

    /// A task by its name, or null in the sense of values.
    public static Value task(@Nullable TaskId task) {
        return task == null ? Value.NULL : Value.text(task.toString());
    }

    private static Value money(Money amount) {
        BigDecimal usd = amount.usd();
        return usd.scale() <= 0 && usd.precision() < 19
                ? Value.of(usd.longValueExact())
                : new Value.Real(usd.doubleValue());
    }

    static Value.Struct failure(Failure failure) {
        return Value.struct(
                "code",
                Value.text(failure.code()),
                "message",
                Value.text(failure.message()),
                "retryable",
                Value.of(failure.retryable()));
    }

    private static Value.Struct tasks(Overview overview) {
        var tasks = new LinkedHashMap<String, Value>();
        overview.tasks().forEach(task -> tasks.put(task.name(), task(task)));
        return new Value.Struct(tasks);
    }

    private static Value.Struct task(TaskOverview task) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("status", Value.text(task.standing().word()));
        fields.put("attempts", Value.of(task.attempts()));
        var agents = task.agents();
        fields.put("agent", agents.isEmpty() ? Value.NULL : Value.text(agents.getFirst().value()));
        if (agents.size() > 1) {
            fields.put("agents", Value.from(agents.stream().map(agent -> agent.value()).toList()));
        }
        if (task.isFanOut() && task.items().isPresent()) {
            fields.put("items", items(task));
        }
        task.standIn().ifPresent(one -> fields.put(StandIn.VERB, standIn(one)));
        var resolved = task.resolved;
        if (resolved != null) {
            fields.put("confidence", new Value.Real(resolved.confidence()));
            fields.put("by", Value.text(resolved.by()));
        }
        if (!task.dissent.isEmpty()) {
            fields.put(
                    "answers",
                    new Value.Array(task.dissent.stream().map(RunDocument::position).toList()));
        }
        fields.put("cost", cost(task.usage()));
        task.begunAt().ifPresent(at -> fields.put("begun_at", Value.text(at.toString())));
        task.endedAt().ifPresent(at -> fields.put("ended_at", Value.text(at.toString())));
        if (task.standing() == Standing.FAILED) {
            task.failure().ifPresent(failure -> fields.put("failure", failure(failure)));
        }
        if (task.standing() == Standing.SKIPPED) {
            fields.put("reason", Value.text(task.skipped()));
        }
        return new Value.Struct(fields);
    }

    /// Where what stands in for a task is from, and who had it do so.
    public static Value standIn(TaskOverview.StandIn one) {
        return Value.struct(
                "run",
                one.from() == null ? Value.NULL : Value.text(one.from()),
                "by",
                Value.text(one.by()));
    }

    private static Value position(Position position) {
        return Value.struct(
                "answer",
                position.answer(),
                "agents",
                Value.from(position.agents()),
                "sources",
                Value.from(position.sources()),
                "share",
                new Value.Real(position.share()));
    }

    private static Value.Struct items(TaskOverview task) {
        return Value.struct(
                "total",
                Value.of(task.items().orElse(0)),
                "succeeded",
                Value.of(task.count(TaskState.Phase.DONE)),
                "skipped",
                Value.of(task.count(TaskState.Phase.SKIPPED)),
                "failed",
                Value.of(task.count(TaskState.Phase.FAILED)));
    }

    /// The list that `runs` prints.
    public static Value.Struct of(List<RunSummary> runs) {
        return Value.struct(
                "format",
                FORMAT,
                "runs",
                new Value.Array(runs.stream().<Value>map(RunDocument::line).toList()));
    }

    /// A run as the list of runs has it.
    public static Value.Struct line(RunSummary run) {
        return Value.struct(
                "run",
                Value.text(run.run().value()),
                "status",
                Value.text(run.status().word()),
                "reason",
                run.reason().isEmpty() ? Value.NULL : Value.text(run.reason()),
                "goal",
                Value.text(run.goal()),
                "about",
                run.about().isEmpty() ? Value.NULL : Value.text(run.about()),
                "tasks",
                Value.struct(
                        "total",
                        Value.of(run.tasks()),
                        "done",
                        Value.of(run.done()),
                        "failed",
                        Value.of(run.failed())),
                "cost",
                Value.struct("usd", money(run.spent())),
                "budget",
                run.limit() == null ? Value.NULL : Value.struct("usd", money(run.limit())),
                "started_at",
                Value.text(run.startedAt().toString()),
                "last_at",
                Value.text(run.lastAt().toString()));
    }
}
