package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.Overview;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run folded as far as a page that shows all of it needs: a row for each task of the plan, and
/// what people did. It costs no more to copy than the plan is long.
final class RunFold {
    /// Marks of people that are kept, the latest ones.
    private static final int MOST_MARKS = 200;

    private final RunId run;
    private final Overview overview;
    private final Map<String, Long> changed = new LinkedHashMap<>();
    private final Map<String, RunId> children = new LinkedHashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable String failedFirst;
    private long position;

    /// What a person did to the course of the run.
    ///
    /// @param before what stood there, cut as payloads are
    /// @param after what stands there since
    record Mark(
            long sequence,
            Instant at,
            String by,
            String verb,
            List<String> tasks,
            String reason,
            Value before,
            Value after) {}

    private RunFold(RunId run, Overview overview) {
        this.run = run;
        this.overview = overview;
    }

    /// A run of which nothing was folded yet.
    static RunFold of(RunId run) {
        return new RunFold(run, Overview.of(run));
    }

    RunFold copy() {
        var copy = new RunFold(run, overview.copy());
        copy.changed.putAll(changed);
        copy.children.putAll(children);
        copy.marks.addAll(marks);
        copy.failedFirst = failedFirst;
        copy.position = position;
        return copy;
    }

    void add(Entry entry, Event event) {
        overview.add(entry, event);
        position = entry.position();
        overview.takeChanged().forEach(task -> changed.put(task.name(), entry.sequence()));
        switch (event) {
            case Event.Intervened e ->
                    mark(entry, e.verb(), e.tasks(), e.reason(), e.before(), e.after());
            case Event.Paused e ->
                    mark(entry, "pause", List.of(), e.reason(), Value.NULL, Value.NULL);
            case Event.Resumed e ->
                    mark(entry, "resume", List.of(), e.reason(), Value.NULL, Value.NULL);
            case Event.QuestionAnswered e -> {
                var asked = state().questions().get(e.question());
                var task = asked == null ? null : asked.question().task();
                mark(
                        entry,
                        "answer",
                        task == null ? List.of() : List.of(task.toString()),
                        e.comment(),
                        Value.NULL,
                        e.answer());
            }
            case Event.ChildStarted e -> children.put(e.task().toString(), e.child());
            case Event.TaskFailed e -> {
                if (failedFirst == null) {
                    failedFirst = e.task().toString();
                }
            }
            case Event.TasksReset e -> {
                if (failedFirst != null && e.tasks().contains(name(failedFirst))) {
                    failedFirst = null;
                }
            }
            default -> {
                // Told by the overview.
            }
        }
    }

    private void mark(
            Entry entry,
            String verb,
            List<String> tasks,
            String reason,
            Value before,
            Value after) {
        marks.add(
                new Mark(
                        entry.sequence(),
                        entry.event().at(),
                        entry.event().actor(),
                        verb,
                        tasks,
                        reason,
                        Payload.of(before),
                        Payload.of(after)));
        if (marks.size() > MOST_MARKS) {
            marks.removeFirst();
        }
    }

    private static String name(String task) {
        int item = task.indexOf('[');
        return item < 0 ? task : task.substring(0, item);
    }

    Overview overview() {
        return overview;
    }

    RunState state() {
        return overview.state();
    }

    RunId run() {
        return run;
    }

    /// Its stream in the journal.
    StreamId stream() {
        return StreamId.run(TenantId.LOCAL, run);
    }

    /// How many events were folded.
    long sequence() {
        return overview.state().sequence();
    }

    /// The place in the whole journal of the last of them.
    long position() {
        return position;
    }

    /// The last event that changed a task of the plan.
    long changed(String task) {
        return changed.getOrDefault(task, 0L);
    }

    Map<String, RunId> children() {
        return children;
    }

    List<Mark> marks() {
        return marks;
    }

    /// The task that failed before any other did, if one has and was not begun again.
    @Nullable String failedFirst() {
        return failedFirst;
    }

    Status status() {
        return overview.status();
    }

    /// As the list of runs takes it.
    Runs.Loaded loaded() {
        return new Runs.Loaded(stream(), state(), overview.startedAt(), overview.lastAt());
    }
}
