/// Recordings: what the attempts of a run asked of models and tools, and what these gave, apart
/// from the run.
@NullMarked
package dev.tutti.runtime.recording;

import org.jspecify.annotations.NullMarked;
