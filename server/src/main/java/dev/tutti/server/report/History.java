package dev.tutti.server.report;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.Overview;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that a page tells of a run: its overview, each attempt, what tasks were given and
/// gave, and the journal, of which a long one loses its middle.
final class History {
    static final int MOST_EVENTS = 2_000;
    private static final int PAGE = 2_000;

    private final Overview overview;
    private final Map<Long, Attempt> attempts = new LinkedHashMap<>();
    private final Map<TaskId, Value> inputs = new LinkedHashMap<>();
    private final Map<TaskId, Value> outputs = new LinkedHashMap<>();
    private final List<Entry> first = new ArrayList<>();
    private final Deque<Entry> last = new ArrayDeque<>();

    /// One attempt at a task.
    ///
    /// @param endedAt null while it is under way
    /// @param failure null when it gave the result, or is under way
    record Attempt(
            TaskId task,
            int number,
            AgentId agent,
            Instant begunAt,
            @Nullable Instant endedAt,
            @Nullable Failure failure,
            Usage usage) {}

    private History(RunId run) {
        overview = Overview.of(run);
    }

    static History of(JournalReader journal, RunId run) {
        var history = new History(run);
        var stream = StreamId.run(TenantId.LOCAL, run);
        List<Entry> page;
        do {
            page = journal.read(stream, history.overview.state().sequence(), PAGE);
            page.forEach(history::add);
        } while (page.size() == PAGE);
        return history;
    }

    private void add(Entry entry) {
        overview.add(entry);
        if (first.size() < MOST_EVENTS / 2) {
            first.add(entry);
        } else {
            last.add(entry);
            if (last.size() > MOST_EVENTS / 2) {
                last.removeFirst();
            }
        }
        var at = entry.event().at();
        switch (Runs.event(entry)) {
            case Event.TaskReady e -> inputs.putIfAbsent(e.task(), e.input());
            case Event.Assigned e ->
                    attempts.put(
                            e.token(),
                            new Attempt(
                                    e.task(), e.attempt(), e.agent(), at, null, null, Usage.NONE));
            case Event.AttemptEnded e -> end(e.token(), at, e.failure(), e.usage());
            case Event.ResultAccepted e -> {
                outputs.put(e.task(), e.output());
                end(e.token(), at, null, e.usage());
            }
            default -> {
                // Told by the overview and the journal.
            }
        }
    }

    private void end(long token, Instant at, @Nullable Failure failure, Usage usage) {
        attempts.computeIfPresent(
                token,
                (_, open) ->
                        new Attempt(
                                open.task,
                                open.number,
                                open.agent,
                                open.begunAt,
                                at,
                                failure,
                                usage));
    }

    Overview overview() {
        return overview;
    }

    /// The attempts at a task of the plan, items of its fan-out included, in the order of their
    /// beginning.
    List<Attempt> attempts(String task) {
        return attempts.values().stream()
                .filter(attempt -> attempt.task.name().equals(task))
                .toList();
    }

    @Nullable Value input(TaskId task) {
        return inputs.get(task);
    }

    @Nullable Value output(TaskId task) {
        return outputs.get(task);
    }

    /// The journal as far as it is told.
    Stream<Entry> journal() {
        return Stream.concat(first.stream(), last.stream());
    }

    /// How many events in its middle are not told.
    long leftOut() {
        return overview.state().sequence() - first.size() - last.size();
    }
}
