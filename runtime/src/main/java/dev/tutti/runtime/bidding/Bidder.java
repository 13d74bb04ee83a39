package dev.tutti.runtime.bidding;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One who bids in its own words: an executor that is one of these as well is asked before the team
/// file is.
public interface Bidder {

    /// Answers what was announced. May block until the deadline; what comes later counts for
    /// nothing, and so does an answer to a task that was not announced.
    ///
    /// @return one answer for each task that it wants to say something to
    List<Reply> bid(Announcement announcement) throws InterruptedException;

    /// Tasks that were announced together.
    ///
    /// @param run whose they are
    /// @param agent who is asked
    /// @param self what it knows of itself
    /// @param tasks those that it may bid for
    /// @param otherwise what the team file would have it say
    record Announcement(
            String run,
            Agent agent,
            Self self,
            List<Action.Announce> tasks,
            List<Reply> otherwise) {
        public Announcement {
            tasks = List.copyOf(tasks);
            otherwise = List.copyOf(otherwise);
        }

        /// After which no answer counts.
        public @Nullable Instant deadline() {
            return tasks.isEmpty() ? null : tasks.getFirst().deadline();
        }

        /// What the team file would have it say to one of the tasks.
        public Optional<Reply> otherwise(Action.Announce task) {
            return otherwise.stream().filter(one -> one.task().equals(task.task())).findFirst();
        }

        /// What one of the tasks would be done with.
        public Value.Struct input(int task) {
            return tasks.get(task).input();
        }
    }
}
