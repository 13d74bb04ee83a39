package dev.tutti.runtime.engine;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Timer;
import dev.tutti.core.run.Blocked;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Runs as their journals have them.
public final class Runs {
    private static final int PAGE = 2_000;

    /// Runs that are read for one answer, and the events that they may have together.
    private static final int MOST_RUNS = 100;

    private static final long MOST_EVENTS = 20_000;

    private Runs() {}

    /// A run as its journal has it.
    ///
    /// @param startedAt the time of its first event
    /// @param lastAt the time of its last event
    public record Loaded(StreamId run, RunState state, Instant startedAt, Instant lastAt) {}

    /// Folds the whole stream of a run; empty when it has none.
    public static Loaded load(JournalReader journal, StreamId run) {
        return load(journal, run, Long.MAX_VALUE);
    }

    /// Folds a run up to and with the event of sequence `at`.
    public static Loaded load(JournalReader journal, StreamId run, long at) {
        var state = RunState.EMPTY;
        var startedAt = Instant.EPOCH;
        var lastAt = Instant.EPOCH;
        while (state.sequence() < at) {
            var page =
                    journal.read(
                            run, state.sequence(), (int) Math.min(PAGE, at - state.sequence()));
            for (var entry : page) {
                if (state.sequence() == 0) {
                    startedAt = entry.event().at();
                }
                lastAt = entry.event().at();
                state = state.evolve(event(entry));
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return new Loaded(run, state, startedAt, lastAt);
    }

    /// Folds what came to a run since `state`.
    public static RunState proceed(JournalReader journal, StreamId run, RunState state) {
        var next = state;
        for (var page = journal.read(run, next.sequence(), PAGE);
                !page.isEmpty();
                page = journal.read(run, next.sequence(), PAGE)) {
            for (var entry : page) {
                next = next.evolve(event(entry));
            }
        }
        return next;
    }

    /// Whether nothing but people is left to move a run: it waits for them, or all that it has
    /// under way are runs, and messages to come, of which at least one run waits for them.
    ///
    /// Reads the runs that it waits for, and theirs, but not many: where there are more, or one
    /// cannot be read, it is not known to wait.
    public static boolean waitsForPeople(JournalReader journal, StreamId run, RunState state) {
        return new LookDown(journal).waits(run, state);
    }

    /// One look at the runs below a run. Each that it reads is counted, so it goes no deeper than
    /// it reads many.
    private static final class LookDown {
        private final JournalReader journal;
        private int runs;
        private long events;

        private LookDown(JournalReader journal) {
            this.journal = journal;
        }

        private boolean waits(StreamId run, RunState state) {
            if (state.status() != Status.RUNNING) {
                return state.status() == Status.WAITING || state.status() == Status.PAUSED;
            }
            if (state.counts().live() != state.open().size()
                    || state.open().values().stream()
                            .anyMatch(open -> open.doer() instanceof RunState.Doer.Agent)) {
                return isStuck(state);
            }
            var children =
                    state.open().values().stream()
                            .map(RunState.Open::doer)
                            .filter(RunState.Doer.Child.class::isInstance)
                            .map(RunState.Doer.Child.class::cast)
                            .toList();
            if (children.isEmpty()) {
                return isStuck(state);
            }
            return runs + children.size() <= MOST_RUNS
                    && children.stream()
                            .allMatch(child -> waits(StreamId.run(run.tenant(), child.run())));
        }

        private boolean waits(StreamId child) {
            runs++;
            try {
                events += journal.head(child);
                return runs <= MOST_RUNS
                        && events <= MOST_EVENTS
                        && waits(child, load(journal, child).state());
            } catch (RuntimeException _) {
                // A damaged run tells nothing; whoever goes on with it will say what is wrong.
                return false;
            }
        }
    }

    private static boolean isStuck(RunState state) {
        return state.questions().values().stream()
                .anyMatch(asked -> asked.question().purpose() == Question.Purpose.STALL);
    }

    /// The event of an entry.
    public static Event event(Entry entry) {
        return EventCodec.decode(
                entry.event().type(), entry.event().version(), entry.event().payload());
    }

    /// What makes a run want attention at once, since when it is looked at. Stores of an earlier
    /// time say what was known then of runs that nothing has happened to since.
    private enum Known {
        WORK,
        CIRCLES,
        LETTERS
    }

    /// When the run wants attention if no process holds it: at once while an agent is at work, a
    /// task is ready, a lock is held, others may wait for its messages while it waits for them, or
    /// agents may not have heard yet what was said.
    public static @Nullable Instant attention(RunState after) {
        return attention(after, Known.LETTERS);
    }

    /// Whether a store of any time may say `due` of a run.
    ///
    /// @param kept a time as the store keeps it
    public static boolean mayBeDue(
            RunState after, UnaryOperator<@Nullable Instant> kept, @Nullable Instant due) {
        return Arrays.stream(Known.values())
                .anyMatch(known -> Objects.equals(due, kept.apply(attention(after, known))));
    }

    private static @Nullable Instant attention(RunState after, Known known) {
        if (after.status().isFinal() || !after.started()) {
            return null;
        }
        boolean stirs =
                (after.ready() > 0 && !after.paused())
                        || (known.compareTo(Known.CIRCLES) >= 0
                                && Blocked.mayBe(after)
                                && Blocked.owes(after))
                        || (known.compareTo(Known.LETTERS) >= 0 && mayTell(after))
                        || after.open().values().stream().anyMatch(open -> stirs(after, open));
        return stirs ? Instant.EPOCH : after.nextDue().orElse(null);
    }

    /// Whether something was said that agents are still to take up: who has not heard it before a
    /// process is gone is told by the next one, and not when the time to answer is over.
    private static boolean mayTell(RunState after) {
        return after.choreographed()
                && !after.paused()
                && after.timers().keySet().stream().anyMatch(Timer.AnswerDue.class::isInstance);
    }

    private static boolean stirs(RunState state, RunState.Open open) {
        return open.doer() instanceof RunState.Doer.Agent
                || !state.task(open.task()).course().locks().isEmpty();
    }
}
