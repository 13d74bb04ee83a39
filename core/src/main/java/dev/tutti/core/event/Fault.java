package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing wrong with what was given, with its place and the mend.
///
/// @param code stable, such as `E-REF-02`; `tutti explain` knows it. `W-` codes are warnings.
/// @param message one sentence
/// @param at where: the keys and indexes from the root of the document, `["workflows", "answer",
///   "tasks"]`
/// @param span the characters within the text at that place, or null for all of it
/// @param label what the marked characters are, a few words
/// @param help what to write instead, or null where there is no single answer
public record Fault(
        String code,
        String message,
        List<String> at,
        @Nullable Span span,
        String label,
        @Nullable String help) {

    /// Characters `from` (inclusive) to `to` (exclusive) of a text.
    public record Span(int from, int to) {}

    public Fault {
        at = List.copyOf(at);
    }

    public boolean isWarning() {
        return code.startsWith("W-");
    }

    /// One sentence for whoever is to mend it, with its place and what helps.
    public String told() {
        return (at.isEmpty() ? "" : String.join(".", at) + ": ")
                + message
                + (help == null ? "" : " (" + help + ")");
    }

    @Override
    public String toString() {
        return code
                + " at "
                + String.join(".", at)
                + ": "
                + message
                + (help == null ? "" : " (" + help + ")");
    }
}
