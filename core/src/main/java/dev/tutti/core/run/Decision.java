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
    public record Step(RunState before, Event event) {}

    public List<Event> events() {
        return steps.stream().map(Step::event).toList();
    }

    /// The one answer to each kind of command that comes at the wrong time.
    public enum Rejection {
        NOT_STARTED("the run has not started"),
        ALREADY_STARTED("the run has started before"),
        ENDED("the run has ended"),
        UNKNOWN_ATTEMPT(
                "no such attempt is under way: its result came twice, too late, or for another run"),
        NOT_DUE("the timer is not set or not yet due");

        private final String message;

        Rejection(String message) {
            this.message = message;
        }

        public String message() {
            return message;
        }
    }
}
