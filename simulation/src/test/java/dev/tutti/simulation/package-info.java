/// Canaries of the invariants, the golden journals, and two processes on one store.
@NullMarked
package dev.tutti.simulation;

import org.jspecify.annotations.NullMarked;
