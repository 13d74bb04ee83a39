package dev.tutti.simulation.world;

import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.engine.Deed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// I31: no more calls are let through than a quota allows, in any window of its length, whichever
/// processes let them: the first of an attempt as it begins, and each further one. Nor does a
/// process let one through while the calls that it let through within the window are known to have
/// read and written more than the quota allows; what the others will is not known before they
/// report, and what those of another process did is known to that one alone.
///
/// By the world's time, as whoever is called counts; what was before the process's clock jumped is
/// forgotten. An attempt that agents gave away among themselves was let through when its place was
/// set aside, which was earlier: its first call is not counted.
final class Rates {
    private final World world;
    private final Map<String, Deque<Instant>> calls = new HashMap<>();
    private final Map<String, Deque<Read>> reads = new HashMap<>();
    private Instant since = Instant.MIN;

    /// What a call read and wrote.
    ///
    /// @param at when it was let through
    /// @param known when that was known
    private record Read(Instant at, Instant known, long tokens) {}

    Rates(World world) {
        this.world = world;
    }

    void clear() {
        calls.clear();
        another();
    }

    /// Another process takes over.
    void another() {
        reads.clear();
        since = world.now();
    }

    void begun(Deed.Perform deed) {
        var terms = deed.team().terms();
        var own = terms.of(deed.workflow(), deed.attempt().task().name());
        boolean claimed =
                own.choice().isByAgents()
                        || terms.choice().isByAgents()
                        || terms.workflows().containsKey(deed.workflow());
        if (!claimed) {
            called(deed);
        }
    }

    void called(Deed.Perform deed) {
        var terms = deed.team().terms();
        for (var name : terms.of(deed.attempt().agent()).quotas()) {
            terms.quota(name)
                    .map(Terms.Quota::requests)
                    .ifPresent(rate -> called(deed, name, rate));
            terms.quota(name).map(Terms.Quota::tokens).ifPresent(rate -> mayRead(deed, name, rate));
        }
    }

    /// It is known what a call read and wrote.
    ///
    /// @param at when it was let through
    void read(Deed.Perform deed, Instant at, long tokens) {
        if (at.isBefore(since)) {
            return;
        }
        for (var name : deed.team().terms().of(deed.attempt().agent()).quotas()) {
            reads.computeIfAbsent(name, _ -> new ArrayDeque<>())
                    .add(new Read(at, world.now(), tokens));
        }
    }

    /// What is known in this turn alone was not known when the call was let through.
    private void mayRead(Deed.Perform deed, String quota, Terms.Rate rate) {
        var now = world.now();
        var lately = reads.computeIfAbsent(quota, _ -> new ArrayDeque<>());
        lately.removeIf(one -> !one.at().isAfter(now.minus(rate.per())));
        long tokens =
                lately.stream()
                        .filter(one -> one.known().isBefore(now))
                        .mapToLong(Read::tokens)
                        .sum();
        if (tokens > rate.count()) {
            world.violated(
                    "I31",
                    deed.run(),
                    tokens
                            + " tokens within "
                            + rate.per().toSeconds()
                            + " s by quota `"
                            + quota
                            + "` of "
                            + rate.count());
        }
    }

    private void called(Deed.Perform deed, String quota, Terms.Rate rate) {
        var now = world.now();
        var lately = calls.computeIfAbsent(quota, _ -> new ArrayDeque<>());
        while (!lately.isEmpty() && !lately.element().isAfter(now.minus(rate.per()))) {
            lately.remove();
        }
        lately.add(now);
        if (lately.size() > rate.count()) {
            world.violated(
                    "I31",
                    deed.run(),
                    lately.size()
                            + " calls within "
                            + rate.per().toSeconds()
                            + " s by quota `"
                            + quota
                            + "` of "
                            + rate.count());
        }
    }
}
