package dev.tutti.server.live;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.RunPages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one page is told: changes of runs, of the list of runs, of what people are asked, and what
/// attempts say of how far they are. Each says how things are now, so that a reader who was away is
/// helped by the next.
final class Changes {
    private static final long PACE_MILLIS = 250;
    private static final int MOST_ROWS = 200;

    /// How often it is looked for what no event tells.
    private static final Duration LOOK = Duration.ofMillis(500);

    private final RunPages pages;
    private final Function<RunId, Value.Struct> progress;
    private final Inbox inbox;
    private final Streams.Wanted wanted;
    private final Map<RunId, Long> known;
    private final Map<RunId, Value.Struct> far = new LinkedHashMap<>();
    private @Nullable List<Value.Struct> questions;
    private long list;
    private boolean said;

    Changes(
            RunPages pages,
            Function<RunId, Value.Struct> progress,
            Inbox inbox,
            Streams.Wanted wanted) {
        this.pages = pages;
        this.progress = progress;
        this.inbox = inbox;
        this.wanted = wanted;
        known = new LinkedHashMap<>(wanted.runs());
    }

    /// @param pulse how long nothing is said before `alive` is
    void tell(Sse sse, Feed feed, Duration pulse) throws IOException, InterruptedException {
        long position = pages.position();
        list = wanted.after() < 0 ? position : wanted.after();
        sse.write(
                "hello",
                list <= position ? list : position,
                Value.struct(
                        "position", Value.of(position), "alive_ms", Value.of(pulse.toMillis())));
        if (!wanted.left().isEmpty()) {
            sse.write("not_followed", -1, left());
        }
        long written = System.nanoTime();
        while (!feed.isClosed()) {
            said = false;
            runs(sse);
            progress(sse);
            list(sse, position);
            questions(sse);
            if (said) {
                // Everything up to here was told.
                sse.write("at", position, Value.struct("position", Value.of(position)));
                sse.flush();
                written = System.nanoTime();
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            } else {
                sse.flush();
            }
            position = Math.max(position, more(feed, position, pulse));
            if (System.nanoTime() - written >= pulse.toNanos()) {
                sse.write("alive", -1, Value.Struct.EMPTY);
                sse.flush();
                written = System.nanoTime();
            }
        }
    }

    /// What was asked for as a run and is not followed, and why.
    private Value left() {
        var left = new ArrayList<Value>();
        wanted.left()
                .forEach((run, why) ->
                        left.add(Value.struct("run", Value.text(run), "why", Value.text(why))));
        return Value.struct("runs", new Value.Array(left));
    }

    private void runs(Sse sse) throws IOException {
        for (var run : known.entrySet()) {
            var patch = pages.patch(run.getKey(), run.getValue());
            if (run.getValue() > patch.sequence()) {
                sse.write("refetch", -1, refetch("run", run.getKey()));
                said = true;
            } else if (!patch.isEmpty()) {
                sse.write(Sse.frame("patch", -1, patch.json()));
                said = true;
            }
            run.setValue(patch.sequence());
        }
    }

    /// Waits for more of the journal, or for an attempt that says how far it is.
    private long more(Feed feed, long position, Duration pulse) throws InterruptedException {
        long until = System.nanoTime() + pulse.toNanos();
        while (true) {
            var left = Duration.ofNanos(until - System.nanoTime());
            boolean last = known.isEmpty() || left.compareTo(LOOK) <= 0;
            long found = feed.await(position, last ? left : LOOK);
            boolean over = last || found > position || feed.isClosed();
            if (over || known.keySet().stream().anyMatch(this::hasMoved)) {
                return found;
            }
        }
    }

    private Value.Struct told(RunId run) {
        return far.getOrDefault(run, Value.Struct.EMPTY);
    }

    private boolean hasMoved(RunId run) {
        return !progress.apply(run).equals(told(run));
    }

    private void progress(Sse sse) throws IOException {
        for (var run : known.keySet()) {
            var now = progress.apply(run);
            if (!now.equals(told(run))) {
                far.put(run, now);
                sse.write(
                        "progress", -1, Value.struct("run", Value.text(run.value()), "tasks", now));
                said = true;
            }
        }
    }

    private static Value refetch(String what, @Nullable RunId run) {
        return Value.struct(
                "what",
                Value.text(what),
                "run",
                run == null ? Value.NULL : Value.text(run.value()));
    }

    private void list(Sse sse, long position) throws IOException {
        if (!wanted.list() || list >= position) {
            return;
        }
        var changed = pages.changedSince(list);
        if (changed.size() > MOST_ROWS) {
            sse.write("refetch", -1, refetch("runs", null));
            said = true;
        } else if (!changed.isEmpty()) {
            var rows = pages.lines(changed);
            sse.write("runs", -1, Value.struct("runs", new Value.Array(rows)));
            said = true;
        }
        list = position;
    }

    private void questions(Sse sse) throws IOException {
        if (!wanted.questions()) {
            return;
        }
        var now = inbox.open(null);
        if (!now.equals(questions)) {
            questions = now;
            sse.write(
                    "questions",
                    -1,
                    Value.struct(
                            "open",
                            Value.of(now.size()),
                            "questions",
                            new Value.Array(new ArrayList<>(now))));
            said = true;
        }
    }
}
