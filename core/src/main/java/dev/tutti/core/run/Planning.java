package dev.tutti.core.run;

import dev.tutti.core.event.Event.Awaited;
import dev.tutti.core.event.Event.FannedOut;
import dev.tutti.core.event.Event.Joined;
import dev.tutti.core.event.Event.TaskHeld;
import dev.tutti.core.event.Event.TaskReady;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.plan.PlanCheck;
import dev.tutti.core.plan.Regions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Begins what has become free to run.
final class Planning {
    private Planning() {}

    /// Begins tasks until nothing more follows, and ends the run when nothing is left.
    static void advance(Draft draft) {
        do {
            for (var name = draft.next(); name != null; name = draft.next()) {
                look(draft, name);
            }
        } while (Endings.advance(draft));
    }

    private static void look(Draft draft, String name) {
        if (!draft.state().wants(name)) {
            return;
        }
        switch (draft.state().graph().verdict(name)) {
            case WAIT -> {}
            case DEAD ->
                    draft.emit(new TaskSkipped(TaskId.of(name), "the tasks it needs were skipped"));
            case RUN -> begin(draft, draft.state().graph().node(name).task());
        }
    }

    private static void begin(Draft draft, Task task) {
        var id = TaskId.of(task.name());
        try {
            if (task.join().cancelRest()) {
                cancelRest(draft, task);
            }
            draft.seen();
            if (task.when() != null && !isTrue("when", draft.render(task.when(), draft.scope()))) {
                Blackboard.read(draft, id, 0);
                draft.emit(new TaskSkipped(id, "its condition is false"));
                return;
            }
            if (task.flow().each() == null && !Carving.hasTasks(draft, task.name(), 1)) {
                return;
            }
            for (var name : task.flow().cancels()) {
                Endings.giveUp(draft, name, "cancelled when `" + task.name() + "` began");
            }
            if (task.performer() instanceof Performer.ByMessage message) {
                await(draft, id, message);
            } else if (task.plans()) {
                present(draft, id, Replanning.told(draft, Replanning.input(draft)));
            } else if (task.flow().each() == null) {
                var input = input(draft, task, scope(draft, task, id));
                Blackboard.read(draft, id, 0);
                present(draft, id, input);
            } else {
                fanOut(draft, task, task.flow().each());
            }
        } catch (ExpressionException e) {
            Remedies.giveUp(draft, id, failure(e));
        }
    }

    /// What takes something back sees the `output` that it takes back, and its `item`.
    private static TaskScope scope(Draft draft, Task task, TaskId id) {
        var undone = task.undoes();
        if (undone == null) {
            return draft.scope().of(id);
        }
        var fanIn = draft.state().fanIns().get(undone.name());
        var output =
                undone.item() == TaskId.WHOLE
                        ? draft.state().outputs().of(undone.name())
                        : fanIn == null ? null : fanIn.outputs().get(undone.item());
        return draft.scope().of(undone).with("output", output == null ? Value.NULL : output);
    }

    private static void cancelRest(Draft draft, Task task) {
        for (var name : Regions.onlyFor(draft.state().graph(), task.dependencies())) {
            Endings.giveUp(draft, name, "`" + task.name() + "` needs it no more");
        }
    }

    private static void await(Draft draft, TaskId id, Performer.ByMessage message) {
        var due = message.within() == null ? null : draft.now().plus(message.within());
        var key =
                message.key() == null
                        ? null
                        : Messages.key(draft.render(message.key(), draft.scope().of(id)));
        draft.emit(
                new Awaited(id, draft.nextSequence(), message.type(), due, message.topic(), key));
        Messages.takeKept(draft, id);
    }

    /// Everything that one task needs is there: it is ready, or held until it is approved.
    static void present(Draft draft, TaskId id, Value.Struct input) {
        var policy = draft.state().declaration(id).policy();
        var known = draft.state().tasks().get(id);
        if (policy.approval() != null) {
            draft.emit(new TaskHeld(id, input));
            Questions.approval(draft, id, policy.approval());
        } else {
            ready(draft, id, input);
        }
        boolean live = draft.state().tasks().containsKey(id) && !isOver(draft, id);
        if (known == null && live && policy.timeouts().overall() != null) {
            draft.emit(
                    new TimerSet(
                            new Timer.OverallDue(id),
                            draft.now().plus(policy.timeouts().overall())));
        }
    }

    /// The task makes its next attempt. A planner that begins from nothing is told what there is
    /// room for now; one that goes on from its own steps has asked for them by what it was told.
    static void again(Draft draft, TaskId id) {
        var task = draft.state().task(id);
        boolean anew = draft.state().declaration(id).plans() && task.continuation().since() == 0;
        ready(draft, id, anew ? Replanning.told(draft, task.input()) : task.input());
    }

    /// A person agreed to exactly this input.
    static void approved(Draft draft, TaskId id, Value.Struct input) {
        ready(draft, id, input, Digest.hash(input));
    }

    /// The task waits for a place, or for its message.
    static void ready(Draft draft, TaskId id, Value.Struct input) {
        var known = draft.state().tasks().get(id);
        ready(draft, id, input, known == null ? null : known.course().ruling().approved());
    }

    /// @param agreed hash of the input that a person agreed to, or null
    private static void ready(Draft draft, TaskId id, Value.Struct input, @Nullable String agreed) {
        if (draft.state().performer(id) instanceof Performer.ByMessage message) {
            await(draft, id, message);
            return;
        }
        var declared = draft.state().declaration(id);
        var known = draft.state().tasks().get(id);
        if (Remedies.isUnknown(draft, id, known == null ? null : known.agent())) {
            draft.emit(new TaskHeld(id, input));
            Questions.unknown(draft, id, "an earlier attempt was given up");
            return;
        }
        List<String> locks;
        try {
            locks = locks(draft, id, declared, input);
        } catch (ExpressionException e) {
            failAtOnce(draft, id, input, failure(e));
            return;
        }
        var ruling = Rules.judge(draft, id, input, agreed);
        if (ruling == null) {
            return;
        }
        draft.emit(new TaskReady(id, input, locks, ruling));
        var queued = declared.policy().timeouts().queued();
        if (queued != null) {
            draft.emit(new TimerSet(new Timer.QueueDue(id), draft.now().plus(queued)));
        }
        Auctioning.announce(draft, id);
    }

    /// No attempt can be made with this input. The input is on record all the same, for whoever is
    /// asked how it goes on.
    static void failAtOnce(Draft draft, TaskId id, Value.Struct input, Failure failure) {
        draft.emit(new TaskHeld(id, input));
        Remedies.giveUp(draft, id, failure);
    }

    /// Whether a task, or an item of a fan-out, needs nothing more.
    private static boolean isOver(Draft draft, TaskId id) {
        return draft.state().task(id).phase().isFinal();
    }

    /// The locks of a task are those of its first attempt.
    private static List<String> locks(Draft draft, TaskId id, Task declared, Value.Struct input) {
        var known = draft.state().tasks().get(id);
        if (declared.flow().locks().isEmpty()
                || draft.state().decides(id)
                || (known != null && !known.course().locks().isEmpty())) {
            return known == null ? List.of() : known.course().locks();
        }
        var scope = draft.scope().of(id).with("input", draft.state().asked().inputs().with(input));
        return declared.flow().locks().stream()
                .map(lock -> name(draft.render(lock, scope)))
                .distinct()
                .sorted()
                .toList();
    }

    private static String name(Value value) {
        return value instanceof Value.Text(var text) ? text : Digest.canonical(value);
    }

    // ---- fan-outs

    private static void fanOut(Draft draft, Task task, Task.Each each) {
        var scope = draft.scope();
        var items = items(task, draft.render(each.of(), scope));
        if (draft.state().tasks().size() + items.size() > Decider.MOST_TASKS) {
            throw new ExpressionException(
                    "limit_exceeded",
                    "the run would have more than " + Decider.MOST_TASKS + " tasks");
        }
        if (!Carving.hasTasks(draft, task.name(), items.size())) {
            return;
        }
        long max = max(draft, each);
        if (items.size() > max) {
            throw new ExpressionException(
                    "limit_exceeded",
                    "`each` of task `"
                            + task.name()
                            + "` has "
                            + items.size()
                            + " items, `max` is "
                            + max);
        }
        int need = need(draft, each, items.size());
        var inputs = new ArrayList<Value.Struct>(items.size());
        for (var item : items) {
            inputs.add(input(draft, task, scope.with("item", item)));
        }
        Blackboard.read(draft, TaskId.of(task.name()), 0);
        draft.emit(new FannedOut(task.name(), items.size(), need));
        for (int i = 0; i < inputs.size() && isActive(draft, task.name()); i++) {
            present(draft, new TaskId(task.name(), i), inputs.get(i));
        }
        if (items.isEmpty()) {
            join(draft, task.name());
        }
    }

    /// Whether items of a fan-out may begin: the failure of one may have been that of all.
    static boolean isActive(Draft draft, String name) {
        return draft.state().wants(name)
                && draft.state().graph().node(name).phase() == Graph.Phase.ACTIVE;
    }

    /// The most items that a fan-out may have.
    private static long max(Draft draft, Task.Each each) {
        if (each.most() == null) {
            return each.max();
        }
        if (draft.render(each.most(), draft.scope()) instanceof Value.Int(var max)
                && max >= 1
                && max <= PlanCheck.MOST_ITEMS) {
            return max;
        }
        throw new ExpressionException(
                "not_a_number", "`max` gave no whole number from 1 to " + PlanCheck.MOST_ITEMS);
    }

    private static int need(Draft draft, Task.Each each, int width) {
        if (each.need() == null) {
            return width;
        }
        if (draft.render(each.need(), draft.scope()) instanceof Value.Int(var need) && need >= 1) {
            return (int) Math.min(need, width);
        }
        throw new ExpressionException("not_a_number", "`need` gave no whole number from 1 on");
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

    /// The item that a task of a fan-out runs for.
    static @Nullable Value item(Draft draft, TaskId id) {
        var task = draft.state().declaration(id);
        if (task.each() == null) {
            return null;
        }
        var items = items(task, draft.render(task.each(), draft.scope()));
        return id.item() < items.size() ? items.get(id.item()) : null;
    }

    /// Hands on the list of results if an item that has just ended was the last one needed.
    static void join(Draft draft, String name) {
        var fanIn = draft.state().fanIns().get(name);
        var task = draft.state().graph().node(name).task();
        var each = task.flow().each();
        boolean over = draft.state().graph().node(name).phase().isFinal();
        if (fanIn == null || each == null || fanIn.joined() || over) {
            return;
        }
        // Once it is decided between results, no further one ends that.
        boolean comesIn = fanIn.rounds() == 0 && fanIn.deciders() == 0;
        boolean enough = comesIn && each.until() != null && enough(draft, each.until(), name);
        if (!fanIn.complete() && !enough) {
            return;
        }
        if (each.resolve() != null && !draft.state().wants(name)) {
            // Nobody decides between answers that the run, which is closing, wants no more.
            return;
        }
        if (each.resolve() != null) {
            Synthesizing.join(draft, task, each.resolve());
        } else {
            draft.emit(new Joined(name));
        }
        if (each.cancelRest()) {
            for (int i = 0; i < fanIn.width(); i++) {
                Endings.giveUpOne(draft, new TaskId(name, i), "enough of `" + name + "` is done");
            }
        }
    }

    private static boolean enough(Draft draft, String until, String name) {
        var fanIn = draft.state().fanIns().get(name);
        var sofar = fanIn == null ? Value.Array.EMPTY : fanIn.collect();
        try {
            return isTrue("until", draft.render(until, draft.scope().with("output", sofar)));
        } catch (ExpressionException _) {
            return false;
        }
    }

    // ---- expressions

    /// What a task is given. The first iteration of a loop has no `output` before it.
    static Value.Struct input(Draft draft, Task task, TaskScope scope) {
        var seen =
                task.flow().loop() == null || scope.get("output") != null
                        ? scope
                        : scope.with("output", Value.NULL);
        return (Value.Struct) draft.render(task.input(), seen);
    }

    static boolean isTrue(String key, Value condition) {
        if (condition instanceof Value.Bool(var holds)) {
            return holds;
        }
        throw new ExpressionException(
                "not_a_condition",
                "`" + key + "` gave a " + Value.shape(condition) + ", not a bool");
    }

    static Failure failure(ExpressionException e) {
        return new Failure.Permanent(e.code(), String.valueOf(e.getMessage()));
    }
}
