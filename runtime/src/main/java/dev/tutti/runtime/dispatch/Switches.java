package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/// The agents of a store that are switched off, as its journal says.
public final class Switches {
    private static final int PAGE = 1_000;

    /// Requests that are known again when they come twice: the newest.
    private static final int MOST_KNOWN = 10_000;

    private final SortedMap<AgentId, Off> off = new TreeMap<>(Comparator.comparing(AgentId::value));
    private final SequencedSet<String> requests = new LinkedHashSet<>();

    /// That an agent is switched off.
    ///
    /// @param by who did it
    /// @param reason in words; may be empty
    public record Off(Instant since, String by, String reason) {}

    /// Folds what the journal has.
    public static Switches of(JournalReader journal) {
        var switches = new Switches();
        var stream = StreamId.agents(TenantId.LOCAL);
        long sequence = 0;
        while (true) {
            var page = journal.read(stream, sequence, PAGE);
            for (var entry : page) {
                var event = entry.event();
                switches.fold(Switched.of(entry), event.at(), event.actor(), event.cause());
            }
            if (page.size() < PAGE) {
                return switches;
            }
            sequence = page.getLast().sequence();
        }
    }

    /// One more fact.
    ///
    /// @param request that it came of
    public void fold(Switched fact, Instant at, String by, String request) {
        requests.add(request);
        if (requests.size() > MOST_KNOWN) {
            requests.removeFirst();
        }
        if (fact.on()) {
            off.remove(fact.agent());
        } else {
            off.putIfAbsent(fact.agent(), new Off(at, by, fact.reason()));
        }
    }

    /// Whether a request has been carried out: one that comes twice is carried out once.
    public boolean knows(String request) {
        return requests.contains(request);
    }

    public boolean isOff(AgentId agent) {
        return off.containsKey(agent);
    }

    /// Since when an agent is off, and why; empty where it is on.
    public Optional<Off> find(AgentId agent) {
        return Optional.ofNullable(off.get(agent));
    }

    /// All that are off, by name.
    public Map<AgentId, Off> all() {
        return Collections.unmodifiableMap(off);
    }
}
