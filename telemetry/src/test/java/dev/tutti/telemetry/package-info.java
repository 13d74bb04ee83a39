/// Telemetry, from projections of single events to a collector that a killed process comes back to.
@NullMarked
package dev.tutti.telemetry;

import org.jspecify.annotations.NullMarked;
