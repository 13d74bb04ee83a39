package dev.tutti.runtime.engine;

import dev.tutti.core.event.Status;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.dispatch.Ranks;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One loaded run: its state as far as it is on disk, what waits to be handled, and what is being
/// committed.
final class Owner {
    final StreamId run;
    final Deque<Input> waiting = new ArrayDeque<>();

    /// Tasks that were ready when the run was loaded and still need a place.
    final List<Action.Seek> seek = new ArrayList<>();

    /// When attempts under way last gave a sign of life.
    final Map<Long, Instant> beats = new HashMap<>();

    /// What the steps of attempts under way come to.
    private final Map<Long, Said> said = new HashMap<>();

    /// Attempts that may be taking something of which nobody knows yet.
    private final Set<Long> spending = new HashSet<>();

    private @Nullable Ranks ranks;

    private RunState state;
    private Instant startedAt;
    private Instant lastAt;
    private @Nullable Work work;

    /// Whether it is in the engine's queue.
    boolean queued;

    Owner(Runs.Loaded loaded) {
        run = loaded.run();
        state = loaded.state();
        startedAt = loaded.startedAt();
        lastAt = loaded.lastAt();
    }

    /// Which of its tasks have the longest way to go.
    Ranks ranks() {
        var known = ranks;
        if (known == null) {
            known = new Ranks();
            ranks = known;
        }
        return known;
    }

    /// The run as it is on disk.
    Runs.Loaded loaded() {
        return new Runs.Loaded(run, state, startedAt, lastAt);
    }

    /// When the run began; now, if it is about to.
    Instant began(Instant now) {
        return state.sequence() == 0 ? now : startedAt;
    }

    /// The state on disk.
    RunState state() {
        return state;
    }

    /// Handled but not yet committed.
    static final class Work {
        final List<NewEntry> entries = new ArrayList<>();
        final List<Action> actions = new ArrayList<>();
        final List<Action.Announce> announced = new ArrayList<>();
        final List<String> consumed = new ArrayList<>();
        final List<Definition> definitions = new ArrayList<>();
        final List<Message> outbox = new ArrayList<>();

        /// Messages that agents are to be told of.
        final Set<RunState.Letter> tell = new LinkedHashSet<>();

        /// What is to be said once all of it is on disk.
        final List<Deed> deeds = new ArrayList<>();

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
        return work == null
                ? List.of()
                : work.deeds.stream()
                        .filter(Deed.Answer.class::isInstance)
                        .map(deed -> ((Deed.Answer) deed).request())
                        .toList();
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
        beats.keySet().retainAll(state.open().keySet());
        said.keySet().retainAll(state.open().keySet());
        spending.retainAll(state.open().keySet());
        return done;
    }

    /// The steps of an attempt.
    ///
    /// @param head how many entries their stream has
    /// @param spent what those of this attempt used up
    private record Said(long head, Usage spent) {}

    /// What the steps of an attempt used up, and whether that is all.
    Usage spent(long token) {
        var known = said.get(token);
        var spent = known == null ? Usage.NONE : known.spent();
        return spending.contains(token) ? spent.atLeast() : spent;
    }

    /// An attempt is about to take what nobody will know of before it says so.
    ///
    /// @return false when it is over, or going to be with what is being committed
    boolean spends(long token) {
        boolean open =
                state.open().containsKey(token)
                        && (work == null || work.after.open().containsKey(token));
        return open && (spending.contains(token) || spending.add(token));
    }

    /// It is known what an attempt took so far.
    void accounted(long token) {
        spending.remove(token);
    }

    /// Counts a step that an attempt under way took, unless the attempt has been heard out.
    ///
    /// @param expected how many entries there are before it
    /// @return false when there are others
    boolean counts(long token, long expected, Usage used) {
        var known = said.get(token);
        if (known != null && known.head() != expected) {
            return false;
        }
        var before = known == null ? Usage.NONE : known.spent();
        said.put(token, new Said(expected + 1, before.plus(used)));
        spending.remove(token);
        return true;
    }

    /// When a timer is really due: a sign of life puts off the one that watches for silence.
    Instant due(Timer timer, Instant at) {
        if (timer instanceof Timer.IdleDue(var token)) {
            var beat = beats.get(token);
            var open = state.open().get(token);
            if (beat != null && open != null && open.idle() != null) {
                var put = beat.plus(open.idle());
                return put.isAfter(at) ? put : at;
            }
        }
        return at;
    }

    /// When the run next wants to be woken.
    Optional<Instant> nextDue() {
        if (beats.isEmpty()) {
            return state.nextDue();
        }
        return state.status().isFinal() || state.paused()
                ? Optional.empty()
                : state.timers().entrySet().stream()
                        .map(timer -> due(timer.getKey(), timer.getValue()))
                        .min(Instant::compareTo);
    }

    Append append(Work done, long epoch) {
        return new Append(
                run,
                state.sequence(),
                epoch,
                done.entries,
                done.outbox,
                done.consumed,
                done.definitions,
                Runs.attention(done.after));
    }

    /// Whether runs within will tell of their ends.
    boolean isCalledBack() {
        return state.open().values().stream()
                .anyMatch(open -> open.doer() instanceof RunState.Doer.Child);
    }

    /// Whether it can be put away: only a timer, a person or another run can move it.
    boolean idle() {
        return work == null
                && waiting.isEmpty()
                && (state.ready() == 0 || state.paused())
                && state.open().values().stream()
                        .noneMatch(open -> open.doer() instanceof RunState.Doer.Agent);
    }
}
