/// Shows that the simulator bites: known bugs, kept as patches, are put into a copy of the sources
/// one at a time, and worlds are played until an invariant does not hold.
@NullMarked
package dev.tutti.simulation.drill;

import org.jspecify.annotations.NullMarked;
