package dev.tutti.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// A run as people look at it: its state, and for each task of the plan what no state keeps, such
/// as when it began. Folded event by event, so that following a long run costs no more than what is
/// new.
public final class Overview {
    private static final int PAGE = 2_000;

    private final StreamId stream;
    private final Map<String, TaskOverview> tasks = new LinkedHashMap<>();
    private final Set<TaskOverview> changed = new LinkedHashSet<>();
    private RunState state = RunState.EMPTY;
    private Instant startedAt = Instant.EPOCH;
    private Instant lastAt = Instant.EPOCH;
    private String actor = "";
    private boolean waitsWithin;

    private Overview(StreamId stream) {
        this.stream = stream;
    }

    /// The same as it is now, to go on from on its own.
    public Overview copy() {
        var copy = new Overview(stream);
        tasks.forEach((name, line) -> copy.tasks.put(name, line.copy()));
        copy.state = state;
        copy.startedAt = startedAt;
        copy.lastAt = lastAt;
        copy.actor = actor;
        copy.waitsWithin = waitsWithin;
        return copy;
    }

    /// A run of which nothing was read yet.
    public static Overview of(RunId run) {
        return new Overview(StreamId.run(TenantId.LOCAL, run));
    }

    /// Reads what came since the last time; returns whether anything did.
    public boolean readOn(JournalReader journal) {
        return readOn(journal, Long.MAX_VALUE);
    }

    /// Reads up to and with the event of sequence `at`.
    public boolean readOn(JournalReader journal, long at) {
        return readOn(journal, at, (_, _) -> {});
    }

    /// Reads up to and with the event of sequence `at`.
    ///
    /// @param beside is shown each event as well, so that nobody has to read it again
    public boolean readOn(JournalReader journal, long at, BiConsumer<Entry, Event> beside) {
        long before = state.sequence();
        while (state.sequence() < at) {
            var page =
                    journal.read(
                            stream, state.sequence(), (int) Math.min(PAGE, at - state.sequence()));
            for (var entry : page) {
                var event = Runs.event(entry);
                add(entry, event);
                beside.accept(entry, event);
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return state.sequence() > before;
    }

    /// Folds the next event in.
    public void add(Entry entry) {
        add(entry, Runs.event(entry));
    }

    /// Folds the next event in, for one who has read it already.
    public void add(Entry entry, Event event) {
        if (state.sequence() == 0) {
            startedAt = entry.event().at();
            actor = entry.event().actor();
        }
        lastAt = entry.event().at();
        var before = state;
        state = state.evolve(event);
        note(before, event, entry.event().at());
        if (event instanceof Event.Intervened e) {
            e.tasks().forEach(name -> pinned(e, name, entry.event().actor()));
        }
    }

    /// What a person does to a task later counts instead of what stood in for it.
    private void pinned(Event.Intervened event, String task, String by) {
        var line = tasks.get(TaskId.parse(task).name());
        if (line != null) {
            var from = event.before() instanceof Value.Struct one ? one.get("run") : null;
            line.standIn =
                    event.verb().equals(StandIn.VERB)
                            ? new TaskOverview.StandIn(
                                    from instanceof Value.Text(var run) ? run : null, by)
                            : null;
            changed.add(line);
        }
    }

    private void note(RunState before, Event event, Instant at) {
        switch (event) {
            case Event.PlanAmended e ->
                    e.tasks().forEach(task -> tasks.put(task.name(), new TaskOverview(task)));
            case Event.FannedOut e -> {
                line(e.task()).width = e.width();
                sync(e.task(), at);
            }
            case Event.Dissented e -> line(e.task()).dissent = e.answers();
            case Event.Joined e -> {
                line(e.task()).resolved = e.resolved();
                sync(e.task(), at);
            }
            case Event.TaskReady e -> moved(before, e.task(), at);
            case Event.TaskHeld e -> moved(before, e.task(), at);
            case Event.InputGiven e -> moved(before, e.task(), at);
            case Event.TasksReset e -> e.tasks().forEach(name -> again(name, at));
            case Event.TaskSkipped e -> {
                line(e.task().name()).skipped = e.reason();
                finished(before, e.task(), at);
            }
            case Event.OutputGiven e -> finished(before, e.task(), at);
            case Event.TaskFailed e -> {
                line(e.task().name()).failure = e.failure();
                moved(before, e.task(), at);
            }
            case Event.Assigned e -> {
                line(e.task().name()).assigned(e.agent(), at);
                moved(before, e.task(), at);
            }
            case Event.ChildStarted e -> {
                line(e.task().name()).begun(at);
                moved(before, e.task(), at);
            }
            case Event.Awaited e -> {
                line(e.task().name()).begun(at);
                moved(before, e.task(), at);
            }
            case Event.QuestionAsked e -> {
                if (e.question().task() != null) {
                    moved(before, e.question().task(), at);
                }
            }
            case Event.Iterated e -> {
                var line = line(e.task().name());
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.ErrandsAwaited e -> moved(before, e.task(), at);
            case Event.HandedOver e -> {
                var line = line(e.task().name());
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.PlanProposed e -> {
                var line = line(e.task().name());
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.ResultProposed e -> {
                var line = line(e.task().name());
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.AttemptEnded e -> {
                var line = line(e.task().name());
                line.failure = e.failure();
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.ResultAccepted e -> {
                var line = line(e.task().name());
                line.usage = line.usage.plus(e.usage());
                moved(before, e.task(), at);
            }
            case Event.Ended _ ->
                    tasks.values().stream()
                            .filter(line -> !line.standing().isFinal())
                            .forEach(line -> {
                                line.runEnded = true;
                                line.endedAt = line.begunAt == null ? null : at;
                                changed.add(line);
                            });
            case Event.RunStarted _,
                    Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Refused _,
                    Event.TaskRevised _,
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
                    Event.Debated _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.QuestionClosed _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ -> {}
        }
    }

    /// The task, and with a fan-out its items, came to an end.
    private void finished(RunState before, TaskId id, Instant at) {
        if (id.item() == TaskId.WHOLE && before.fanIns().containsKey(id.name())) {
            line(id.name()).recount(state);
        } else {
            line(id.name()).moved(before.tasks().get(id), state.tasks().get(id));
        }
        sync(id.name(), at);
    }

    /// The task is as if it had never begun.
    private void again(String name, Instant at) {
        var line = line(name);
        line.recount(state);
        line.endedAt = null;
        line.begunAt = null;
        line.width = -1;
        line.standIn = null;
        sync(name, at);
    }

    private void moved(RunState before, TaskId id, Instant at) {
        line(id.name()).moved(before.tasks().get(id), state.tasks().get(id));
        sync(id.name(), at);
    }

    private void sync(String name, Instant at) {
        var line = line(name);
        var phase = state.graph().node(name).phase();
        if (phase != line.phase) {
            line.phase = phase;
            if (phase.isFinal()) {
                line.endedAt = at;
                line.output = state.outputs().of(name);
            }
        }
        changed.add(line);
    }

    private TaskOverview line(String name) {
        var line = tasks.get(name);
        if (line == null) {
            throw new IllegalStateException("no task " + name + " in the plan");
        }
        return line;
    }

    /// The lines that changed since the last call.
    public List<TaskOverview> takeChanged() {
        var taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    public RunState state() {
        return state;
    }

    /// Looks whether the runs that this one waits for wait for people; reads them.
    public void lookDown(JournalReader journal) {
        waitsWithin =
                state.status() == Status.RUNNING && Runs.waitsForPeople(journal, stream, state);
    }

    /// What the run is at; waiting as well while only people can move the runs that it waits for.
    public Status status() {
        return waitsWithin && state.status() == Status.RUNNING ? Status.WAITING : state.status();
    }

    public RunId run() {
        return stream.run();
    }

    /// The tasks of the plan, in its order.
    public Collection<TaskOverview> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    /// A task of the plan, by its name.
    public TaskOverview task(String name) {
        return line(name);
    }

    public Instant startedAt() {
        return startedAt;
    }

    public Instant lastAt() {
        return lastAt;
    }

    /// Who asked for it.
    public String actor() {
        return actor;
    }

    public boolean ended() {
        return state.status().isFinal();
    }

    /// How long it took, or has been taking.
    public Duration took(Instant now) {
        var end = ended() ? lastAt : now;
        return end.isBefore(startedAt) ? Duration.ZERO : Duration.between(startedAt, end);
    }

    /// How many tasks there are as far as is known, items of fan-outs each.
    public int total() {
        return tasks.values().stream()
                .mapToInt(line -> Math.max(line.items().orElse(1), line.begun()))
                .sum();
    }

    /// How many of them are finished.
    public int finished() {
        return tasks.values().stream().mapToInt(TaskOverview::finished).sum();
    }

    /// How many of them have a result.
    public int results() {
        return tasks.values().stream()
                .mapToInt(line ->
                        line.isFanOut() && line.width >= 0
                                ? line.count(TaskState.Phase.DONE)
                                : line.standing() == Standing.SUCCEEDED ? 1 : 0)
                .sum();
    }
}
