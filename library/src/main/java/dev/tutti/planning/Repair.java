package dev.tutti.planning;

import java.util.List;

/// One thing in a proposal that was mended.
///
/// @param kind what sort of mend
/// @param at where: the keys and indexes from the root of the proposal
/// @param done what was done, one sentence
public record Repair(Kind kind, List<String> at, String done) {

    public Repair {
        at = List.copyOf(at);
    }

    /// The sorts of mends. Each has one outcome only, and none adds to or takes from what the tasks
    /// do or what they are given.
    public enum Kind {
        /// Text before or behind the proposal, or marks of code around it, were left out.
        PROSE("text around the plan"),
        /// It is JSON but for commas too many, or names and words without quotes.
        LOOSE_JSON("loose JSON"),
        /// A name was made into an id.
        NAME("name made an id"),
        /// Of several tasks with one name the later were numbered.
        DUPLICATE_NAME("duplicate name numbered"),
        /// A dependency on nothing, which nothing uses, was dropped.
        DANGLING_DEPENDENCY("dangling dependency dropped"),
        /// A dependency of a task on itself was dropped.
        SELF_DEPENDENCY("dependency on itself dropped"),
        /// A dependency that was there twice was dropped once.
        DUPLICATE_DEPENDENCY("duplicate dependency dropped"),
        /// A dependency that may mean several tasks of one name holds for all of them, in the order
        /// in which they stand.
        AMBIGUOUS_DEPENDENCY("dependency between namesakes, in order"),
        /// Tasks are numbered from one where they could not be from zero.
        COUNTED_FROM_ONE("counted from one"),
        /// An argument that is null was left out.
        EMPTY_ARGUMENT("empty arguments left out"),
        /// What was written about a task, which nothing acts on, was left out.
        REMARK("remark left out");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// For people, a few words.
        public String words() {
            return words;
        }
    }
}
