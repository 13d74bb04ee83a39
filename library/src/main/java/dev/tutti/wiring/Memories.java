package dev.tutti.wiring;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Recollection;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the tenants of a store remember, each opened when an attempt first asks for it.
final class Memories implements Recollection, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Memories.class);

    private final @Nullable Path store;
    private final Supplier<JournalReader> journals;
    private final Clock clock;
    private final Map<TenantId, Remembrance.Memories> open = new HashMap<>();

    /// @param store its folder, or null for one without
    Memories(@Nullable Path store, Supplier<JournalReader> journals, Clock clock) {
        this.store = store;
        this.journals = journals;
        this.clock = clock;
    }

    @Override
    public List<Value.Struct> search(
            TenantId tenant, String query, Remembrance.Which which, int most)
            throws IOException, InterruptedException {
        var found = of(tenant).search(query, which, most, true, clock.instant()).get("memories");
        return found instanceof Value.Array(var items)
                ? items.stream()
                        .filter(Value.Struct.class::isInstance)
                        .map(Value.Struct.class::cast)
                        .toList()
                : List.of();
    }

    private synchronized Remembrance.Memories of(TenantId tenant) throws IOException {
        var known = open.get(tenant);
        if (known == null) {
            known =
                    ServiceLoader.load(Remembrance.class)
                            .findFirst()
                            .orElseThrow(Recollection::nothing)
                            .open(store, tenant, journals);
            open.put(tenant, known);
        }
        return known;
    }

    @Override
    public synchronized void close() {
        for (var one : open.values()) {
            try {
                one.close();
            } catch (IOException e) {
                LOG.warn("what is remembered was not closed: {}", e.getMessage());
            }
        }
        open.clear();
    }
}
