/// The journal: streams of events on disk, appended in batches, chained by hash, checked by epoch
/// and sequence.
///
/// All SQL is here. Nothing in this package knows what an event means for a run.
@NullMarked
package dev.tutti.runtime.journal;

import org.jspecify.annotations.NullMarked;
