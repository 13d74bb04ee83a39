package dev.tutti.core.run;

import dev.tutti.core.agent.Retries;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Event.Assigned;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.Closing;
import dev.tutti.core.event.Event.Ended;
import dev.tutti.core.event.Event.FannedOut;
import dev.tutti.core.event.Event.Joined;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.Event.RunStarted;
import dev.tutti.core.event.Event.TaskFailed;
import dev.tutti.core.event.Event.TaskReady;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerFired;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Decision.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what follows from a command. A pure function of state, command and facts; expressions
/// are evaluated here and nowhere later, and what they gave is in the events.
public final class Decider {

    /// How long attempts have to stop once their run is closing.
    public static final Duration GRACE = Duration.ofSeconds(10);

    /// The most tasks of one run, fan-out items counted each.
    public static final int MOST_TASKS = 100_000;

    private final Expressions expressions;

    public Decider(Expressions expressions) {
        this.expressions = expressions;
    }

    /// What the core is told of the world.
    ///
    /// @param now the time, which may run backwards from one command to the next
    public record Facts(Instant now) {}

    public Decision decide(RunState state, Command command, Facts facts) {
        var rejection = rejection(state, command, facts);
        if (rejection != null) {
            return new Decision(List.of(), state, rejection);
        }
        var draft = new Draft(state);
        switch (command) {
            case Command.Start start -> start(draft, start);
            case Command.Dispatch(var offers) ->
                    offers.forEach(offer -> assign(draft, offer, facts));
            case Command.Finish finish -> finish(draft, finish, facts);
            case Command.Fire(var timer) -> fire(draft, timer, facts);
            case Command.Cancel(var reason) -> close(draft, Status.CANCELLED, reason, null, facts);
        }
        advance(draft, facts);
        return draft.done();
    }

    private static @Nullable Rejection rejection(RunState state, Command command, Facts facts) {
        if (command instanceof Command.Start) {
            return state.started() ? Rejection.ALREADY_STARTED : null;
        }
        if (!state.started()) {
            return Rejection.NOT_STARTED;
        }
        if (state.status().isFinal()) {
            return Rejection.ENDED;
        }
        return switch (command) {
            case Command.Finish(var token, _, _) ->
                    state.open().containsKey(token) ? null : Rejection.UNKNOWN_ATTEMPT;
            case Command.Fire(var timer) -> {
                var due = state.timers().get(timer);
                yield due == null || facts.now().isBefore(due) ? Rejection.NOT_DUE : null;
            }
            case Command.Start _, Command.Dispatch _, Command.Cancel _ -> null;
        };
    }

    // ---- goal and plan

    private static void start(Draft draft, Command.Start start) {
        draft.emit(
                new RunStarted(
                        start.run(), start.goal(), start.team(), start.inputs(), start.output()));
        draft.emit(new PlanAmended(0, "workflow", "the plan as written", start.tasks()));
    }

    /// Begins what has become free to run, until nothing more follows, and ends the run when
    /// nothing is left.
    private void advance(Draft draft, Decider.Facts facts) {
        for (var name = draft.next(); name != null; name = draft.next()) {
            if (draft.state().status() == Status.CLOSING) {
                break;
            }
            switch (draft.state().graph().verdict(name)) {
                case WAIT -> {}
                case DEAD ->
                        draft.emit(
                                new TaskSkipped(
                                        TaskId.of(name), "the tasks it needs were skipped"));
                case RUN -> begin(draft, draft.state().graph().node(name).task(), facts);
            }
        }
        var state = draft.state();
        if (state.status() == Status.CLOSING) {
            if (state.open().isEmpty()) {
                end(draft);
            }
        } else if (state.graph().unfinished() == 0) {
            succeed(draft, facts);
        }
    }

    private void begin(Draft draft, Task task, Facts facts) {
        var scope = new TaskScope(draft.state());
        try {
            if (task.when() != null && !isTrue(expressions.render(task.when(), scope))) {
                draft.emit(new TaskSkipped(TaskId.of(task.name()), "its condition is false"));
            } else if (task.each() == null) {
                draft.emit(new TaskReady(TaskId.of(task.name()), input(task, scope)));
            } else {
                fanOut(draft, task, task.each(), scope);
            }
        } catch (ExpressionException e) {
            giveUp(draft, TaskId.of(task.name()), failure(e), facts);
        }
    }

    private void fanOut(Draft draft, Task task, String each, TaskScope scope) {
        var items = items(task, expressions.render(each, scope));
        if (scope.state().tasks().size() + items.size() > MOST_TASKS) {
            throw new ExpressionException(
                    "limit_exceeded", "the run would have more than " + MOST_TASKS + " tasks");
        }
        if (items.size() > task.max()) {
            throw new ExpressionException(
                    "limit_exceeded",
                    "`each` of task `"
                            + task.name()
                            + "` has "
                            + items.size()
                            + " items, `max` is "
                            + task.max());
        }
        var inputs = items.stream().map(item -> input(task, scope.withItem(item))).toList();
        draft.emit(new FannedOut(task.name(), items.size()));
        for (int i = 0; i < inputs.size(); i++) {
            draft.emit(new TaskReady(new TaskId(task.name(), i), inputs.get(i)));
        }
        if (items.isEmpty()) {
            draft.emit(new Joined(task.name()));
        }
    }

    /// What a task runs over. The output of a skipped task is nothing to run over.
    private static List<Value> items(Task task, Value list) {
        return switch (list) {
            case Value.Array(var items) -> items;
            case Value.Null _ -> List.of();
            case Value.Bool _, Value.Int _, Value.Real _, Value.Text _, Value.Struct _ ->
                    throw new ExpressionException(
                            "not_a_list",
                            "`each` of task `"
                                    + task.name()
                                    + "` gave a "
                                    + Value.shape(list)
                                    + ", not a list");
        };
    }

    private Value.Struct input(Task task, TaskScope scope) {
        return (Value.Struct) expressions.render(task.input(), scope);
    }

    private static boolean isTrue(Value condition) {
        if (condition instanceof Value.Bool(var holds)) {
            return holds;
        }
        throw new ExpressionException(
                "not_a_condition", "`when` gave a " + Value.shape(condition) + ", not a bool");
    }

    // ---- dispatch

    private static void assign(Draft draft, Offer offer, Facts facts) {
        var state = draft.state();
        var task = state.tasks().get(offer.task());
        if (task == null || task.phase() != TaskState.Phase.READY || state.ending() != null) {
            return;
        }
        var timeout = state.declaration(offer.task()).timeout();
        if (timeout == null) {
            timeout = offer.timeout();
        }
        draft.emit(
                new Assigned(
                        offer.task(),
                        draft.nextSequence(),
                        offer.agent(),
                        task.attempts() + 1,
                        offer.candidates(),
                        timeout == null ? null : facts.now().plus(timeout)));
    }

    // ---- agent

    private void finish(Draft draft, Command.Finish finish, Facts facts) {
        var task = draft.state().attempt(finish.token()).task();
        finish.artifacts().forEach(draft::emit);
        switch (finish.outcome()) {
            case Outcome.Succeeded(var output, var usage) ->
                    draft.emit(new ResultAccepted(task, finish.token(), output, usage));
            case Outcome.Failed(var failure, var usage) ->
                    attemptEnded(draft, finish.token(), failure, usage, facts);
        }
    }

    private void attemptEnded(Draft draft, long token, Failure failure, Usage usage, Facts facts) {
        var task = draft.state().attempt(token).task();
        draft.emit(new AttemptEnded(task, token, failure, usage));
        if (draft.state().ending() != null) {
            return;
        }
        var state = draft.state();
        var pause =
                Retries.next(
                        state.declaration(task).retry(), state.task(task).spent(), failure, token);
        if (pause.isPresent()) {
            draft.emit(new TimerSet(new Timer.RetryDue(task), facts.now().plus(pause.get())));
        } else {
            giveUp(draft, task, failure, facts);
        }
    }

    private void giveUp(Draft draft, TaskId task, Failure failure, Facts facts) {
        switch (draft.state().declaration(task).onFailure()) {
            case SKIP -> draft.emit(new TaskSkipped(task, failure.message()));
            case FAIL -> {
                draft.emit(new TaskFailed(task, failure));
                close(
                        draft,
                        Status.FAILED,
                        "task " + task + " failed: " + failure.message(),
                        failure,
                        facts);
            }
        }
    }

    // ---- time

    private void fire(Draft draft, Timer timer, Facts facts) {
        var due = draft.state().timers().getOrDefault(timer, facts.now());
        draft.emit(new TimerFired(timer));
        switch (timer) {
            case Timer.RetryDue(var task) -> {
                if (draft.state().ending() == null) {
                    draft.emit(new TaskReady(task, draft.state().task(task).input()));
                }
            }
            case Timer.AttemptDue(var token) ->
                    attemptEnded(draft, token, new Failure.TimedOut(due), Usage.NONE, facts);
            case Timer.CloseDue() ->
                    List.copyOf(draft.state().open().keySet())
                            .forEach(token ->
                                    attemptEnded(
                                            draft,
                                            token,
                                            new Failure.Cancelled(),
                                            Usage.NONE,
                                            facts));
        }
    }

    // ---- the end

    private static void close(
            Draft draft, Status status, String reason, @Nullable Failure failure, Facts facts) {
        if (draft.state().ending() != null) {
            return;
        }
        draft.emit(new Closing(status, reason, failure));
        if (!draft.state().open().isEmpty()) {
            draft.emit(new TimerSet(new Timer.CloseDue(), facts.now().plus(GRACE)));
        }
    }

    private void succeed(Draft draft, Facts facts) {
        try {
            var output =
                    expressions.render(
                            draft.state().asked().output(), new TaskScope(draft.state()));
            draft.emit(new Ended(Status.SUCCEEDED, output, null));
        } catch (ExpressionException e) {
            var failure = failure(e);
            close(
                    draft,
                    Status.FAILED,
                    "the output could not be made: " + e.getMessage(),
                    failure,
                    facts);
            end(draft);
        }
    }

    private static Failure failure(ExpressionException e) {
        return new Failure.Permanent(e.code(), String.valueOf(e.getMessage()));
    }

    private static void end(Draft draft) {
        var ending = draft.state().ending();
        if (ending != null) {
            draft.emit(new Ended(ending.status(), Value.NULL, ending.failure()));
        }
    }
}
