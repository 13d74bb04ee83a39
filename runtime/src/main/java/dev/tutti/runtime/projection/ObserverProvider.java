package dev.tutti.runtime.projection;

import dev.tutti.runtime.journal.JournalReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts what looks at a journal from outside while its store is owned, such as an export of
/// telemetry. Found by [java.util.ServiceLoader]; its heavy classes are loaded only when it is
/// wanted.
public interface ObserverProvider {

    /// Whether the environment variables ask for it.
    boolean wanted(Map<String, String> environment);

    /// Begins to look, on threads of its own. It may be late, and must never hold up or break what
    /// it looks at.
    Observer start(Observed observed);

    /// What is looked at.
    ///
    /// @param reader makes a reader for the thread that calls it
    /// @param position of the last entry when the store was taken
    /// @param folder of the store, where it may keep how far it is; null for a store in memory
    record Observed(
            Supplier<JournalReader> reader,
            long position,
            @Nullable Path folder,
            Map<String, String> environment) {}

    /// Someone who looks.
    interface Observer extends AutoCloseable {

        /// How far in the journal it is done: what comes later it has yet to see to.
        long position();

        /// Nothing more is written. Returns within a few seconds, whatever is left to do.
        @Override
        void close();
    }
}
