/// Whole worlds from seeds, and what must be true of the simulator itself.
@NullMarked
package dev.tutti.simulation.world;

import org.jspecify.annotations.NullMarked;
