package dev.tutti.core.run;

import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.Closing;
import dev.tutti.core.event.Event.Ended;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.Resumed;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState.Doer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How parts of a run, and the run, come to an end.
final class Endings {
    private Endings() {}

    // ---- the run

    /// Goes on towards the end of the run, if it is near.
    ///
    /// @return whether something new was begun on the way
    static boolean advance(Draft draft) {
        var state = draft.state();
        if (state.status().isFinal()) {
            return false;
        }
        if (state.ending() != null) {
            return closing(draft, state.ending());
        }
        if (Budgets.goOn(draft) || Replanning.goOn(draft)) {
            return true;
        }
        if (state.choreographed()) {
            return Choreographing.goOn(draft);
        }
        if (state.graph().unfinished() > 0 || state.counts().live() > 0) {
            return Stalls.look(draft);
        }
        if (!draft.state().progress().partial() && !Budgets.isOwed(draft)) {
            succeed(draft);
        }
        return false;
    }

    static void close(Draft draft, Status status, String reason, @Nullable Failure failure) {
        if (draft.state().ending() != null) {
            return;
        }
        var since = draft.state().pausedAt();
        if (since != null) {
            var paused = Duration.between(since, draft.now());
            draft.emit(new Resumed(paused.isNegative() ? Duration.ZERO : paused, "closing"));
        }
        draft.emit(new Closing(status, reason, failure));
        withdrawQuestions(draft);
        for (var open : List.copyOf(draft.state().open().entrySet())) {
            switch (open.getValue().doer()) {
                case Doer.Person _, Doer.Message _ -> end(draft, open.getKey());
                case Doer.Agent _, Doer.Child _ -> {}
            }
        }
        if (!draft.state().open().isEmpty()) {
            draft.emit(new TimerSet(new Timer.CloseDue(), draft.now().plus(Decider.GRACE)));
        }
    }

    /// Waits no longer for the attempts that were asked to stop.
    static void endStopped(Draft draft) {
        for (var open : List.copyOf(draft.state().open().entrySet())) {
            if (!draft.state().wants(open.getValue().task().name())) {
                end(draft, open.getKey());
            }
        }
    }

    /// Waits for no attempt any longer, not even for those that take something back.
    static void endAll(Draft draft) {
        endStopped(draft);
        for (var open : List.copyOf(draft.state().open().entrySet())) {
            end(draft, open.getKey());
            Remedies.fail(draft, open.getValue().task(), new Failure.Cancelled());
        }
    }

    /// Ends the run at once: nothing is waited for and nothing taken back.
    static void terminate(Draft draft, String reason) {
        close(draft, Status.CANCELLED, reason, null);
        endAll(draft);
        Budgets.chargeOwed(draft);
        end(draft);
    }

    private static boolean closing(Draft draft, RunState.Ending ending) {
        var state = draft.state();
        if (!state.open().isEmpty() || Budgets.isOwed(draft)) {
            return false;
        }
        var undoing =
                state.graph().order().stream()
                        .map(name -> state.graph().node(name))
                        .filter(node -> node.task().undoes() != null)
                        .toList();
        if (undoing.isEmpty()) {
            var undo = undo(state);
            if (!undo.isEmpty()) {
                var why = "the run is " + ending.status().word() + ": " + ending.reason();
                draft.emit(new PlanAmended(state.graph().version(), "undo", why, undo));
                return true;
            }
        } else if (undoing.stream().anyMatch(node -> !node.phase().isFinal())) {
            return false;
        }
        end(draft);
        return false;
    }

    /// The tasks that take back what was done, the latest deed first, one after the other.
    private static List<Task> undo(RunState state) {
        var done =
                state.tasks().entrySet().stream()
                        .filter(task ->
                                task.getValue().phase()
                                        == dev.tutti.core.agent.TaskState.Phase.DONE)
                        .filter(task -> state.declaration(task.getKey()).policy().undo() != null)
                        .sorted(
                                Comparator.comparingLong(
                                        task -> -task.getValue().course().finishedAt()))
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        var tasks = new ArrayList<Task>(done.size());
        for (var id : done) {
            var before = tasks.isEmpty() ? List.<String>of() : List.of(tasks.getLast().name());
            tasks.add(undo(state, id, before));
        }
        return tasks;
    }

    private static Task undo(RunState state, TaskId id, List<String> before) {
        var declared = state.declaration(id);
        var undo = declared.policy().undo();
        if (undo == null) {
            throw new IllegalStateException("nothing takes back " + id);
        }
        return new Task(
                undoName(id),
                undo.performer(),
                undo.input(),
                before,
                Task.Flow.ONCE,
                Task.Policy.DEFAULT.with(declared.retry()),
                null,
                id,
                false);
    }

    /// No task of a plan can be called so, since names have no colon.
    static String undoName(TaskId id) {
        return "undo:" + id.name() + (id.item() == TaskId.WHOLE ? "" : ":" + id.item());
    }

    static void succeed(Draft draft) {
        try {
            var output = draft.render(draft.state().outputTemplate(), draft.scope());
            withdrawQuestions(draft);
            draft.emit(new Ended(Status.SUCCEEDED, output, null));
        } catch (ExpressionException e) {
            close(
                    draft,
                    Status.FAILED,
                    "the output could not be made: " + e.getMessage(),
                    Planning.failure(e));
            advance(draft);
        }
    }

    private static void end(Draft draft) {
        var ending = draft.state().ending();
        if (ending != null && !draft.state().status().isFinal()) {
            withdrawQuestions(draft);
            draft.emit(new Ended(ending.status(), Value.NULL, ending.failure()));
        }
    }

    private static void withdrawQuestions(Draft draft) {
        List.copyOf(draft.state().questions().keySet())
                .forEach(question -> Questions.close(draft, question, "the run is over"));
    }

    // ---- parts of it

    /// Gives up a task of the plan that is not finished, with all its items.
    static void giveUp(Draft draft, String name, String reason) {
        var phase = draft.state().graph().node(name).phase();
        if (phase.isFinal()) {
            return;
        }
        stop(draft, name, reason);
        draft.emit(new TaskSkipped(TaskId.of(name), reason));
    }

    /// Gives up one item of a fan-out, if it is not finished.
    static void giveUpOne(Draft draft, TaskId id, String reason) {
        var task = draft.state().tasks().get(id);
        if (task == null || task.phase().isFinal()) {
            return;
        }
        stopOne(draft, id, reason);
        draft.emit(new TaskSkipped(id, reason));
    }

    /// Ends what is under way for a task of the plan, and withdraws what is asked about it.
    static void stop(Draft draft, String name, String reason) {
        for (var open : List.copyOf(draft.state().open().entrySet())) {
            if (open.getValue().task().name().equals(name)) {
                end(draft, open.getKey());
            }
        }
        for (var asked : List.copyOf(draft.state().questions().values())) {
            var task = asked.question().task();
            if (task != null && task.name().equals(name)) {
                Questions.close(draft, asked.question().id(), reason);
            }
        }
    }

    static void stopOne(Draft draft, TaskId id, String reason) {
        for (var open : List.copyOf(draft.state().open().entrySet())) {
            if (open.getValue().task().equals(id)) {
                end(draft, open.getKey());
            }
        }
        for (var asked : List.copyOf(draft.state().questions().values())) {
            if (id.equals(asked.question().task())) {
                Questions.close(draft, asked.question().id(), reason);
            }
        }
    }

    private static void end(Draft draft, long token) {
        var task = draft.state().attempt(token).task();
        Questions.withdraw(draft, token, "the attempt ended");
        draft.emit(new AttemptEnded(task, token, new Failure.Cancelled(), Usage.NONE));
    }

    /// Whether a task of the plan is over for good.
    static boolean isOver(RunState state, String name) {
        return state.graph().node(name).phase() != Graph.Phase.PLANNED
                && state.graph().node(name).phase().isFinal();
    }
}
