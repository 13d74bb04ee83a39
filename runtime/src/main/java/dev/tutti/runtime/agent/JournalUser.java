package dev.tutti.runtime.agent;

import dev.tutti.runtime.journal.JournalReader;
import java.util.function.Supplier;

/// An executor whose agents look at what the store has on record. Whoever makes it gives it
/// readers; an executor elsewhere, of a worker, gets none.
public interface JournalUser {

    /// Called before the first attempt.
    ///
    /// @param readers opens a reader for the calling thread, which closes it
    void reads(Supplier<JournalReader> readers);
}
