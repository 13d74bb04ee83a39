/// The only threads and the only clock of the runtime: turns the engine's crank and runs the
/// agents' work.
@NullMarked
package dev.tutti.runtime.driver;

import org.jspecify.annotations.NullMarked;
