package dev.tutti.runtime.dispatch;

import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.quota.Meter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Calls of attempts under way that wait until the quotas of their agents let them through.
///
/// A call takes what it needs of all its quotas at once or nothing. Those that wait are served in
/// the order in which they came, at each quota that they need, and before any attempt that is to
/// begin: what has a place goes on first, so that places come free.
final class Calls {
    private final Map<Call, List<Meter>> waiting = new LinkedHashMap<>();

    /// One that waits.
    ///
    /// @param name what the answer to the attempt is about
    record Call(StreamId run, long token, String name) {}

    /// Takes what a call needs, if all of it is there and nobody came before.
    boolean take(Call call, List<Meter> meters, Instant now) {
        if (waiting.containsKey(call)) {
            return false;
        }
        if (meters.stream().allMatch(meter -> !meter.isAwaited() && meter.letsCall(now))) {
            meters.forEach(Meter::call);
            return true;
        }
        waiting.put(call, meters);
        meters.forEach(Meter::await);
        return false;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Those that are let through now.
    List<Call> serve(Instant now) {
        var served = new ArrayList<Call>();
        Set<Meter> wanted = new LinkedHashSet<>();
        for (var one : waiting.entrySet()) {
            var meters = one.getValue();
            if (meters.stream().noneMatch(wanted::contains)
                    && meters.stream().allMatch(meter -> meter.letsCall(now))) {
                meters.forEach(Meter::call);
                served.add(one.getKey());
            } else {
                wanted.addAll(meters);
            }
        }
        served.forEach(this::leave);
        return served;
    }

    private void leave(Call call) {
        var meters = waiting.remove(call);
        if (meters != null) {
            meters.forEach(Meter::isServed);
        }
    }

    /// The attempt is over, and makes no call any more.
    void forget(StreamId run, long token) {
        var gone =
                waiting.keySet().stream()
                        .filter(call -> call.token() == token && call.run().equals(run))
                        .toList();
        gone.forEach(this::leave);
    }

    /// When the next is let through.
    Optional<Instant> next(Instant now) {
        Instant first = null;
        Set<Meter> wanted = new LinkedHashSet<>();
        for (var meters : waiting.values()) {
            if (meters.stream().noneMatch(wanted::contains)) {
                var next = now;
                for (var meter : meters) {
                    var lets = meter.next(now);
                    next = lets.isAfter(next) ? lets : next;
                }
                first = first == null || next.isBefore(first) ? next : first;
            }
            wanted.addAll(meters);
        }
        return Optional.ofNullable(first);
    }
}
