package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks programs' own policies, away from the thread that decides for all runs.
public interface Chooser {

    /// Where no program has a policy.
    Chooser NONE = question -> Optional.of(question.unanswered("no program has it"));

    /// Asks a policy.
    ///
    /// @return the answer where it is known already; otherwise it comes by [Dispatcher#answered],
    ///   once, whatever the policy does
    Optional<Answer> ask(Question question);

    /// What a policy is asked.
    ///
    /// @param number unlike that of any other question
    /// @param policy its name
    /// @param options the agents that can do it, as they are now
    record Question(
            long number,
            StreamId run,
            TaskId task,
            String policy,
            DispatchPolicy.Asked asked,
            List<DispatchPolicy.Option> options) {
        public Question {
            options = List.copyOf(options);
        }

        /// That it has no answer.
        ///
        /// @param why after the name of the policy: "did not answer within 1 s"
        public Answer unanswered(String why) {
            return new Answer(number, null, "", why);
        }
    }

    /// What a policy gave.
    ///
    /// @param number of the question
    /// @param scores a score for each option, in their order; null where it gave none
    /// @param version of the policy
    /// @param why there are no scores
    record Answer(long number, double @Nullable [] scores, String version, String why) {}
}
