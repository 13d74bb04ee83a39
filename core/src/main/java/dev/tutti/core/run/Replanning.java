package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.PlanProposed;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.plan.PlanCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets the planner of a run amend its plan: at the start, when a task fails for good, when nothing
/// moves any more, when a result is a surprise, and when all of a partial plan is done.
///
/// Planning is a task of the plan like any other; what it gives is checked before it counts, and
/// the faults go back to the next attempt. Work that is accepted is never undone: an amendment adds
/// tasks, and drops only what is not finished or has failed.
final class Replanning {
    private static final String FIRST = "plan";

    /// The most faults that a planner is told at once.
    private static final int MOST_FAULTS = 20;

    /// The pauses between the attempts at a plan that does not hold.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private Replanning() {}

    // ---- asking the planner

    static void begin(Draft draft) {
        request(draft, "the run begins", true);
    }

    /// Asks the planner once more, unless it is being asked already.
    ///
    /// @param anyway whether its rounds are not counted
    /// @return whether it is asked; otherwise the run has no planner, or none with rounds left
    static boolean request(Draft draft, String reason, boolean anyway) {
        var state = draft.state();
        var planner = state.asked().planner();
        if (planner == null || state.ending() != null) {
            return false;
        }
        if (isAsked(state)) {
            return true;
        }
        if (isExhausted(state, planner) && !anyway) {
            return false;
        }
        draft.emit(
                new PlanAmended(
                        state.graph().version(),
                        Amendment.RUN,
                        reason,
                        List.of(
                                Task.planning(
                                        name(state), planner.agent(), policy(state, planner)))));
        return true;
    }

    private static String name(RunState state) {
        int round = state.progress().rounds() + 1;
        var name = round == 1 ? FIRST : FIRST + "_" + round;
        while (state.graph().find(name) != null) {
            name = FIRST + "_" + ++round;
        }
        return name;
    }

    private static Task.Policy policy(RunState state, Planner planner) {
        var policy =
                Task.Policy.DEFAULT.with(
                        new Task.Retry(planner.attempts(), FIRST_PAUSE, LONGEST_PAUSE));
        return state.asked().onStall() == Task.Remedy.FAIL
                ? policy
                : policy.withLadder(Task.Remedy.ASK);
    }

    private static boolean isAsked(RunState state) {
        var task = state.progress().task();
        return task != null && !state.graph().node(task).phase().isFinal();
    }

    private static boolean isExhausted(RunState state, Planner planner) {
        var progress = state.progress();
        return progress.rounds() >= planner.rounds() || progress.stalls() >= planner.stalls();
    }

    /// Whether a planner is there and has no rounds left.
    static boolean isExhausted(RunState state) {
        var planner = state.asked().planner();
        return planner != null && !isAsked(state) && isExhausted(state, planner);
    }

    /// A task failed for good: whether the planner is to find a way without it.
    static boolean afterFailure(Draft draft, TaskId id, Failure failure) {
        return mayReplan(draft, id) && without(draft, id, failure, false);
    }

    /// Whether the run has a planner that may find a way without the task. What takes something
    /// back is not of the plan itself, nor is what plans.
    static boolean mayReplan(Draft draft, TaskId id) {
        var state = draft.state();
        var task = state.declaration(id);
        return state.asked().planner() != null
                && state.ending() == null
                && !task.plans()
                && task.undoes() == null;
    }

    /// Asks the planner for a way without a task that has failed.
    ///
    /// @param anyway whether its rounds are not counted
    static boolean without(Draft draft, TaskId id, Failure failure, boolean anyway) {
        giveUpItems(draft, id.name(), "`" + id + "` failed");
        return request(draft, "task " + id + " failed: " + failure.message(), anyway);
    }

    /// Nothing moves the run any more: whether the planner is to find a way on.
    static boolean stalled(Draft draft, String reason) {
        return !isAsked(draft.state()) && request(draft, "stalled: " + reason, false);
    }

    /// A person wants the planner to try on.
    static void again(Draft draft, String by) {
        if (draft.state().asked().planner() != null) {
            request(draft, by + " wants it planned anew", true);
        }
    }

    /// Looks whether the planner is to be asked, now that nothing else follows.
    ///
    /// @return whether something new was begun
    static boolean goOn(Draft draft) {
        var state = draft.state();
        var planner = state.asked().planner();
        if (planner == null || isAsked(state)) {
            return false;
        }
        var failed = state.graph().failed();
        if (!failed.isEmpty()) {
            var names = String.join(", ", failed);
            if (!request(draft, "failed: " + names, false)) {
                var failure =
                        new Failure.Permanent(
                                "replanned_in_vain",
                                names
                                        + " failed, and the planner was asked "
                                        + state.progress().rounds()
                                        + " times");
                Endings.close(draft, Status.FAILED, failure.message(), failure);
            }
            return true;
        }
        boolean done = state.graph().unfinished() == 0 && state.counts().live() == 0;
        if (!done || !state.progress().partial()) {
            return false;
        }
        if (!request(draft, "all of the plan so far is done", false)) {
            return Stalls.stalled(
                    draft,
                    "the plan is not complete, and its planner was asked "
                            + state.progress().rounds()
                            + " times",
                    List.of(),
                    true);
        }
        return true;
    }

    // ---- what it is given

    /// All that a planner knows of the run, as a value that does not change while it plans.
    static Value.Struct input(Draft draft) {
        var state = draft.state();
        var planner = state.asked().planner();
        if (planner == null) {
            throw new IllegalStateException("nobody plans " + state.asked().run());
        }
        var fields = new LinkedHashMap<String, Value>();
        fields.put("goal", Value.text(planner.goal()));
        fields.put("wants", planner.wants());
        fields.put("inputs", state.asked().inputs());
        fields.put("round", Value.of(state.progress().rounds()));
        fields.put("rounds", Value.of(planner.rounds()));
        fields.put("reason", Value.text(state.progress().reason()));
        fields.put("plan", PlanView.of(state));
        fields.put("ledgers", new Value.Array(List.copyOf(state.progress().ledgers())));
        return new Value.Struct(fields);
    }

    /// What a planner is given, with what there is room for and what is left of the budget as it is
    /// asked. On record with the task, like everything that it is given.
    static Value.Struct told(Draft draft, Value.Struct input) {
        var planner = draft.state().asked().planner();
        var fields = new LinkedHashMap<>(input.fields());
        Planner.OF_THE_MOMENT.forEach(fields::remove);
        if (planner != null) {
            put(fields, Planner.CAPACITY, draft.facts().capacity().apply(planner.agent()));
            put(fields, Planner.BUDGET, Budgets.left(draft));
        }
        return new Value.Struct(fields);
    }

    private static void put(Map<String, Value> fields, String name, Value.Struct told) {
        if (!told.fields().isEmpty()) {
            fields.put(name, told);
        }
    }

    // ---- what it gives

    static void planned(Draft draft, long token, Amendment amendment, Value proposal, Usage usage) {
        var state = draft.state();
        var id = state.attempt(token).task();
        if (!state.wants(id.name())) {
            Remedies.attemptEnded(draft, token, new Failure.Cancelled(), usage);
            return;
        }
        var whole = amendment.without(failedBefore(state));
        var faults = faults(draft, id, whole);
        if (!faults.isEmpty()) {
            Remedies.attemptEnded(draft, token, rejected(faults), usage);
            return;
        }
        var planner = state.asked().planner();
        if (planner != null && planner.approval() != null) {
            draft.emit(new PlanProposed(id, token, whole, proposal, usage));
            Questions.plan(draft, id, token, planner.approval(), whole, proposal);
        } else {
            accept(draft, id, token, whole, usage);
        }
    }

    /// A person agreed to what the attempt proposed.
    static void approved(Draft draft, TaskId id, long token) {
        var pending = draft.state().progress().pending().get(token);
        if (pending == null) {
            return;
        }
        var faults = faults(draft, id, pending.amendment());
        if (faults.isEmpty()) {
            accept(draft, id, token, pending.amendment(), Usage.NONE);
        } else {
            Remedies.attemptEnded(draft, token, rejected(faults), Usage.NONE);
        }
    }

    private static void accept(
            Draft draft, TaskId id, long token, Amendment amendment, Usage usage) {
        long since = draft.state().progress().asked();
        draft.emit(new ResultAccepted(id, token, summary(amendment), usage));
        apply(draft, amendment);
        var surprise = surprise(draft, since);
        if (surprise != null) {
            request(draft, "the result of " + surprise + " is a surprise", false);
        }
    }

    /// Amends the plan. What is dropped counts as skipped.
    static void apply(Draft draft, Amendment amendment) {
        var why = "dropped by " + amendment.author() + ": " + amendment.reason();
        for (var name : amendment.drops()) {
            if (draft.state().graph().node(name).phase() == Graph.Phase.FAILED) {
                giveUpItems(draft, name, why);
            }
        }
        draft.emit(new PlanAmended(amendment));
        for (var name : amendment.drops()) {
            Endings.giveUp(draft, name, why);
        }
    }

    /// What is still at it for a fan-out that has failed: items that people let begin again.
    private static void giveUpItems(Draft draft, String name, String why) {
        var fanIn = draft.state().fanIns().get(name);
        for (int i = 0; fanIn != null && i < fanIn.width() + fanIn.deciders(); i++) {
            Endings.giveUpOne(draft, new TaskId(name, i), why);
        }
    }

    private static Value summary(Amendment amendment) {
        return Value.struct(
                "reason",
                Value.text(amendment.reason()),
                "tasks",
                Value.from(amendment.tasks().stream().map(Task::name).toList()),
                "dropped",
                Value.from(amendment.drops()));
    }

    /// Tasks that had failed when the planner was asked: it has planned without them.
    private static List<String> failedBefore(RunState state) {
        var failed = new LinkedHashSet<>(state.graph().failed());
        failed.removeAll(failedSince(state));
        return List.copyOf(failed);
    }

    private static Set<String> failedSince(RunState state) {
        var names = new LinkedHashSet<String>();
        state.tasks()
                .forEach((id, task) -> {
                    if (task.phase() == TaskState.Phase.FAILED
                            && task.course().finishedAt() > state.progress().asked()) {
                        names.add(id.name());
                    }
                });
        return names;
    }

    // ---- surprises

    /// A result that nobody expected asks for a new round.
    static void look(Draft draft, TaskId id) {
        if (isSurprise(draft, id.name())) {
            request(draft, "the result of " + id + " is a surprise", false);
        }
    }

    /// A task that was finished while the planner was at work and whose result is a surprise.
    private static @Nullable String surprise(Draft draft, long since) {
        var planner = draft.state().asked().planner();
        if (planner == null || planner.surprise() == null) {
            return null;
        }
        return draft.state().tasks().entrySet().stream()
                .filter(task -> task.getValue().phase() == TaskState.Phase.DONE)
                .filter(task -> task.getValue().course().finishedAt() > since)
                .map(task -> task.getKey().name())
                .distinct()
                .sorted()
                .filter(name -> isSurprise(draft, name))
                .findFirst()
                .orElse(null);
    }

    private static boolean isSurprise(Draft draft, String name) {
        var planner = draft.state().asked().planner();
        if (planner == null
                || planner.surprise() == null
                || draft.state().graph().node(name).task().plans()) {
            return false;
        }
        var output = draft.state().outputs().of(name);
        try {
            return output != null
                    && Planning.isTrue(
                            "surprise",
                            draft.render(planner.surprise(), draft.scope().with("output", output)));
        } catch (ExpressionException _) {
            return false;
        }
    }

    // ---- what is wrong with it

    private static Failure rejected(List<String> faults) {
        return new Failure.Rejected("plan", "the plan does not hold: " + String.join("; ", faults));
    }

    /// Everything wrong with an amendment by anyone but the run.
    ///
    /// @param by the planning task, or null where a person amends the plan
    static List<String> faults(Draft draft, @Nullable TaskId by, Amendment amendment) {
        var state = draft.state();
        var faults = new ArrayList<String>();
        var gone = new LinkedHashSet<>(amendment.drops());
        for (var name : amendment.drops()) {
            var node = state.graph().find(name);
            if (node == null) {
                faults.add("drop: there is no task `" + name + "`");
            } else if (node.task().plans() || node.task().undoes() != null) {
                faults.add("drop: `" + name + "` is not of the plan itself");
            } else if (node.phase().isFinal() && node.phase() != Graph.Phase.FAILED) {
                faults.add("drop: `" + name + "` is finished, and what is done stays done");
            }
        }
        for (var task : amendment.tasks()) {
            for (var dependency : task.dependencies()) {
                if (gone.contains(dependency)) {
                    faults.add(
                            "tasks."
                                    + task.name()
                                    + ": it needs `"
                                    + dependency
                                    + "`, which is dropped or has failed");
                }
            }
            if (state.asked().planner() == null
                    && task.policy().ladder().contains(Task.Remedy.REPLAN)) {
                faults.add(
                        "tasks."
                                + task.name()
                                + ": on_failure: `replan`, and the run has no planner");
            }
            if (task.plans()) {
                faults.add("tasks." + task.name() + ": only the run asks its planner");
            }
        }
        int size = state.graph().order().size() + amendment.tasks().size();
        if (size > PlanCheck.MOST_TASKS) {
            faults.add("the plan would have more than " + PlanCheck.MOST_TASKS + " tasks");
            return faults;
        }
        var most = state.ledger().cap().tasks();
        int within = state.ledger().parts().taken().tasks();
        if (most != null && size + within > most) {
            faults.add(
                    "the run's budget allows "
                            + most
                            + " tasks"
                            + (within == 0 ? "" : ", of which runs within have " + within)
                            + ", and the plan would have "
                            + size);
        }
        faults.addAll(few(draft, amendment));
        Unaffordable.of(
                        state.ledger().cap(),
                        state.ledger().spent(),
                        amendment.tasks(),
                        draft.facts().team().agents())
                .forEach(fault -> faults.add(fault.told()));
        check(draft, amendment).forEach(fault -> faults.add(fault.told()));
        if (by != null) {
            faults.addAll(wanting(state, amendment));
        }
        return faults.size() > MOST_FAULTS ? faults.subList(0, MOST_FAULTS) : faults;
    }

    /// What an amendment needs for certain of attempts and runs within, and the budget has not even
    /// when runs within give back all that they hold.
    private static List<String> few(Draft draft, Amendment amendment) {
        int attempts = 0;
        int runs = 0;
        for (var task : amendment.tasks()) {
            var each = task.flow().each();
            if (task.when() == null
                    && (each == null || each.isReplicas())
                    && !(task.performer() instanceof Task.Performer.ByMessage)) {
                boolean run = Match.isRun(draft.facts().team().agents(), task.performer());
                attempts += run ? 2 : 1;
                runs += run ? 1 : 0;
            }
        }
        var ledger = draft.state().ledger();
        var parts = ledger.parts();
        var faults = new ArrayList<String>();
        few(
                faults,
                "attempts",
                ledger.cap().attempts(),
                ledger.attempts() + parts.used().attempts(),
                attempts);
        few(faults, "runs", ledger.cap().runs(), parts.begun() + parts.used().runs(), runs);
        return faults;
    }

    private static void few(
            List<String> faults, String limit, @Nullable Integer most, int used, int needed) {
        if (most != null && used + needed > most) {
            faults.add(
                    "the run's budget allows "
                            + most
                            + " "
                            + limit
                            + ", of which "
                            + used
                            + " are used, and the tasks that are added need "
                            + needed
                            + " at least");
        }
    }

    private static List<Fault> check(Draft draft, Amendment amendment) {
        var state = draft.state();
        var team = draft.facts().team();
        var tasks = new ArrayList<Task>();
        for (var name : state.graph().order()) {
            var task = state.graph().node(name).task();
            if (task.undoes() == null) {
                tasks.add(task);
            }
        }
        tasks.addAll(amendment.tasks());
        var inputs = new LinkedHashMap<String, Type.Struct>();
        team.workflows().forEach(workflow -> inputs.put(workflow.name(), workflow.input()));
        var output = amendment.output() == null ? state.outputTemplate() : amendment.output();
        return PlanCheck.check(
                        draft.expressions(),
                        new PlanCheck.Plan(
                                state.asked().name(),
                                team.workflow(state.asked().name())
                                        .map(Workflow::input)
                                        .orElse(Type.Struct.OPEN),
                                tasks,
                                output,
                                team.skills(),
                                team.agents(),
                                inputs,
                                team.workflow(state.asked().name())
                                        .map(Workflow::notes)
                                        .orElse(List.of())))
                .stream()
                .filter(fault -> !fault.isWarning())
                .toList();
    }

    /// What a plan must yield in the end.
    private static List<String> wanting(RunState state, Amendment amendment) {
        var planner = state.asked().planner();
        if (planner == null) {
            return List.of();
        }
        boolean first =
                state.progress().output() == null && state.asked().output().equals(Value.NULL);
        if (first && amendment.tasks().isEmpty() && amendment.output() == null) {
            return List.of("tasks: a plan needs at least one task, or an `output`");
        }
        if (amendment.partial()) {
            return List.of();
        }
        if (first && amendment.output() == null) {
            return List.of("output: say what the run gives, such as \"${task}\"");
        }
        if (amendment.output() instanceof Value.Struct(var fields)) {
            return planner.wanted().stream()
                    .filter(name -> !fields.containsKey(name))
                    .map(name -> "output: `" + name + "` is wanted")
                    .toList();
        }
        return List.of();
    }
}
