package dev.tutti.core.event;

import java.util.List;

/// Where a version of a note comes from.
///
/// @param task who wrote it
/// @param token of the attempt whose result or deed it is; 0 for a result that a person gave
/// @param name tells apart what an attempt wrote while it worked; empty for what was made of the
///   result
/// @param read the versions of notes that the writer had seen
/// @param trust how far it can be relied on
public record Provenance(TaskId task, long token, String name, List<NoteRef> read, Trust trust) {
    public Provenance {
        read = List.copyOf(read);
    }

    /// How far what a note says can be relied on, the least first. What was made of something less
    /// trusted is no better than that.
    public enum Trust {
        /// It came with a message, or by a task that is said to bring things from outside.
        OUTSIDE,
        /// An agent of the team made it.
        AGENT,
        /// A person gave it.
        PERSON;

        /// As journals and pages say it.
        public String word() {
            return switch (this) {
                case OUTSIDE -> "outside";
                case AGENT -> "agent";
                case PERSON -> "person";
            };
        }
    }
}
