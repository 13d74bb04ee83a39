/// The kill loop as it runs in the build.
@NullMarked
package dev.tutti.simulation.crash;

import org.jspecify.annotations.NullMarked;
