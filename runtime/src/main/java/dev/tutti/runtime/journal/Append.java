package dev.tutti.runtime.journal;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one stream wants to have appended: all of it or nothing.
///
/// @param stream where
/// @param expected the sequence of the stream's last entry, 0 for a new one; [#ANY] where it does
///   not matter
/// @param epoch of the owner that appends
/// @param entries in order; may be empty when only messages are consumed
/// @param outbox messages to other streams
/// @param consumed ids of messages that this append has handled
/// @param definitions kept with it, unless they are there already
/// @param due when the stream wants attention if nobody holds it then; [Instant#EPOCH] for at once,
///   null for never
public record Append(
        StreamId stream,
        long expected,
        long epoch,
        List<NewEntry> entries,
        List<Message> outbox,
        List<String> consumed,
        List<Definition> definitions,
        @Nullable Instant due) {

    /// For topics, which take entries from anyone in any order.
    public static final long ANY = -1;

    public Append {
        entries = List.copyOf(entries);
        outbox = List.copyOf(outbox);
        consumed = List.copyOf(consumed);
        definitions = List.copyOf(definitions);
    }

    /// What became of an append.
    public sealed interface Result {
        /// It is on disk.
        ///
        /// @param entries with their places
        record Committed(List<Entry> entries) implements Result {}

        /// The stream has moved on: someone else appended.
        record Conflict(long expected, long actual) implements Result {}

        /// A later owner has taken over; this one may write nothing any more.
        record Fenced(long epoch, long current) implements Result {}
    }
}
