/// That the drill's bugs still fit the sources, and that some are found.
@NullMarked
package dev.tutti.simulation.drill;

import org.jspecify.annotations.NullMarked;
