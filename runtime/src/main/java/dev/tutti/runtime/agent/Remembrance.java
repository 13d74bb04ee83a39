package dev.tutti.runtime.agent;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.JournalReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is remembered from run to run, as documents for programs and pages. Found by
/// [java.util.ServiceLoader]; what it needs is loaded when it is opened.
public interface Remembrance {

    /// Opens what a tenant of a store remembers.
    ///
    /// @param store the folder of the store, or null for one without a disk
    /// @param journals opens a reader of the store
    Memories open(@Nullable Path store, TenantId tenant, Supplier<JournalReader> journals)
            throws IOException;

    /// Which memories.
    ///
    /// @param about only what is about this person or thing, or null for all
    /// @param kinds only these, `fact`, `episode` or `procedure`; empty for all
    record Which(@Nullable String about, Set<String> kinds) {
        public static final Which ALL = new Which(null, Set.of());

        public Which {
            kinds = Set.copyOf(kinds);
        }
    }

    /// Publishes a message on the topic of memory.
    interface Telling {
        void tell(String type, @Nullable String about, Value data) throws InterruptedException;
    }

    /// The memories of one tenant. Every look is at the journal as it is then; safe to use from
    /// several threads. What makes no sense is an [IllegalArgumentException].
    interface Memories extends Closeable {

        /// Finds by words and, where that works and is wanted, by meaning.
        Value.Struct search(String query, Which which, int most, boolean byMeaning, Instant now)
                throws IOException, InterruptedException;

        /// The newest first, and how many there are.
        Value.Struct list(Which which, int limit, Instant now)
                throws IOException, InterruptedException;

        /// One, and who told it; empty when it is not remembered.
        Optional<Value.Struct> show(String id, Instant now)
                throws IOException, InterruptedException;

        /// All of them, the oldest first.
        List<Value.Struct> export(Which which, Instant now)
                throws IOException, InterruptedException;

        /// Forgets one, or all about somebody, and says what stays on record. The files beside the
        /// store no longer have it when this returns.
        ///
        /// @param telling how it is told; null to say only what would be forgotten
        /// @return empty when nothing is remembered, or on record, of that
        Optional<Value.Struct> forget(
                @Nullable String id, @Nullable String about, @Nullable Telling telling, Instant now)
                throws IOException, InterruptedException;

        /// Tells a fact, as messages of type `fact` have it.
        ///
        /// @param about whom or what it is about, or null for nobody
        /// @return the memory that it is in now, which may be one that it confirms; empty when it
        ///   is forgotten already, since it has expired
        Optional<Value.Struct> remember(
                Value.Struct fact, @Nullable String about, Telling telling, Instant now)
                throws IOException, InterruptedException;

        /// How long memories count and are kept.
        ///
        /// @param change what is to hold from now on; nothing to change nothing
        Value.Struct rules(Value.Struct change, Telling telling, Instant now)
                throws IOException, InterruptedException;
    }
}
