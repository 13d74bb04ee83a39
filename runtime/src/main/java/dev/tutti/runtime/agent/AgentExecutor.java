package dev.tutti.runtime.agent;

import dev.tutti.core.event.Outcome;

/// Performs the attempts of one agent.
///
/// Each attempt comes on a virtual thread of its own, as many at once as the agent's limits allow,
/// so an executor may block but must be safe to call concurrently. An attempt that the run no
/// longer wants is interrupted.
public interface AgentExecutor extends AutoCloseable {

    /// Does the task and says how it went. What it throws counts as a transient failure, except
    /// that [IllegalArgumentException] is a permanent one: the same input would be refused again.
    Outcome perform(Attempt attempt) throws Exception;

    /// Whether everything that it does outside goes through [Attempt#effect]. Where not, and a task
    /// must be done at most once, the whole attempt counts as one effect.
    default boolean reportsEffects() {
        return true;
    }

    /// Whether it says of each thing that may have to be paid for that it begins it
    /// ([Attempt#spending]), and by its steps what it took. Where not, nothing is known of what an
    /// attempt took before it has reported.
    default boolean reportsUsage() {
        return false;
    }

    /// Work that outlives attempts and may go on when nothing else is to do, such as finishing an
    /// index.
    default Upkeep upkeep() {
        return Upkeep.NONE;
    }

    /// Releases what it holds. Called once, after the last attempt has ended.
    @Override
    default void close() {}
}
