package dev.tutti.runtime.engine;

import dev.tutti.core.event.Status;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One loaded run: its state as far as it is on disk, what waits to be handled, and what is being
/// committed.
final class Owner {
    final StreamId run;
    final Deque<Input> waiting = new ArrayDeque<>();

    /// Tasks that were ready when the run was loaded and still need a place.
    final List<Action.Seek> seek = new ArrayList<>();

    private RunState state;
    private Instant startedAt;
    private Instant lastAt;
    private @Nullable Work work;

    /// Whether it is in the engine's queue.
    boolean queued;

    /// The earliest moment for which the engine has an alarm set for this run.
    @Nullable Instant alarm;

    Owner(Runs.Loaded loaded) {
        run = loaded.run();
        state = loaded.state();
        startedAt = loaded.startedAt();
        lastAt = loaded.lastAt();
    }

    /// The run as it is on disk.
    Runs.Loaded loaded() {
        return new Runs.Loaded(run, state, startedAt, lastAt);
    }

    /// The state on disk.
    RunState state() {
        return state;
    }

    /// Handled but not yet committed.
    static final class Work {
        final List<NewEntry> entries = new ArrayList<>();
        final List<Action> actions = new ArrayList<>();
        final List<String> consumed = new ArrayList<>();
        final List<Definition> definitions = new ArrayList<>();
        final List<Deed.Answer> answers = new ArrayList<>();
        RunState after;
        @Nullable Status ended;

        Work(RunState before) {
            after = before;
        }
    }

    Work begin() {
        var begun = new Work(state);
        work = begun;
        return begun;
    }

    /// Requests that were handled but will not be committed.
    List<String> unanswered() {
        return work == null ? List.of() : work.answers.stream().map(Deed.Answer::request).toList();
    }

    boolean committing() {
        return work != null;
    }

    /// What was being committed is on disk.
    Work committed() {
        var done = work;
        if (done == null) {
            throw new IllegalStateException("nothing of " + run + " was being committed");
        }
        if (!done.entries.isEmpty()) {
            startedAt = state.sequence() == 0 ? done.entries.getFirst().at() : startedAt;
            lastAt = done.entries.getLast().at();
        }
        state = done.after;
        work = null;
        return done;
    }

    Append append(Work done, long epoch) {
        return new Append(
                run,
                state.sequence(),
                epoch,
                done.entries,
                List.of(),
                done.consumed,
                done.definitions,
                attention(done.after));
    }

    /// When the run wants attention if this process is gone: at once while anything is under way.
    private static @Nullable Instant attention(RunState after) {
        if (after.status().isFinal() || !after.started()) {
            return null;
        }
        return after.open().isEmpty() && after.ready() == 0
                ? after.nextDue().orElse(null)
                : Instant.EPOCH;
    }

    /// Whether it can be put away: only a timer or someone else can move it.
    boolean idle() {
        return work == null && waiting.isEmpty() && state.open().isEmpty() && state.ready() == 0;
    }
}
