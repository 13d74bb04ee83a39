package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.List;

/// A program's own way to choose the agent for a task, which team files name as `custom/NAME`.
///
/// Called on one thread of its own, for all runs one question after the other, while the task waits
/// in line and all else goes on: a policy that takes long holds up every task that asks for it.
/// What it gives is journaled with the assignment. Where it throws, does not score every option
/// with a number or takes longer than its [#timeout], the task goes to whoever's turn it is, and
/// the journal says why; one that takes longer is interrupted, and not asked again before it has
/// come back. The same where a question has waited five times as long, and a second at least, for
/// its turn.
@FunctionalInterface
public interface DispatchPolicy {

    /// How good each of the agents would be: greater is better. One that is not free is never
    /// chosen, whatever its score.
    ///
    /// @param options the agents that can do it, in the order of the team
    /// @return a score for each, in their order
    double[] scores(Asked asked, List<Option> options);

    /// How long it may take for a question, up to an hour. Asked once, before the first question,
    /// on the thread that decides for all runs: it is to say it at once.
    default Duration timeout() {
        return Duration.ofSeconds(1);
    }

    /// Told with each decision, so that it can be seen which rules held then; 300 characters of it.
    default String version() {
        return "1";
    }

    /// What is to be given away.
    record Asked(TaskId task, Value.Struct input) {}

    /// An agent that can do it.
    ///
    /// @param free whether it had a place when this was asked
    /// @param success the share of its results that is expected to be accepted
    /// @param doubt how far off that may be, as a standard deviation
    /// @param usd what an attempt is expected to cost
    /// @param seconds what it is expected to take
    record Option(
            AgentId agent,
            boolean free,
            double success,
            double doubt,
            double usd,
            double seconds) {}
}
