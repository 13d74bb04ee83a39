package dev.tutti.core.history;

import dev.tutti.core.event.Event;
import java.time.Instant;

/// An event and when it was written.
///
/// @param sequence its place in the journal of its run, from 1
public record Moment(long sequence, Instant at, Event event) {}
