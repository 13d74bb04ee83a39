package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Event.Assigned;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.Closing;
import dev.tutti.core.event.Event.Ended;
import dev.tutti.core.event.Event.FannedOut;
import dev.tutti.core.event.Event.Joined;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.Refused;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.Event.RunStarted;
import dev.tutti.core.event.Event.TaskFailed;
import dev.tutti.core.event.Event.TaskReady;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerFired;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Timer.AttemptDue;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Outputs;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.synthesis.FanIn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;

/// Folds one event into a state. Evaluates nothing and refuses nothing: what is in the journal has
/// happened.
final class Evolution {
    private final RunState before;
    private Status status;
    private RunState.@Nullable Goal goal;
    private Graph graph;
    private PMap<TaskId, TaskState> tasks;
    private PMap<String, FanIn> fanIns;
    private Outputs outputs;
    private PSortedMap<Long, RunState.Open> open;
    private int ready;
    private PMap<Timer, Instant> timers;
    private Usage usage;
    private RunState.@Nullable Ending ending;
    private Value output;

    private Evolution(RunState state) {
        before = state;
        status = state.status();
        goal = state.goal();
        graph = state.graph();
        tasks = state.tasks();
        fanIns = state.fanIns();
        outputs = state.outputs();
        open = state.open();
        ready = state.ready();
        timers = state.timers();
        usage = state.usage();
        ending = state.ending();
        output = state.output();
    }

    static RunState evolve(RunState state, Event event) {
        var next = new Evolution(state);
        next.apply(event);
        return next.state();
    }

    private RunState state() {
        return new RunState(
                before.sequence() + 1,
                status,
                goal,
                graph,
                tasks,
                fanIns,
                outputs,
                open,
                ready,
                timers,
                usage,
                ending,
                output);
    }

    private void apply(Event event) {
        switch (event) {
            case RunStarted e ->
                    goal = new RunState.Goal(e.run(), e.goal(), e.team(), e.inputs(), e.output());
            case Closing e -> {
                status = Status.CLOSING;
                ending = new RunState.Ending(e.status(), e.reason(), e.failure());
            }
            case Ended e -> {
                status = e.status();
                output = e.output();
                timers = timers.minusAll(timers.keySet());
            }
            case Refused _ -> {}
            case PlanAmended e -> graph = graph.amend(e.tasks());
            case FannedOut e -> {
                graph = graph.begin(e.task());
                fanIns = fanIns.plus(e.task(), FanIn.of(e.width()));
            }
            case TaskReady e -> ready(e);
            case TaskSkipped e -> skipped(e.task());
            case TaskFailed e -> failed(e.task());
            case Assigned e -> assigned(e);
            case AttemptEnded e -> {
                closeAttempt(e.token(), e.usage());
                tasks = tasks.plus(e.task(), before.task(e.task()).attemptEnded(e.failure()));
            }
            case ArtifactStored _ -> {}
            case ResultAccepted e -> accepted(e);
            case Joined e -> {
                outputs = outputs.with(e.task(), fanIn(e.task()).collect());
                fanIns = fanIns.minus(e.task());
                graph = graph.finish(e.task(), Graph.Phase.DONE);
            }
            case TimerSet e -> timers = timers.plus(e.timer(), e.due());
            case TimerFired e -> timers = timers.minus(e.timer());
        }
    }

    private void ready(TaskReady e) {
        ready++;
        var known = tasks.get(e.task());
        tasks =
                tasks.plus(
                        e.task(), known == null ? TaskState.ready(e.input()) : known.readyAgain());
        if (e.task().item() == TaskId.WHOLE && known == null) {
            graph = graph.begin(e.task().name());
        }
    }

    private void assigned(Assigned e) {
        ready--;
        tasks = tasks.plus(e.task(), before.task(e.task()).assigned(e.token(), e.agent()));
        open = open.plus(e.token(), new RunState.Open(e.task(), e.agent()));
        if (e.due() != null) {
            timers = timers.plus(new AttemptDue(e.token()), e.due());
        }
    }

    private void accepted(ResultAccepted e) {
        closeAttempt(e.token(), e.usage());
        finish(e.task(), TaskState.Phase.DONE);
        if (e.task().item() == TaskId.WHOLE) {
            outputs = outputs.with(e.task().name(), e.output());
            graph = graph.finish(e.task().name(), Graph.Phase.DONE);
        } else {
            var fanIn = fanIn(e.task().name());
            fanIns = fanIns.plus(e.task().name(), fanIn.done(e.task().item(), e.output()));
        }
    }

    private void skipped(TaskId task) {
        finish(task, TaskState.Phase.SKIPPED);
        if (task.item() == TaskId.WHOLE) {
            outputs = outputs.with(task.name(), Value.NULL);
            graph = graph.finish(task.name(), Graph.Phase.SKIPPED);
        } else {
            fanIns = fanIns.plus(task.name(), fanIn(task.name()).skipped());
        }
    }

    private void failed(TaskId task) {
        finish(task, TaskState.Phase.FAILED);
        graph = graph.fail(task.name());
    }

    private void finish(TaskId task, TaskState.Phase phase) {
        var known = tasks.get(task);
        if (known != null) {
            tasks = tasks.plus(task, known.finished(phase));
        }
    }

    private void closeAttempt(long token, Usage used) {
        open = open.minus(token);
        timers = timers.minus(new AttemptDue(token));
        usage = usage.plus(used);
    }

    private FanIn fanIn(String task) {
        var fanIn = fanIns.get(task);
        if (fanIn == null) {
            throw new IllegalStateException("task " + task + " did not fan out");
        }
        return fanIn;
    }
}
