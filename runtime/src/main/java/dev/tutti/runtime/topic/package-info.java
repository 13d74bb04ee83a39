/// Topics: messages that are published, and who waits for which of them.
///
/// Knows what a message is, what is remembered of a topic, and whom a message is for. Appends
/// nothing: the engine does.
@NullMarked
package dev.tutti.runtime.topic;

import org.jspecify.annotations.NullMarked;
