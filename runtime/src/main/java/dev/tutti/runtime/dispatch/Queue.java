package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.StreamId;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The tasks in line for the same kind of place, in the order in which they get one.
///
/// First the tenant whose turn it is, by weight, so that who asks for much keeps nobody waiting; of
/// its tasks those of the highest priority; of these the run whose turn it is; and of its tasks the
/// one with the longest way to go after it. Each rule decides only among those that the one before
/// leaves.
final class Queue {
    private final Shares shares;
    private final Fair<TenantId, NavigableMap<Integer, Fair<StreamId, PriorityQueue<Waiting>>>>
            tenants;
    private int size;

    /// A task in line.
    record Waiting(Want want, long arrival) {
        private static final Comparator<Waiting> ORDER =
                Comparator.comparing(Waiting::want, Want.ORDER).thenComparingLong(Waiting::arrival);
    }

    /// @param weights how much a tenant is to have, compared with the others
    Queue(ToDoubleFunction<TenantId> weights) {
        shares = new Shares(weights);
        tenants = new Fair<>(shares.tenants(), Map::isEmpty);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /// A task was served that needed not wait.
    void passed(Want want) {
        shares.weigh(want.run(), want.wish().weight());
        shares.served(want.run());
    }

    /// Everyone leaves.
    void clear() {
        tenants.clear();
        size = 0;
    }

    void add(Waiting waiting) {
        var want = waiting.want();
        var tenant = want.run().tenant();
        shares.weigh(want.run(), want.wish().weight());
        tenants.of(tenant, () -> new TreeMap<>(Comparator.reverseOrder()))
                .computeIfAbsent(
                        want.wish().priority(),
                        _ -> new Fair<>(shares.runs(tenant), PriorityQueue::isEmpty))
                .of(want.run(), () -> new PriorityQueue<>(Waiting.ORDER))
                .add(waiting);
        size++;
    }

    /// The first, who stays.
    Waiting first() {
        var tenant = tenants.first();
        if (tenant == null) {
            throw new IllegalStateException("nobody is in line");
        }
        return head(band(tenant)).element();
    }

    /// The first is served.
    Want remove() {
        var tenant = tenants.first();
        if (tenant == null) {
            throw new IllegalStateException("nobody is in line");
        }
        var bands = bands(tenant);
        var band = bands.firstEntry();
        var served = head(band.getValue()).remove();
        band.getValue().served();
        if (band.getValue().isEmpty()) {
            bands.remove(band.getKey());
        }
        tenants.served();
        size--;
        return served.want();
    }

    /// The tasks of a run leave.
    void remove(StreamId run) {
        shares.forget(run);
        var bands = tenants.get(run.tenant());
        if (bands == null) {
            return;
        }
        for (var band : bands.values()) {
            var own = band.get(run);
            if (own != null) {
                size -= own.size();
                own.clear();
                band.drop(run);
            }
        }
        bands.values().removeIf(Fair::isEmpty);
        tenants.drop(run.tenant());
    }

    /// The tasks of a run that are in line.
    Stream<Want> of(StreamId run) {
        var bands = tenants.get(run.tenant());
        return bands == null
                ? Stream.empty()
                : bands.values().stream()
                        .map(band -> band.get(run))
                        .filter(own -> own != null)
                        .flatMap(own -> own.stream().map(Waiting::want));
    }

    private Fair<StreamId, PriorityQueue<Waiting>> band(TenantId tenant) {
        return bands(tenant).firstEntry().getValue();
    }

    private NavigableMap<Integer, Fair<StreamId, PriorityQueue<Waiting>>> bands(TenantId tenant) {
        var bands = tenants.get(tenant);
        if (bands == null) {
            throw new IllegalStateException("tenant " + tenant + " is not in line");
        }
        return bands;
    }

    private static PriorityQueue<Waiting> head(Fair<StreamId, PriorityQueue<Waiting>> band) {
        var run = band.first();
        var own = run == null ? null : band.get(run);
        if (own == null) {
            throw new IllegalStateException("a band of nobody");
        }
        return own;
    }
}
