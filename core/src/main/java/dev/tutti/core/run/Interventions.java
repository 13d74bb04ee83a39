package dev.tutti.core.run;

import dev.tutti.core.agent.Retries;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event.EffectWithdrawn;
import dev.tutti.core.event.Event.InputGiven;
import dev.tutti.core.event.Event.Intervened;
import dev.tutti.core.event.Event.OutputGiven;
import dev.tutti.core.event.Event.Paused;
import dev.tutti.core.event.Event.Resumed;
import dev.tutti.core.event.Event.TaskRevised;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TasksReset;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.plan.Regions;
import dev.tutti.core.run.Decision.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people do to runs. Each leaves a mark of its own before what follows from it.
final class Interventions {
    private Interventions() {}

    static void carryOut(Draft draft, Command.Intervene command) {
        var state = draft.state();
        if (command.expected() > 0 && command.expected() != state.sequence()) {
            throw new Refusal(Command.Intervene.movedOn(command.expected(), state.sequence()));
        }
        if (state.ending() != null
                && !(command.verb() instanceof Verb.Cancel)
                && !(command.verb() instanceof Verb.Terminate)) {
            throw new Refusal("the run is closing");
        }
        var reason = command.reason();
        switch (command.verb()) {
            case Verb.Pause() -> pause(draft, reason);
            case Verb.Resume() -> resume(draft, reason);
            case Verb.Cancel(var force) -> cancel(draft, force, reason);
            case Verb.Terminate() -> {
                mark(draft, command.verb(), List.of(), reason, Value.NULL);
                Endings.terminate(draft, reason);
            }
            case Verb.CancelTasks(var tasks) -> {
                tasks.forEach(task -> planned(draft, task));
                mark(draft, command.verb(), tasks, reason, Value.NULL);
                tasks.forEach(task -> Endings.giveUp(draft, task, "cancelled: " + reason));
            }
            case Verb.Retry retry -> retry(draft, retry, reason);
            case Verb.Skip skip -> skip(draft, skip, reason);
            case Verb.Edit edit -> edit(draft, edit, reason);
            case Verb.Reassign reassign -> reassign(draft, reassign, reason);
            case Verb.Raise raise -> raise(draft, raise, reason);
            case Verb.RaiseBudget raise -> Raising.raise(draft, raise, reason);
            case Verb.Amend(var amendment) -> amend(draft, amendment, command.verb(), reason);
            case Verb.Replan() -> replan(draft, command.verb(), reason);
        }
    }

    // ---- the run

    private static void pause(Draft draft, String reason) {
        if (draft.state().paused()) {
            throw new Refusal("the run is paused already");
        }
        draft.emit(new Paused(draft.now(), reason));
    }

    private static void resume(Draft draft, String reason) {
        var since = draft.state().pausedAt();
        if (since == null) {
            throw new Refusal("the run is not paused");
        }
        var paused = Duration.between(since, draft.now());
        draft.emit(new Resumed(paused.isNegative() ? Duration.ZERO : paused, reason));
    }

    private static void cancel(Draft draft, boolean force, String reason) {
        if (draft.state().ending() != null && !force) {
            throw new Refusal("the run is closing already");
        }
        mark(draft, new Verb.Cancel(force), List.of(), reason, Value.NULL);
        Endings.close(draft, Status.CANCELLED, reason, null);
        if (force) {
            Endings.endAll(draft);
        }
    }

    // ---- tasks

    private static void retry(Draft draft, Verb.Retry verb, String reason) {
        var id = verb.task();
        var node = planned(draft, id.name());
        if (node.phase() == Graph.Phase.PLANNED) {
            throw new Refusal("`" + id + "` has not begun: there is nothing to retry");
        }
        mark(draft, verb, List.of(id.toString()), reason, Value.NULL);
        if (verb.refire()) {
            for (var name : List.copyOf(draft.state().effectsOf(id).keySet())) {
                draft.emit(new EffectWithdrawn(id, name, "to be done again: " + reason));
            }
        }
        var task = draft.state().tasks().get(id);
        if (task != null && !task.phase().isFinal()) {
            Endings.stopOne(draft, id, "retried: " + reason);
            startOver(draft, id, task.input());
            return;
        }
        reset(draft, Regions.begunAfter(draft.state().graph(), List.of(id.name())), reason);
    }

    private static void skip(Draft draft, Verb.Skip verb, String reason) {
        var id = verb.task();
        unfinished(draft, id);
        mark(draft, verb, List.of(id.toString()), reason, orNull(verb.output()));
        var fanIn = draft.state().fanIns().get(id.name());
        if (id.item() == TaskId.WHOLE && fanIn != null && verb.output() == null) {
            for (int i = 0; i < fanIn.width(); i++) {
                Endings.giveUpOne(draft, new TaskId(id.name(), i), "skipped: " + reason);
            }
            return;
        }
        if (id.item() == TaskId.WHOLE) {
            Endings.stop(draft, id.name(), "skipped: " + reason);
        } else {
            Endings.stopOne(draft, id, "skipped: " + reason);
        }
        if (verb.output() == null) {
            draft.emit(new TaskSkipped(id, "skipped: " + reason));
        } else {
            give(draft, id, verb.output());
        }
    }

    /// A person gives the one result of a task that has none; its agent's contract says what is
    /// said of it.
    static void give(Draft draft, TaskId id, Value output) {
        try {
            var said = Choreographing.said(draft, id, output);
            draft.emit(new OutputGiven(id, output));
            Choreographing.say(draft, id, said);
        } catch (ExpressionException e) {
            throw new Refusal(
                    "what the agent of `" + id + "` says cannot be made of it: " + e.getMessage());
        }
    }

    /// Goes on with another input or output of a task.
    static void edit(Draft draft, Verb.Edit verb, String reason) {
        switch (verb) {
            case Verb.EditInput edit -> editInput(draft, edit, reason);
            case Verb.EditOutput edit -> editOutput(draft, edit, reason);
        }
    }

    private static void editInput(Draft draft, Verb.EditInput verb, String reason) {
        var id = verb.task();
        planned(draft, id.name());
        var task = draft.state().tasks().get(id);
        if (task == null) {
            throw new Refusal(
                    "`" + id + "` has not begun, or is a fan-out: edit what it is made of");
        }
        mark(draft, verb, List.of(id.toString()), reason, verb.input());
        if (task.phase().isFinal()) {
            if (id.item() != TaskId.WHOLE) {
                throw new Refusal(
                        "`" + id + "` is finished: retry `" + id.name() + "`, then edit its item");
            }
            reset(draft, Regions.begunAfter(draft.state().graph(), List.of(id.name())), reason);
        } else {
            Endings.stopOne(draft, id, "its input was edited");
        }
        startOver(draft, id, verb.input());
    }

    private static void editOutput(Draft draft, Verb.EditOutput verb, String reason) {
        var name = verb.task();
        var node = planned(draft, name);
        var before = draft.state().outputs().of(name);
        draft.emit(
                new Intervened(verb.word(), List.of(name), reason, orNull(before), verb.output()));
        if (node.phase().isFinal()) {
            reset(draft, Regions.begunAfter(draft.state().graph(), List.of(name)), reason);
            draft.emit(new OutputGiven(TaskId.of(name), verb.output()));
        } else {
            Endings.stop(draft, name, "its output was given by hand");
            give(draft, TaskId.of(name), verb.output());
        }
    }

    private static void reassign(Draft draft, Verb.Reassign verb, String reason) {
        var task = planned(draft, verb.task()).task();
        if (task.passing() instanceof Passing.Group) {
            throw new Refusal(
                    "`" + task.name() + "` is a conversation; its turns are its members'");
        }
        var performer = new Task.Performer.ByAgent(verb.agent());
        var agents = Match.capable(draft.facts().team().agents(), performer);
        if (agents.isEmpty()) {
            throw new Refusal("the team has no agent `" + verb.agent() + "`");
        }
        agents.forEach(agent -> mayHave(draft, task.with(performer), agent));
        mark(draft, verb, List.of(task.name()), reason, Value.text(verb.agent().value()));
        draft.emit(new TaskRevised(task.with(performer)));
        for (var id : live(draft, task.name())) {
            var input = draft.state().task(id).input();
            Endings.stopOne(draft, id, "reassigned to " + verb.agent());
            startOver(draft, id, input);
        }
    }

    /// Who may not have a task by its policy is not given it by a person either.
    private static void mayHave(Draft draft, Task task, Agent agent) {
        var whole = TaskId.of(task.name());
        var begun =
                draft.state().tasks().entrySet().stream()
                        .filter(one -> one.getKey().name().equals(task.name()))
                        .filter(one -> !one.getValue().phase().isFinal())
                        .toList();
        if (begun.isEmpty()) {
            mayHave(draft, whole, task, null, agent);
        }
        begun.forEach(one -> mayHave(draft, one.getKey(), task, one.getValue().input(), agent));
    }

    private static void mayHave(
            Draft draft, TaskId id, Task task, Value.@Nullable Struct input, Agent agent) {
        var why = Rules.refusal(draft, id, task, input, agent);
        if (why != null) {
            throw new Refusal(
                    "agent `"
                            + agent.id()
                            + "` may not have `"
                            + id
                            + "`: "
                            + why
                            + "; name one that may, or edit the task's input");
        }
    }

    private static void raise(Draft draft, Verb.Raise verb, String reason) {
        var task = planned(draft, verb.task()).task();
        var policy = task.policy();
        var t = policy.timeouts();
        if (verb.value() < 1) {
            throw new Refusal("a limit is at least 1, not " + verb.value());
        }
        if (verb.limit().equals("attempts") && verb.value() > Retries.MOST_ATTEMPTS) {
            throw new Refusal(
                    "attempts are at most " + Retries.MOST_ATTEMPTS + ", not " + verb.value());
        }
        if (verb.limit().equals("attempts") && verb.value() < policy.retry().attempts()) {
            throw new Refusal(
                    "`"
                            + verb.task()
                            + "` may make "
                            + policy.retry().attempts()
                            + " attempts already; raise allows more, not fewer");
        }
        var time = Duration.ofMillis(verb.value());
        var revised =
                switch (verb.limit()) {
                    case "attempts" ->
                            policy.with(
                                    new Task.Retry(
                                            (int) verb.value(),
                                            policy.retry().first(),
                                            policy.retry().ceiling()));
                    case "queued" ->
                            policy.with(new Task.Timeouts(time, t.run(), t.idle(), t.overall()));
                    case "run" ->
                            policy.with(new Task.Timeouts(t.queued(), time, t.idle(), t.overall()));
                    case "idle" ->
                            policy.with(new Task.Timeouts(t.queued(), t.run(), time, t.overall()));
                    case "overall" ->
                            policy.with(new Task.Timeouts(t.queued(), t.run(), t.idle(), time));
                    default ->
                            throw new Refusal(
                                    "there is no limit `"
                                            + verb.limit()
                                            + "`; there are attempts, queued, run, idle, overall");
                };
        mark(draft, verb, List.of(task.name()), reason, Value.of(verb.value()));
        draft.emit(new TaskRevised(task.with(revised)));
        for (var timer : List.copyOf(draft.state().timers().keySet())) {
            if (isRaised(draft.state(), timer, task.name(), verb.limit())) {
                draft.emit(new TimerSet(timer, draft.now().plus(time)));
            }
        }
    }

    /// A plan that waits for approval is denied by giving another.
    private static void amend(Draft draft, Amendment amendment, Verb verb, String reason) {
        var state = draft.state();
        var base = amendment.base();
        if (base != state.graph().version()) {
            throw new Refusal(
                    "the plan has changed: this amends version "
                            + base
                            + ", it is at version "
                            + state.graph().version()
                            + " now; look again");
        }
        var faults = Replanning.faults(draft, null, amendment);
        if (!faults.isEmpty()) {
            throw new Refusal("the plan would not hold: " + String.join("; ", faults));
        }
        mark(draft, verb, List.of(), reason, Value.from(amendment.drops()));
        for (long token : List.copyOf(state.progress().pending().keySet())) {
            var task = state.attempt(token).task();
            Endings.stopOne(draft, task, "an operator amends the plan");
            draft.emit(new OutputGiven(task, Value.struct("reason", Value.text(reason))));
        }
        Replanning.apply(draft, amendment);
    }

    private static void replan(Draft draft, Verb verb, String reason) {
        if (draft.state().asked().planner() == null) {
            throw new Refusal("the run has no planner; amend its plan by hand");
        }
        mark(draft, verb, List.of(), reason, Value.NULL);
        Replanning.request(draft, "an operator asks: " + reason, true);
    }

    private static boolean isRaised(RunState state, Timer timer, String task, String limit) {
        return switch (timer) {
            case Timer.AttemptDue(var token) -> limit.equals("run") && isOf(state, token, task);
            case Timer.IdleDue(var token) -> limit.equals("idle") && isOf(state, token, task);
            case Timer.QueueDue(var id) -> limit.equals("queued") && id.name().equals(task);
            case Timer.OverallDue(var id) -> limit.equals("overall") && id.name().equals(task);
            case Timer.RetryDue _,
                    Timer.BidsDue _,
                    Timer.QuestionDue _,
                    Timer.ReminderDue _,
                    Timer.AnswerDue _,
                    Timer.ExpectedDue _,
                    Timer.BudgetDue _,
                    Timer.AlarmDue _,
                    Timer.CloseDue _ ->
                    false;
        };
    }

    private static boolean isOf(RunState state, long token, String task) {
        var open = state.open().get(token);
        return open != null && open.task().name().equals(task);
    }

    // ---- how

    private static void startOver(Draft draft, TaskId id, Value.Struct input) {
        draft.emit(new InputGiven(id, input));
        Planning.present(draft, id, input);
    }

    private static void reset(Draft draft, List<String> names, String reason) {
        names.forEach(name -> Endings.stop(draft, name, "to be done again: " + reason));
        draft.emit(new TasksReset(names));
    }

    private static List<TaskId> live(Draft draft, String name) {
        var ids = new ArrayList<TaskId>();
        draft.state()
                .tasks()
                .forEach((id, task) -> {
                    if (id.name().equals(name)
                            && !task.phase().isFinal()
                            && task.phase() != TaskState.Phase.HELD) {
                        ids.add(id);
                    }
                });
        ids.sort(java.util.Comparator.comparingInt(TaskId::item));
        return ids;
    }

    private static Graph.Node planned(Draft draft, String name) {
        var node = draft.state().graph().find(name);
        if (node == null) {
            throw new Refusal(
                    "the plan has no task `"
                            + name
                            + "`; it has "
                            + String.join(", ", draft.state().graph().order()));
        }
        return node;
    }

    private static void unfinished(Draft draft, TaskId id) {
        var node = planned(draft, id.name());
        var task = draft.state().tasks().get(id);
        if (id.item() != TaskId.WHOLE && task == null) {
            throw new Refusal("there is no `" + id + "`");
        }
        boolean over =
                (id.item() == TaskId.WHOLE || task == null)
                        ? node.phase().isFinal()
                        : task.phase().isFinal();
        if (over) {
            throw new Refusal("`" + id + "` is finished; its output can be edited");
        }
    }

    private static void mark(
            Draft draft, Verb verb, List<String> tasks, String reason, Value after) {
        var before = new java.util.LinkedHashMap<String, Value>();
        for (var name : tasks) {
            var id = TaskId.parse(name);
            var task = draft.state().tasks().get(id);
            before.put(
                    name,
                    task == null
                            ? Value.text(
                                    draft.state()
                                            .graph()
                                            .node(id.name())
                                            .phase()
                                            .name()
                                            .toLowerCase(java.util.Locale.ROOT))
                            : Value.struct(
                                    "state",
                                    Value.text(task.phase().word()),
                                    "input",
                                    task.input()));
        }
        draft.emit(new Intervened(verb.word(), tasks, reason, new Value.Struct(before), after));
    }

    private static Value orNull(@Nullable Value value) {
        return value == null ? Value.NULL : value;
    }
}
