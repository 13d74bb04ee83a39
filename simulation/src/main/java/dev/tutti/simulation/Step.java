package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.runtime.journal.Entry;
import java.time.Instant;

/// An entry of a run's journal, decoded.
///
/// @param copied whether it came with the command that forked the run from another: what it tells
///   happened there, at another time and in another's places
record Step(Entry entry, Event event, boolean copied) {
    Instant at() {
        return entry.event().at();
    }
}
