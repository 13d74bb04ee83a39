package dev.tutti.core.run;

import dev.tutti.core.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows from a command.
///
/// @param steps the events to append, in order; none when nothing changes
/// @param after the state once they are appended
/// @param rejection why the command was not carried out, or null
public record Decision(List<Step> steps, RunState after, @Nullable Rejection rejection) {
    public Decision {
        steps = List.copyOf(steps);
    }

    /// An event and the state that it is appended to.
    ///
    /// @param takenOver whether another run decided it: what it asked for was done there
    public record Step(RunState before, Event event, boolean takenOver) {}

    public List<Event> events() {
        return steps.stream().map(Step::event).toList();
    }

    /// Why a command was not carried out. A command that comes at the wrong time has one answer.
    ///
    /// @param code a stable word for programs
    /// @param message one sentence for people
    public record Rejection(String code, String message) {
        public static final Rejection NOT_STARTED =
                new Rejection("not_started", "the run has not started");
        public static final Rejection ALREADY_STARTED =
                new Rejection("already_started", "the run has started before");
        public static final Rejection ENDED = new Rejection("ended", "the run has ended");
        public static final Rejection NOT_DUE =
                new Rejection("not_due", "the timer is not set or not yet due");
        public static final Rejection DUPLICATE =
                new Rejection("duplicate", "the result of this attempt was accepted before");
        public static final Rejection LATE =
                new Rejection(
                        "late",
                        "the attempt was ended before it reported: it took too long, or"
                                + " nobody wants its result any more");
        public static final Rejection STALE =
                new Rejection("stale", "a later attempt has replaced this one");
        public static final Rejection UNKNOWN_ATTEMPT =
                new Rejection("unknown", "there never was such an attempt in this run");
    }

    /// A command makes no sense as things stand.
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }
}
