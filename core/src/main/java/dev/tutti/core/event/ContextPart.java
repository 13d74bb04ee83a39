package dev.tutti.core.event;

import org.jspecify.annotations.Nullable;

/// A part of what an attempt is given, or of what it could have been given and is not.
///
/// @param name the key of a note, `input` for what the task declares, or `53 more`
/// @param version of the note; 0 where it is none
/// @param tokens that it takes of the budget
/// @param score how much it bears on what is declared, from 0 to 1
/// @param why in a few words
/// @param value what is given instead of the whole, where it was made shorter; otherwise null
public record ContextPart(
        String name,
        int version,
        Fate fate,
        int tokens,
        double score,
        String why,
        @Nullable Value value) {

    /// What what a task declares is called.
    public static final String INPUT = "input";

    /// What became of a part.
    public enum Fate {
        WHOLE,
        COMPACTED,
        CUT;

        /// As journals and pages say it.
        public String word() {
            return switch (this) {
                case WHOLE -> "whole";
                case COMPACTED -> "compacted";
                case CUT -> "cut";
            };
        }
    }

    /// What the task declares.
    ///
    /// @param shorter what is given of it, or null where all is
    public static ContextPart input(int tokens, Value.@Nullable Struct shorter) {
        return shorter == null
                ? new ContextPart(INPUT, 0, Fate.WHOLE, tokens, 1, "declared", null)
                : new ContextPart(
                        INPUT,
                        0,
                        Fate.COMPACTED,
                        tokens,
                        1,
                        "declared, and longer than the budget",
                        shorter);
    }

    /// Whether it is a note of which something is given.
    public boolean isGivenNote() {
        return version > 0 && fate != Fate.CUT;
    }

    public NoteRef note() {
        return new NoteRef(name, version);
    }

    /// As people read it: `facts@3`, `input`, `53 more`.
    public String label() {
        return version > 0 ? note().toString() : name;
    }
}
