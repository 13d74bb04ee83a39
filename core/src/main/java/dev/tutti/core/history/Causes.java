package dev.tutti.core.history;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.history.CriticalPath.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// For each event of a run the earlier event that it waited for last, as far as the run was read.
///
/// An event of an attempt waited for what began the attempt, a task for the dependency that was
/// finished last, a fan-out for its last item. What a decision adds to its own events waited for
/// the event before it.
final class Causes {
    private final List<Cause> causes = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final Map<String, Task> plan = new LinkedHashMap<>();

    /// By name: where the task came into the plan, or back to its beginning.
    private final Map<String, Integer> planned = new LinkedHashMap<>();

    private final Map<String, Integer> finished = new LinkedHashMap<>();
    private final Map<String, Integer> fannedOut = new LinkedHashMap<>();
    private final Map<String, Integer> lastItem = new LinkedHashMap<>();
    private final Map<TaskId, Latest> latest = new LinkedHashMap<>();

    /// The tasks that one waits for, since its agent has asked for them.
    private final Map<TaskId, List<String>> errands = new LinkedHashMap<>();

    /// Tasks whose next attempt is a second look at a result.
    private final Set<TaskId> looks = new LinkedHashSet<>();

    private final Map<Long, Cause> opened = new LinkedHashMap<>();
    private final Map<Long, Cause> asked = new LinkedHashMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private @Nullable Instant paused;

    /// What an event waited for.
    ///
    /// @param event the index of what it waited for
    /// @param kind how it waited
    /// @param task whose wait it was, or null
    record Cause(int event, Kind kind, @Nullable TaskId task) {}

    private record Pause(Instant from, Instant to) {}

    /// The last event of a task.
    ///
    /// @param task the same object for all events of a task: these are many
    /// @param next how the task's next event waits for this one
    private record Latest(TaskId task, int event, Kind next) {}

    /// Looks at the next event.
    void add(Instant at, Event event) {
        int i = causes.size();
        times.add(at);
        causes.add(see(i, event));
        if (event instanceof Event.Paused) {
            paused = at;
        } else if (event instanceof Event.Resumed && paused != null) {
            pauses.add(new Pause(paused, at));
            paused = null;
        }
    }

    /// @param event its index, from 0
    Cause of(int event) {
        return causes.get(event);
    }

    /// When an event was written.
    Instant at(int event) {
        return times.get(event);
    }

    /// How many events were looked at.
    int size() {
        return causes.size();
    }

    /// The time from a cause to its event as segments: what of a wait for a place was because the
    /// run was paused is told apart.
    List<CriticalPath.Segment> split(int event) {
        var cause = causes.get(event);
        var from = times.get(cause.event());
        var to = times.get(event);
        var segments = new ArrayList<CriticalPath.Segment>();
        var at = from;
        if (cause.kind() == Kind.PLACE || cause.kind() == Kind.BACKING_OFF) {
            for (var pause : pauses) {
                var begins = pause.from().isBefore(at) ? at : pause.from();
                var ends = pause.to().isAfter(to) ? to : pause.to();
                if (begins.isBefore(ends)) {
                    add(segments, cause, cause.kind(), event, at, begins);
                    add(segments, cause, Kind.PAUSED, event, begins, ends);
                    at = ends;
                }
            }
        }
        add(segments, cause, cause.kind(), event, at, to);
        return segments;
    }

    private static void add(
            List<CriticalPath.Segment> segments,
            Cause cause,
            Kind kind,
            int event,
            Instant from,
            Instant to) {
        if (!from.equals(to)) {
            segments.add(
                    new CriticalPath.Segment(
                            cause.task(), kind, event + 1L, Duration.between(from, to)));
        }
    }

    private Cause see(int i, Event event) {
        return switch (event) {
            case Event.PlanAmended e -> {
                e.tasks().forEach(task -> plan.put(task.name(), task));
                e.tasks().forEach(task -> planned.put(task.name(), i));
                yield askedFor(i, e);
            }
            case Event.TaskRevised e -> {
                plan.put(e.task().name(), e.task());
                yield before(i, null);
            }
            case Event.TasksReset e -> {
                e.tasks().forEach(name -> reset(name, i));
                yield before(i, null);
            }
            case Event.FannedOut e -> {
                fannedOut.put(e.task(), i);
                yield new Cause(released(e.task(), i), Kind.BETWEEN, TaskId.of(e.task()));
            }
            case Event.Joined e -> {
                finished.put(e.task(), i);
                int last = lastItem.getOrDefault(e.task(), fannedOut.getOrDefault(e.task(), i - 1));
                yield new Cause(last, Kind.BETWEEN, TaskId.of(e.task()));
            }
            case Event.TaskHeld e -> goesOn(i, e.task(), Kind.PERSON);
            case Event.InputGiven e -> goesOn(i, e.task(), Kind.PERSON);
            case Event.TaskReady e -> ready(i, e.task());
            case Event.ErrandsAwaited e -> {
                errands.put(e.task(), e.errands());
                yield goesOn(i, e.task(), Kind.BETWEEN);
            }
            case Event.Assigned e -> opens(i, e.task(), e.token(), Kind.WORK);
            case Event.ChildStarted e -> opens(i, e.task(), e.token(), Kind.CHILD);
            case Event.Awaited e -> opens(i, e.task(), e.token(), Kind.MESSAGE);
            case Event.AttemptEnded e -> reports(i, e.task(), e.token(), Kind.BACKING_OFF);
            case Event.HandedOver e -> reports(i, e.task(), e.token(), Kind.BETWEEN);
            case Event.Iterated e -> reports(i, e.task(), e.token(), Kind.BETWEEN);
            case Event.PlanProposed e -> reports(i, e.task(), e.token(), Kind.PERSON);
            case Event.ResultProposed e -> {
                var cause = reports(i, e.task(), e.token(), Kind.BETWEEN);
                looks.add(e.task());
                yield cause;
            }
            case Event.ResultAccepted e -> {
                var cause = reports(i, e.task(), e.token(), Kind.BETWEEN);
                finish(i, e.task());
                yield cause;
            }
            case Event.OutputGiven e -> {
                var cause = goesOn(i, e.task(), Kind.BETWEEN);
                finish(i, e.task());
                yield new Cause(cause.event(), Kind.PERSON, e.task());
            }
            case Event.TaskSkipped e -> {
                var cause =
                        latest.containsKey(e.task())
                                ? before(i, e.task())
                                : new Cause(begun(e.task(), i), Kind.BETWEEN, e.task());
                finish(i, e.task());
                yield cause;
            }
            case Event.TaskFailed e -> goesOn(i, e.task(), Kind.BETWEEN);
            case Event.QuestionAsked e -> asks(i, e);
            case Event.QuestionClosed e -> closes(i, e.question());
            case Event.Intervened _, Event.Resumed _, Event.Paused _ ->
                    new Cause(i - 1, Kind.PERSON, null);
            case Event.RunStarted _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Ended _,
                    Event.Refused _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionHandedOn _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ ->
                    before(i, null);
        };
    }

    private static Cause before(int i, @Nullable TaskId task) {
        return new Cause(Math.max(0, i - 1), Kind.BETWEEN, task);
    }

    // ---- tasks

    private void reset(String name, int i) {
        planned.put(name, i);
        finished.remove(name);
        fannedOut.remove(name);
        lastItem.remove(name);
        latest.keySet().removeIf(id -> id.name().equals(name));
        looks.removeIf(id -> id.name().equals(name));
    }

    /// What let a task of the plan begin: the last of the dependencies that were finished by then.
    private int released(String name, int i) {
        int last = planned.getOrDefault(name, Math.max(0, i - 1));
        var task = plan.get(name);
        if (task != null) {
            for (var dependency : task.dependencies()) {
                last = Math.max(last, finished.getOrDefault(dependency, 0));
            }
        }
        return last;
    }

    private int begun(TaskId task, int i) {
        return task.item() == TaskId.WHOLE
                ? released(task.name(), i)
                : fannedOut.getOrDefault(task.name(), Math.max(0, i - 1));
    }

    /// An event that follows the task's event before it.
    ///
    /// @param then how the task's next event waits for this one
    private Cause goesOn(int i, TaskId task, Kind then) {
        var last = latest.get(task);
        if (last == null) {
            var cause = new Cause(begun(task, i), Kind.BETWEEN, task);
            latest.put(task, new Latest(task, i, then));
            return cause;
        }
        latest.put(task, new Latest(last.task(), i, then));
        return new Cause(last.event(), last.next(), last.task());
    }

    /// A task that was begun for another came of what that one's agent did.
    private Cause askedFor(int i, Event.PlanAmended e) {
        return e.tasks().stream()
                .flatMap(task ->
                        task.passing() instanceof Passing.Errand(var by, _)
                                ? Stream.of(by)
                                : Stream.empty())
                .flatMap(by -> Stream.ofNullable(latest.get(by)))
                .findFirst()
                .map(asker -> new Cause(asker.event(), Kind.WORK, asker.task()))
                .orElseGet(() -> before(i, null));
    }

    /// A task that waited for others goes on when the last of them is over.
    private Cause ready(int i, TaskId task) {
        var awaited = errands.remove(task);
        var cause = goesOn(i, task, Kind.PLACE);
        if (awaited == null) {
            return cause;
        }
        var last = TaskId.of(awaited.getFirst());
        int at = cause.event();
        for (var errand : awaited) {
            int over = finished.getOrDefault(errand, 0);
            if (over > at) {
                at = over;
                last = TaskId.of(errand);
            }
        }
        return at == cause.event() ? cause : new Cause(at, Kind.BETWEEN, last);
    }

    private void finish(int i, TaskId task) {
        if (task.item() == TaskId.WHOLE) {
            finished.put(task.name(), i);
        } else {
            lastItem.put(task.name(), i);
        }
    }

    // ---- attempts and questions

    private Cause opens(int i, TaskId task, long token, Kind kind) {
        var cause = goesOn(i, task, kind);
        boolean look = looks.remove(task);
        opened.put(token, new Cause(i, look ? Kind.LOOK : kind, cause.task()));
        return cause;
    }

    private Cause reports(int i, TaskId task, long token, Kind then) {
        var last = latest.get(task);
        latest.put(task, new Latest(last == null ? task : last.task(), i, then));
        var cause = opened.get(token);
        return cause == null ? before(i, task) : cause;
    }

    private Cause asks(int i, Event.QuestionAsked e) {
        var task = e.question().task();
        asked.put(e.question().id(), new Cause(i, Kind.PERSON, task));
        if (e.token() != 0) {
            opened.put(e.token(), new Cause(i, Kind.PERSON, task));
        }
        if (task == null) {
            return before(i, null);
        }
        var cause = goesOn(i, task, Kind.PERSON);
        return new Cause(cause.event(), Kind.BETWEEN, task);
    }

    private Cause closes(int i, long question) {
        var cause = asked.get(question);
        if (cause == null) {
            return before(i, null);
        }
        if (cause.task() != null) {
            goesOn(i, cause.task(), Kind.BETWEEN);
        }
        return cause;
    }
}
