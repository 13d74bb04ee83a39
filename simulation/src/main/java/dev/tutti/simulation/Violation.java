package dev.tutti.simulation;

import dev.tutti.runtime.journal.StreamId;

/// One thing that does not hold.
///
/// @param invariant its id, `I1` to `I20`
/// @param sequence of the entry that shows it, 0 for the stream as a whole
/// @param sentence what is wrong
public record Violation(String invariant, StreamId stream, long sequence, String sentence) {
    @Override
    public String toString() {
        return invariant + " " + stream + "#" + sequence + ": " + sentence;
    }
}
