/// The owners of runs as step functions: inputs go in, appends come out, and once these are on
/// disk, what to do.
///
/// No thread, lock, clock or randomness; the driver calls it from one thread, the simulator in a
/// loop.
@NullMarked
package dev.tutti.runtime.engine;

import org.jspecify.annotations.NullMarked;
