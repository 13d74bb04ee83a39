package dev.tutti.server.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.view.Sentences;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of each task of a run, items of fan-outs each: when it waited and when it was worked
/// on, which events tell of it, what it cost. Made only for runs that somebody looks into.
final class TaskLog {
    /// Points of the curve of money; when there are more, every other one is dropped.
    private static final int MOST_POINTS = 200;

    private final Map<TaskId, Item> items = new LinkedHashMap<>();
    private final Map<Long, Item> open = new HashMap<>();
    private final Map<AgentId, Tally> agents = new LinkedHashMap<>();
    private final Map<String, Event.ArtifactStored> artifacts = new LinkedHashMap<>();
    private final List<Point> burn = new ArrayList<>();
    private final Stages stages = new Stages();
    private Instant start = Instant.EPOCH;
    private Instant last = Instant.EPOCH;
    private Usage usage = Usage.NONE;
    private long spendings;
    private long stride = 1;
    private long sequence;

    /// What a task waits for or is at.
    enum Kind {
        PLACE("place"),
        WORK("work"),
        LOOK("look"),
        BACKING_OFF("backing_off"),
        PERSON("person"),
        MESSAGE("message"),
        CHILD("child");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// A stretch of time.
    ///
    /// @param from milliseconds since the run began
    /// @param to the same; negative while it lasts
    record Bar(Kind kind, long from, long to) {}

    /// How much was spent when.
    record Point(long sequence, Instant at, Usage usage) {}

    /// What an agent did.
    static final class Tally {
        int attempts;
        int failed;
        Usage usage = Usage.NONE;
        @Nullable Failure lastFailure;
        final List<Long> took = new ArrayList<>();
    }

    /// What an attempt came to.
    enum Came {
        OPEN,
        FAILED,
        /// Its result waits for a second look.
        PROPOSED,
        HANDED_OVER,
        ITERATED,
        /// Its agent waits for others.
        DELEGATED,
        ACCEPTED
    }

    /// An attempt at a task, or a second look at what another came to.
    static final class Attempt {
        final long token;
        final String by;
        final boolean look;
        final Instant begunAt;
        Came came = Came.OPEN;
        @Nullable Instant endedAt;
        @Nullable Failure failure;
        Usage usage = Usage.NONE;

        private Attempt(long token, String by, boolean look, Instant begunAt) {
            this.token = token;
            this.by = by;
            this.look = look;
            this.begunAt = begunAt;
        }
    }

    /// One task.
    static final class Item {
        final TaskId task;
        final List<Attempt> made = new ArrayList<>();
        final List<Bar> bars = new ArrayList<>();
        final List<Long> events = new ArrayList<>();
        @Nullable String label;
        @Nullable AgentId agent;
        @Nullable Failure failure;
        @Nullable Instant readyAt;
        @Nullable Instant begunAt;
        @Nullable Instant endedAt;
        @Nullable Instant attemptAt;
        Usage usage = Usage.NONE;
        boolean looking;
        private @Nullable Kind kind;
        private long since;

        private Item(TaskId task) {
            this.task = task;
        }

        int attempts() {
            return made.size();
        }

        /// Its stretches, the one that lasts included.
        List<Bar> bars() {
            if (kind == null) {
                return bars;
            }
            var all = new ArrayList<>(bars);
            all.add(new Bar(kind, since, -1));
            return all;
        }

        private void turn(@Nullable Kind next, long at) {
            if (kind != null && at > since) {
                bars.add(new Bar(kind, since, at));
            }
            kind = next;
            since = at;
        }
    }

    void add(Entry entry, Event event) {
        sequence = entry.sequence();
        last = entry.event().at();
        if (sequence == 1) {
            start = last;
        }
        stages.add(entry, event);
        see(entry.event().at(), event);
        var task = about(event);
        if (task != null) {
            item(task).events.add(sequence);
        }
    }

    /// The task that an event is about, as its sentence has it. No sentence is made of the events
    /// that every task has: these are nearly all.
    private static @Nullable TaskId about(Event event) {
        return switch (event) {
            case Event.TaskReady e -> e.task();
            case Event.Assigned e -> e.task();
            case Event.ResultAccepted e -> e.task();
            case Event.AttemptEnded e -> e.task();
            default -> {
                var task = Sentences.of(event).task();
                // Names that are no tasks' cannot be here.
                yield task.isEmpty() ? null : TaskId.parse(task);
            }
        };
    }

    private void see(Instant at, Event event) {
        long ms = Duration.between(start, at).toMillis();
        switch (event) {
            case Event.TaskReady e -> {
                var item = item(e.task());
                if (item.readyAt == null) {
                    item.readyAt = at;
                    item.label = Payload.label(e.input());
                }
                item.turn(Kind.PLACE, ms);
            }
            case Event.TaskHeld e -> {
                var item = item(e.task());
                item.label = Payload.label(e.input());
                item.turn(Kind.PERSON, ms);
            }
            case Event.Assigned e -> {
                var item = item(e.task());
                begin(item, e.token(), e.agent().value(), at);
                item.agent = e.agent();
                item.turn(item.looking ? Kind.LOOK : Kind.WORK, ms);
                tally(e.agent()).attempts++;
            }
            case Event.ChildStarted e -> {
                begin(item(e.task()), e.token(), "run " + e.child(), at);
                item(e.task()).turn(Kind.CHILD, ms);
            }
            case Event.Awaited e -> {
                var what = e.message() == null ? "the time" : "message " + e.message();
                begin(item(e.task()), e.token(), what, at);
                item(e.task()).turn(Kind.MESSAGE, ms);
            }
            case Event.QuestionAsked e -> {
                var task = e.question().task();
                if (task != null) {
                    var item = item(task);
                    if (e.token() != 0) {
                        begin(item, e.token(), e.question().ask().getFirst().to(), at);
                    }
                    item.turn(Kind.PERSON, ms);
                }
            }
            case Event.AttemptEnded e -> {
                var item = end(e.task(), e.token(), Came.FAILED, e.usage(), at);
                refuse(item, e.failure());
                item.failure = e.failure();
                item.looking = false;
                item.turn(Kind.BACKING_OFF, ms);
                if (item.agent != null) {
                    tally(item.agent).failed++;
                    tally(item.agent).lastFailure = e.failure();
                }
            }
            case Event.ResultProposed e -> {
                var item = end(e.task(), e.token(), Came.PROPOSED, e.usage(), at);
                item.looking = true;
                item.turn(null, ms);
            }
            case Event.ErrandsAwaited e -> {
                var item = item(e.task());
                item.turn(null, ms);
                if (!item.made.isEmpty() && item.made.getLast().token == e.token()) {
                    item.made.getLast().came = Came.DELEGATED;
                    item.made.getLast().endedAt = at;
                }
            }
            case Event.HandedOver e -> {
                var item = end(e.task(), e.token(), Came.HANDED_OVER, e.usage(), at);
                item.looking = false;
                item.turn(null, ms);
            }
            case Event.Iterated e -> {
                var item = end(e.task(), e.token(), Came.ITERATED, e.usage(), at);
                item.looking = false;
                item.turn(null, ms);
            }
            case Event.ResultAccepted e -> {
                var item = end(e.task(), e.token(), Came.ACCEPTED, e.usage(), at);
                item.failure = null;
                finish(item, at, ms);
            }
            case Event.OutputGiven e -> finish(item(e.task()), at, ms);
            case Event.TaskSkipped e -> finish(item(e.task()), at, ms);
            case Event.TaskFailed e -> {
                item(e.task()).failure = e.failure();
                finish(item(e.task()), at, ms);
            }
            case Event.TasksReset e ->
                    items.keySet().removeIf(task -> e.tasks().contains(task.name()));
            case Event.ArtifactStored e -> artifacts.put(e.hash(), e);
            case Event.Ended _ -> items.values().forEach(item -> item.turn(null, ms));
            default -> {
                // Neither begins nor ends a stretch.
            }
        }
    }

    private void begin(Item item, long token, String by, Instant at) {
        item.made.add(new Attempt(token, by, item.looking, at));
        item.attemptAt = at;
        if (item.begunAt == null) {
            item.begunAt = at;
        }
        open.put(token, item);
    }

    /// Whose look turned a result down has done what was asked; whose result it was has failed.
    private static void refuse(Item item, Failure failure) {
        if (item.made.isEmpty()) {
            return;
        }
        var attempt = item.made.getLast();
        if (attempt.look
                && failure instanceof Failure.Rejected(var gate, _)
                && gate.equals("verify")) {
            attempt.came = Came.ACCEPTED;
            for (int i = item.made.size() - 2; i >= 0; i--) {
                if (item.made.get(i).came == Came.PROPOSED) {
                    item.made.get(i).came = Came.FAILED;
                    item.made.get(i).failure = failure;
                    return;
                }
            }
        } else {
            attempt.failure = failure;
        }
    }

    private Item end(TaskId task, long token, Came came, Usage used, Instant at) {
        var item = item(task);
        if (!item.made.isEmpty() && item.made.getLast().token == token) {
            var attempt = item.made.getLast();
            attempt.came = came;
            attempt.endedAt = at;
            attempt.usage = used;
        }
        if (open.remove(token) != null && item.agent != null) {
            var tally = tally(item.agent);
            tally.usage = tally.usage.plus(used);
            if (item.attemptAt != null) {
                tally.took.add(Duration.between(item.attemptAt, at).toMillis());
            }
        }
        item.usage = item.usage.plus(used);
        spend(used, at);
        return item;
    }

    private void spend(Usage used, Instant at) {
        if (used.equals(Usage.NONE)) {
            return;
        }
        usage = usage.plus(used);
        if (spendings++ % stride == 0) {
            burn.add(new Point(sequence, at, usage));
        }
        if (burn.size() > MOST_POINTS) {
            for (int i = burn.size() - 1; i > 0; i -= 2) {
                burn.remove(i);
            }
            stride *= 2;
        }
    }

    private void finish(Item item, Instant at, long ms) {
        item.endedAt = at;
        item.turn(null, ms);
    }

    private Item item(TaskId task) {
        return items.computeIfAbsent(task, Item::new);
    }

    private Tally tally(AgentId agent) {
        return agents.computeIfAbsent(agent, _ -> new Tally());
    }

    // ---- what is known

    @Nullable Item find(TaskId task) {
        return items.get(task);
    }

    Collection<Item> items() {
        return items.values();
    }

    Map<AgentId, Tally> agents() {
        return agents;
    }

    /// How the money went, the last point being how it stands.
    List<Point> burn() {
        var points = new ArrayList<>(burn);
        if (!points.isEmpty() && !points.getLast().usage().equals(usage)) {
            points.add(new Point(sequence, last, usage));
        }
        return points;
    }

    /// What agents stored, by hash.
    Map<String, Event.ArtifactStored> artifacts() {
        return artifacts;
    }

    Stages stages() {
        return stages;
    }

    Instant start() {
        return start;
    }

    Instant last() {
        return last;
    }

    long sequence() {
        return sequence;
    }
}
