package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.runtime.journal.Entry;
import java.time.Instant;

/// An entry of a run's journal, decoded.
record Step(Entry entry, Event event) {
    Instant at() {
        return entry.event().at();
    }
}
