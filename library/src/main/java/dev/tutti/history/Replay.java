package dev.tutti.history;

import dev.tutti.core.event.Event;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A run folded again from its first event. Nothing is evaluated, decided or performed.
///
/// Two folds go side by side: of the events as they are stored, and of the same events written and
/// read again. They must have the same digest after every event, and every event must be written as
/// it is stored. Reading checks the chain of hashes.
///
/// @param events how many were folded
/// @param digest of the state after the last of them
/// @param compared after how many events the digests were compared
/// @param mismatch the first thing that does not hold, if any
public record Replay(long events, String digest, long compared, Optional<Mismatch> mismatch) {
    private static final int PAGE = 2_000;

    /// The tasks of all states that are compared may come to as many: about two seconds.
    private static final long MOST_TASKS = 500_000;

    /// Something that does not hold.
    ///
    /// @param sequence the event after which it shows
    /// @param what one sentence
    public record Mismatch(long sequence, String what) {}

    /// How much is compared.
    public enum Reach {
        /// After every event, as long as that takes no more than a moment; in a long run after as
        /// many as that allows, evenly spread, and after the last.
        USUAL,
        /// After every event, however long it takes.
        EVERY
    }

    /// Folds a run again.
    ///
    /// @param digests is given each digest that was made, and the event after which
    /// @param watch told now and then how far it is
    public static Replay of(
            JournalReader journal,
            StreamId run,
            Reach reach,
            BiConsumer<Long, String> digests,
            Watch watch) {
        var folding = new Folding(journal.head(run), reach, digests);
        try {
            while (folding.mismatch == null) {
                var page = journal.read(run, folding.read.sequence(), PAGE);
                for (var entry : page) {
                    folding.see(entry);
                    watch.at(entry.sequence(), folding.head);
                }
                if (page.size() < PAGE) {
                    break;
                }
            }
        } catch (JournalException e) {
            folding.mismatch =
                    new Mismatch(folding.read.sequence() + 1, String.valueOf(e.getMessage()));
        }
        return new Replay(
                folding.read.sequence(),
                Digest.of(folding.read),
                folding.compared,
                Optional.ofNullable(folding.mismatch));
    }

    private static final class Folding {
        private final long head;
        private final Reach reach;
        private final BiConsumer<Long, String> digests;
        private RunState read = RunState.EMPTY;
        private RunState again = RunState.EMPTY;
        private long compared;
        private long tasks;
        private @Nullable Mismatch mismatch;

        Folding(long head, Reach reach, BiConsumer<Long, String> digests) {
            this.head = head;
            this.reach = reach;
            this.digests = digests;
        }

        void see(Entry entry) {
            if (mismatch != null) {
                return;
            }
            var event = Runs.event(entry);
            var written = EventCodec.encode(event);
            var stored = entry.event();
            if (stored.version() == written.version()
                    && !Arrays.equals(stored.payload(), written.payload())) {
                mismatch =
                        new Mismatch(
                                entry.sequence(),
                                "a " + stored.type() + " is not written again as it is stored");
                return;
            }
            fold(entry.sequence(), event, written);
        }

        private void fold(long sequence, Event event, EventCodec.Encoded written) {
            try {
                read = read.evolve(event);
                again =
                        again.evolve(
                                EventCodec.decode(
                                        written.type(), written.version(), written.payload()));
            } catch (IllegalStateException e) {
                mismatch =
                        new Mismatch(sequence, "it cannot be folded from here: " + e.getMessage());
                return;
            }
            if (sequence == head || isDue(sequence)) {
                compare(sequence);
            }
        }

        /// Whether the tasks looked at so far leave room, the rest of the run in mind.
        private boolean isDue(long sequence) {
            return reach == Reach.EVERY || tasks <= MOST_TASKS * sequence / Math.max(1, head);
        }

        private void compare(long sequence) {
            compared++;
            tasks += read.tasks().size() + read.graph().nodes().size();
            var one = Digest.of(read);
            var other = Digest.of(again);
            digests.accept(sequence, one);
            if (!one.equals(other)) {
                mismatch =
                        new Mismatch(
                                sequence,
                                "the digest is "
                                        + one
                                        + ", and "
                                        + other
                                        + " once the events are written and read again");
            }
        }
    }
}
