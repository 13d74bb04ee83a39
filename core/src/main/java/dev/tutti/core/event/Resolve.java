package dev.tutti.core.event;

import dev.tutti.core.event.Task.Performer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How several results become one.
///
/// @param by the strategy
/// @param on the field of a result that is compared with others, or null for its answer
/// @param below what is less probable than this is not handed on before `then` was tried
/// @param then who decides what the strategy could not, one after the other; what none of them
///   decides is handed on as the strategy has it, with its dissent
/// @param meaning whether answers in other words are the same where they mean the same
public record Resolve(By by, @Nullable String on, double below, List<Step> then, boolean meaning) {
    /// The most that may be asked, one after the other.
    public static final int MOST_STEPS = 4;

    public Resolve {
        then = List.copyOf(then);
        if (below < 0 || below > 1 || then.size() > MOST_STEPS) {
            throw new IllegalArgumentException("below " + below + ", then " + then);
        }
    }

    /// Where answers are the same by their words.
    public Resolve(By by, @Nullable String on, double below, List<Step> then) {
        this(by, on, below, then, false);
    }

    /// A strategy that hands on what comes out, however sure it is.
    public Resolve(By by) {
        this(by, null, 0, List.of());
    }

    /// In how many rounds answers are told of each other's, at most: 0 where they are not.
    public int rounds() {
        return by instanceof By.Debate(var rounds) ? rounds : 0;
    }

    /// A strategy.
    public sealed interface By {
        /// The list of all.
        record Collect() implements By {}

        /// What an expression makes of `output`, the list of all.
        record Template(String text) implements By {}

        /// One object: lists joined, objects merged, numbers their median where the skill declares
        /// a number, other fields decided by vote.
        record Merge() implements By {}

        /// What an expression makes of `output`, the result so far, and `item`, the next one.
        record Reduce(String text) implements By {}

        /// The first that says something.
        record FirstGood() implements By {}

        /// The one that `k` agree on.
        record KOfN(int k) implements By {}

        /// The one that whoever is first in `then` chooses.
        record BestOf() implements By {}

        /// One that whoever is first in `then` writes of all, and says which of them it rests on.
        record Compose() implements By {}

        /// What whoever is first in `then` makes of all, once it was told who gave what and how
        /// probable each answer is; it is asked where all agree as well.
        record Custom() implements By {}

        /// The one with most voices, once those who gave answers were told of each other's, as long
        /// as they differ and somebody still changes their mind.
        ///
        /// @param rounds in which they are told, at most
        record Debate(int rounds) implements By {
            public static final int MOST_ROUNDS = 5;

            public Debate {
                if (rounds < 1 || rounds > MOST_ROUNDS) {
                    throw new IllegalArgumentException("rounds " + rounds);
                }
            }
        }

        /// The one with most voices.
        record Vote() implements By {}

        /// The most probable one, by what is known of each agent.
        record WeightedVote() implements By {}

        /// Every sentence, with its sources.
        record Cite() implements By {}

        /// The mean of the numbers without outliers.
        ///
        /// @param tolerance how far from the middle a number is never an outlier
        record Numeric(double tolerance) implements By {}
    }

    /// Who decides.
    public sealed interface Step {
        /// An agent looks at the answers; it gives the number of one as `choice`, and how sure it
        /// is as `confidence`. Where the strategy is to compose, it gives an answer of its own;
        /// where it is its own, that as `output`, or a `choice`.
        record Judge(Performer performer) implements Step {}

        /// A person is asked.
        record Ask() implements Step {}
    }
}
