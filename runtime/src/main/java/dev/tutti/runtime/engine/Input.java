package dev.tutti.runtime.engine;

import dev.tutti.core.run.Command;
import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.StepTaken;
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

    /// What an attempt under way lets the engine know of itself. Never journaled.
    sealed interface Sign extends Input {
        /// Of the attempt.
        long token();

        @Override
        default String actor() {
            return "agent";
        }

        @Override
        default String id() {
            return "";
        }
    }

    /// An attempt gives a sign of life.
    record Alive(StreamId run, long token, Instant at) implements Sign {}

    /// An attempt is about to call somebody outside once more, and waits until it may.
    ///
    /// @param name what the answer to the attempt is about
    record Calling(StreamId run, long token, String name) implements Sign {}

    /// An attempt is about to take something that may have to be paid for, and waits until it is
    /// counted that it does: ended before its next step is on record, it is not known what it took.
    ///
    /// @param name what the answer to the attempt is about
    record Spending(StreamId run, long token, String name) implements Sign {}

    /// It is known what an attempt took, its steps and what it reports: nothing else.
    record Accounted(StreamId run, long token) implements Sign {}

    /// Whoever an attempt called wants to be left alone.
    record Busy(StreamId run, long token, Instant until) implements Sign {}

    /// A program's own policy has answered, or will not.
    record Chosen(StreamId run, Chooser.Answer answer) implements Sign {
        @Override
        public long token() {
            return 0;
        }
    }

    /// An attempt took a step, which is to be kept.
    ///
    /// @param stream where
    /// @param expected how many entries it has
    record Stepped(StreamId run, StreamId stream, long expected, StepTaken step, String actor)
            implements Input {
        @Override
        public String id() {
            return "";
        }

        /// What the answer to the attempt is about.
        public String name() {
            return name(step.number());
        }

        public static String name(int number) {
            return "step " + number;
        }
    }
}
