/// What can be said of a run from its journal alone, once it is written: the chain of waits that
/// took the time, where two runs part, which step a wrong value came from.
///
/// Pure functions over events. Nothing is decided, evaluated or performed again.
@NullMarked
package dev.tutti.core.history;

import org.jspecify.annotations.NullMarked;
