package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Who has had how much of the places of a team: tenants by their weights, and the runs of each
/// tenant by theirs.
final class Shares {
    /// Runs whose weights are known at once.
    private static final int MOST = 10_000;

    private final Turns<TenantId> tenants;
    private final Map<TenantId, Turns<StreamId>> runs = new HashMap<>();

    /// Of runs that are to have more or less than the others, the latest that asked.
    private final Map<StreamId, Double> weights =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<StreamId, Double> eldest) {
                    return size() > MOST;
                }
            };

    Shares(ToDoubleFunction<TenantId> weight) {
        tenants = new Turns<>(weight);
    }

    Turns<TenantId> tenants() {
        return tenants;
    }

    Turns<StreamId> runs(TenantId tenant) {
        return runs.computeIfAbsent(tenant, _ -> new Turns<>(this::weight));
    }

    private double weight(StreamId run) {
        return weights.getOrDefault(run, 1.0);
    }

    /// How much a run is to have, compared with the others.
    void weigh(StreamId run, double weight) {
        if (weight != 1) {
            weights.put(run, weight);
        }
    }

    /// The run wants nothing more.
    void forget(StreamId run) {
        weights.remove(run);
    }

    /// A task was served that needed not wait.
    void served(StreamId run) {
        tenants.served(run.tenant(), tenants.next(run.tenant()));
        var own = runs(run.tenant());
        own.served(run, own.next(run));
    }
}
