/// Refunds under kill -9.
@NullMarked
package dev.tutti.simulation.refund;

import org.jspecify.annotations.NullMarked;
