package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Who has had how much of the places of a team: tenants by their weights, and the runs of each
/// tenant alike.
final class Shares {
    private final Turns<TenantId> tenants;
    private final Map<TenantId, Turns<StreamId>> runs = new HashMap<>();

    Shares(ToDoubleFunction<TenantId> weight) {
        tenants = new Turns<>(weight);
    }

    Turns<TenantId> tenants() {
        return tenants;
    }

    Turns<StreamId> runs(TenantId tenant) {
        return runs.computeIfAbsent(tenant, _ -> new Turns<>(_ -> 1.0));
    }

    /// A task was served that needed not wait.
    void served(StreamId run) {
        tenants.served(run.tenant(), tenants.next(run.tenant()));
        var own = runs(run.tenant());
        own.served(run, own.next(run));
    }
}
