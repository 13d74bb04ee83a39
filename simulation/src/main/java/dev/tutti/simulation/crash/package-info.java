/// The kill loop: a process is killed at random moments while it works, and what it leaves is
/// opened, finished and checked.
@NullMarked
package dev.tutti.simulation.crash;

import org.jspecify.annotations.NullMarked;
