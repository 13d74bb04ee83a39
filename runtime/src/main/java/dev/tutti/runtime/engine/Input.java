package dev.tutti.runtime.engine;

import dev.tutti.core.run.Command;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something for the owner of a run to handle.
public sealed interface Input {

    /// Whose.
    StreamId run();

    /// Who asks: `engine`, `agent/reader`, a person.
    String actor();

    /// Unique among requests; empty for what comes from inside.
    String id();

    /// From inside: an agent reports, a timer is due, a place became free.
    record Told(StreamId run, Command command, String actor) implements Input {
        @Override
        public String id() {
            return "";
        }
    }

    /// From outside: someone wants something.
    ///
    /// @param message the id of the message that brought it, or null when it came within this
    ///   process
    record Asked(StreamId run, Request request, String actor, String id, @Nullable String message)
            implements Input {}

    /// An attempt gives a sign of life. Never journaled.
    record Alive(StreamId run, long token, Instant at) implements Input {
        @Override
        public String actor() {
            return "agent";
        }

        @Override
        public String id() {
            return "";
        }
    }
}
