/// The vocabulary: ids, the small values that every stage shares, and the events themselves.
///
/// Everything else in the core imports this package; it imports nothing of ours. No behaviour lives
/// here beyond what a value knows of itself.
@NullMarked
package dev.tutti.core.event;

import org.jspecify.annotations.NullMarked;
