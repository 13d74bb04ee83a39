package dev.tutti.runtime.engine;

import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When streams are to be woken: one moment for each, however often it is set.
final class Alarms {
    private final Map<StreamId, Instant> moments = new LinkedHashMap<>();
    private final SortedSet<Alarm> order =
            new TreeSet<>(
                    Comparator.comparing(Alarm::at)
                            .thenComparing(alarm -> alarm.stream().toString()));

    private record Alarm(Instant at, StreamId stream) {}

    /// Wakes a stream then, and at no other moment; never, where there is none.
    void set(StreamId stream, @Nullable Instant at) {
        var before = at == null ? moments.remove(stream) : moments.put(stream, at);
        if (before != null && !before.equals(at)) {
            order.remove(new Alarm(before, stream));
        }
        if (at != null && !at.equals(before)) {
            order.add(new Alarm(at, stream));
        }
    }

    Optional<Instant> next() {
        return order.isEmpty() ? Optional.empty() : Optional.of(order.first().at());
    }

    /// Takes the stream that has been due the longest.
    Optional<StreamId> take(Instant now) {
        if (order.isEmpty() || order.first().at().isAfter(now)) {
            return Optional.empty();
        }
        var stream = order.first().stream();
        set(stream, null);
        return Optional.of(stream);
    }
}
