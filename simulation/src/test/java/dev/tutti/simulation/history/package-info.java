/// Looking back at runs of random plans, against answers found by brute force or known beforehand.
@NullMarked
package dev.tutti.simulation.history;

import org.jspecify.annotations.NullMarked;
