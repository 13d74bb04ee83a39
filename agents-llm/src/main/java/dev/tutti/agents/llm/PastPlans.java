package dev.tutti.agents.llm;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plans that reached goals like one, as the store remembers them.
final class PastPlans {
    /// So many are told.
    static final int MOST = 3;

    private static final Remembrance.Which PROCEDURES =
            new Remembrance.Which(null, Set.of("procedure"));
    private static final Logger LOG = LoggerFactory.getLogger(PastPlans.class);

    private final @Nullable Path store;
    private final Clock clock;
    private volatile @Nullable Supplier<JournalReader> journals;

    /// @param store its folder; an empty path for one without
    PastPlans(Path store, Clock clock) {
        this.store = store.toString().isEmpty() ? null : store;
        this.clock = clock;
    }

    /// Looked for when the first goal is planned.
    private static final class Known {
        private static final Optional<Remembrance> MEMORY =
                ServiceLoader.load(Remembrance.class).findFirst();
    }

    void reads(Supplier<JournalReader> readers) {
        journals = readers;
    }

    /// Whether runs are remembered here.
    boolean isKept() {
        return journals != null && Known.MEMORY.isPresent();
    }

    /// The nearest first, each as a sentence; none where nothing is remembered.
    List<String> like(String goal) throws InterruptedException {
        var readers = journals;
        if (readers == null || Known.MEMORY.isEmpty()) {
            return List.of();
        }
        try (var memories = Known.MEMORY.get().open(store, TenantId.LOCAL, readers)) {
            var found = memories.search(goal, PROCEDURES, MOST, true, clock.instant());
            var texts = new ArrayList<String>();
            if (found.get("memories") instanceof Value.Array(var items)) {
                for (var item : items) {
                    if (item instanceof Value.Struct memory
                            && memory.get("text") instanceof Value.Text(var text)) {
                        texts.add(text);
                    }
                }
            }
            return texts;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the plan is made without what is remembered: {}", e.getMessage());
            return List.of();
        }
    }
}
