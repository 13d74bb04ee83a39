/// What is told as it happens, by server-sent events: each reader has a virtual thread of its own
/// that writes at the reader's pace, and is woken when the journal has grown.
///
/// Nothing waits in a queue for a slow reader: it is given what is new when it can take it, and cut
/// when it takes nothing.
@NullMarked
package dev.tutti.server.live;

import org.jspecify.annotations.NullMarked;
